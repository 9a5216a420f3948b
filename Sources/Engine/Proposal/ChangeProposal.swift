public import Model

/// How long old names go on working after a change set was committed.
public enum OldNamePolicy: Hashable, Sendable {
    /// They go at once.
    case none
    /// They go after this many nanoseconds.
    case nanoseconds(Int64)
    /// They stay.
    case forever
}

/// A file that is to get another name.
public struct ProposedMove: Hashable, Sendable {
    /// The attachment the file belongs to.
    public var attachment: AttachmentID
    /// What the file is in its family.
    public var role: String
    /// Its path now.
    public var old: MediaPath
    /// Its path afterwards.
    public var new: MediaPath
    /// Why the old name has to stay; nil where nothing is known that needs it.
    public var keepReason: FileMoveRecord.KeepReason?
    /// What to make the file from where it is gone; nil where that is no reason to do anything.
    public var fallback: Fallback?

    /// A stored original.
    ///
    /// A class, because only reverts have any: a value would take its room in every move of a bulk
    /// rename.
    public final class Fallback: Hashable, Sendable {
        /// The file's status when it was stored.
        public let status: FileStatus
        /// Its content.
        public let digest: ContentDigest

        /// Creates a description of a stored original.
        public init(status: FileStatus, digest: ContentDigest) {
            self.status = status
            self.digest = digest
        }

        /// Whether both are the same original of the same file.
        public static func == (left: Fallback, right: Fallback) -> Bool {
            left.digest == right.digest && left.status == right.status
        }

        /// Hashes what tells originals apart.
        public func hash(into hasher: inout Hasher) {
            hasher.combine(digest)
            hasher.combine(status)
        }
    }

    /// Creates a proposal for one file.
    public init(
        attachment: AttachmentID, role: String, old: MediaPath, new: MediaPath,
        keepReason: FileMoveRecord.KeepReason? = nil, fallback: Fallback? = nil
    ) {
        self.attachment = attachment
        self.role = role
        self.old = old
        self.new = new
        self.keepReason = keepReason
        self.fallback = fallback
    }
}

/// A change that somebody asks for: what the engine plans, applies and can take back.
public struct ChangeProposal: Sendable {
    /// What asks for it.
    public var kind: ChangeSetRecord.Kind
    /// The files that get other names, family by family.
    public var moves: [ProposedMove]
    /// The texts that are written, those of one attachment's field one after the other.
    ///
    /// Their numbers are given by the plan.
    public var assignments: [CellAssignment]
    /// Which cells may be touched, and how they are read.
    public var policy: any CellPolicy
    /// The text files below uploads that may hold references.
    public var textFiles: [MediaPath]
    /// How long old names stay.
    public var oldNames: OldNamePolicy
    /// What was left out before there was a proposal.
    public var findings: [FindingRecord]
    /// The change sets that this one takes back; nil for anything but a revert.
    public var undoing: Undoing?

    /// Creates a proposal.
    public init(
        kind: ChangeSetRecord.Kind, moves: [ProposedMove], assignments: [CellAssignment] = [],
        policy: any CellPolicy, textFiles: [MediaPath], oldNames: OldNamePolicy,
        findings: [FindingRecord] = [], undoing: Undoing? = nil
    ) {
        self.assignments = assignments
        self.kind = kind
        self.moves = moves
        self.policy = policy
        self.textFiles = textFiles
        self.oldNames = oldNames
        self.findings = findings
        self.undoing = undoing
    }
}

/// What a revert takes back.
public struct Undoing: Hashable, Sendable {
    /// One earlier change set, and which of its moves go.
    public struct Step: Hashable, Sendable {
        /// The change set.
        public var changeSet: JournalID
        /// The moves taken back, by their old path in that change set: their number there and the
        /// path that the file has today.
        public var moves: [MediaPath: UndoneMove]
    }

    /// A move that is taken back.
    public struct UndoneMove: Hashable, Sendable {
        /// Its number in its change set.
        public var sequence: Int
        /// Where the file is today.
        public var current: MediaPath
    }

    /// The change set that was asked for.
    public var target: JournalID
    /// All change sets that are taken back, newest first: the target is the last.
    public var steps: [Step]
}
