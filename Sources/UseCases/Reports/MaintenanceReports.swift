/// What `verify` found.
public struct VerifyReport: Encodable, Sendable {
    /// Something that does not hold.
    public struct Problem: Encodable, Sendable {
        /// What was checked.
        public var check: String
        /// What is wrong, where, and what to do.
        public var message: String
        /// Whether `--repair` has put it right.
        public var repaired: Bool
    }

    /// Whether nothing is wrong, or everything that was has been repaired.
    public var isClean: Bool
    /// The change sets that were checked.
    public var changeSets: Int
    /// The originals that were checked.
    public var originals: Int
    /// The attachments that were checked.
    public var attachments: Int
    /// What is wrong.
    public var problems: [Problem]
    /// What is worth knowing, although nothing is wrong.
    public var notes: [Note]

    /// Something worth knowing.
    public struct Note: Encodable, Sendable {
        /// What was checked.
        public var check: String
        /// What was found.
        public var message: String
    }

    private enum CodingKeys: String, CodingKey {
        case originals, attachments, problems, notes
        case isClean = "clean"
        case changeSets = "change_sets"
    }
}

/// What `tidy` did.
public struct TidySummary: Encodable, Sendable {
    /// Old names that were retired.
    public var retiredNames: Int
    /// Originals that were removed.
    public var removedOriginals: Int
    /// Change sets that had been rolled back and were forgotten.
    public var forgottenChangeSets: Int
    /// When the next old name's time is up: seconds since 1970; nil where none waits.
    public var nextRetirement: Int64?

    private enum CodingKeys: String, CodingKey {
        case retiredNames = "retired_names"
        case removedOriginals = "removed_originals"
        case forgottenChangeSets = "forgotten_change_sets"
        case nextRetirement = "next_retirement"
    }
}
