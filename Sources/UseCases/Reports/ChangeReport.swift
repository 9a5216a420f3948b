import Engine
import Model

/// What a writing command did or, dry, would do: the JSON of the writing commands.
public struct ChangeReport: Encodable, Sendable {
    /// How a writing command ended.
    public enum State: String, Encodable, Sendable {
        /// Everything was done.
        case done
        /// Something was done; what was not is listed.
        case partial
        /// Nothing was done.
        case refused
        /// Nothing was done because nothing was to be: a dry run.
        case planned
    }

    /// An attachment that was left out.
    public struct Skipped: Encodable, Sendable {
        /// Its id.
        public var attachment: Int64
        /// The stable reason.
        public var reason: String
        /// A sentence for people.
        public var detail: String
    }

    /// A cell that was left as it is.
    public struct LeftCell: Encodable, Sendable {
        /// The table, or nil for a text file.
        public var table: String?
        /// The row.
        public var key: KeyJSON?
        /// The column.
        public var column: String?
        /// The text file, or nil for a cell.
        public var file: String?
        /// The attachment and which of its texts it is, where the cell was to get another text.
        public var attachment: Int64?
        /// Which text.
        public var field: String?
        /// The stable reason.
        public var reason: String
    }

    /// A planned change.
    public struct Change: Encodable, Sendable {
        /// `file`, `cell` or `text-file`.
        public var kind: String
        /// The attachment, for a file and a text.
        public var attachment: Int64?
        /// Which of its texts, for a text that is written.
        public var field: String?
        /// The table, for a cell.
        public var table: String?
        /// The row, for a cell.
        public var key: KeyJSON?
        /// The column, for a cell.
        public var column: String?
        /// The path, for a text file.
        public var file: String?
        /// The name or the excerpt before.
        public var before: String
        /// The name or the excerpt after.
        public var after: String
    }

    /// How long each part took.
    public struct Seconds: Encodable, Sendable {
        /// Reading and planning.
        public var plan: Double
        /// Backing up, linking and retiring files.
        public var files: Double
        /// The database transaction.
        public var database: Double
    }

    /// The journal id; nil for a dry run and where nothing was done.
    public var journal: String?
    /// How the command ended.
    public var state: State
    /// The change set that was taken back, for a revert.
    public var reverts: String?
    /// How many attachments have other file names or texts now.
    public var attachments: Int
    /// How many files have other names now.
    public var files: Int
    /// How many references were rewritten.
    public var references: Int
    /// How many cells and text files were written.
    public var cells: Int
    /// Attachments that were left out.
    public var skipped: [Skipped]
    /// Cells that somebody changed at the same moment.
    public var conflicts: [LeftCell]
    /// Values that cannot be rewritten with certainty.
    public var opaque: [LeftCell]
    /// URLs on other hosts that name one of the files, by host.
    public var foreign: [String: Int]
    /// Until when old names go on working: seconds since 1970; nil: they are gone, or stay forever.
    public var keepOldUntil: Int64?
    /// Whether the reference index was `used`, every table `scanned` in spite of it, or the index
    /// made again afterwards (`renewed`); nil where there is none.
    public var index: String?
    /// How long each part took.
    public var seconds: Seconds
    /// The planned changes, for a dry run.
    public var changes: [Change]?
    /// Why nothing was done, where nothing was.
    public var error: Failure?

    /// The first reason for which nothing was done, as any failure is reported.
    public struct Failure: Encodable, Sendable {
        /// The stable code.
        public var code: String
        /// A sentence for people.
        public var message: String
        /// Further facts.
        public var details: [String: String]
    }

    private enum CodingKeys: String, CodingKey {
        case journal, state, reverts, attachments, files, references, cells, skipped, conflicts
        case opaque, foreign, index, seconds, changes, error
        case keepOldUntil = "keep_old_until"
    }

    /// Encodes the report; `journal` is always there, as null where there is none.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(journal, forKey: .journal)
        try container.encode(state, forKey: .state)
        try container.encodeIfPresent(reverts, forKey: .reverts)
        try container.encode(attachments, forKey: .attachments)
        try container.encode(files, forKey: .files)
        try container.encode(references, forKey: .references)
        try container.encode(cells, forKey: .cells)
        try container.encode(skipped, forKey: .skipped)
        try container.encode(conflicts, forKey: .conflicts)
        try container.encode(opaque, forKey: .opaque)
        try container.encode(foreign, forKey: .foreign)
        try container.encodeIfPresent(keepOldUntil, forKey: .keepOldUntil)
        try container.encodeIfPresent(index, forKey: .index)
        try container.encode(seconds, forKey: .seconds)
        try container.encodeIfPresent(changes, forKey: .changes)
        try container.encodeIfPresent(error, forKey: .error)
    }
}

extension ChangeReport {
    /// The report of an applied change set.
    init(_ outcome: ChangeOutcome, plan: ChangePlan) {
        self.init(findings: outcome.findings)
        journal = outcome.id.description
        state = skipped.isEmpty && conflicts.isEmpty ? .done : .partial
        reverts = plan.proposal.undoing?.target.description
        attachments = outcome.attachments
        files = outcome.files
        references = outcome.references
        cells = outcome.cells
        keepOldUntil =
            outcome.keepOldUntil == .max ? nil : outcome.keepOldUntil / 1_000_000_000
        seconds = Seconds(
            plan: Double(plan.nanoseconds) / 1e9, files: Double(outcome.filesNanoseconds) / 1e9,
            database: Double(outcome.databaseNanoseconds) / 1e9)
    }

    /// The report of a plan that is not applied.
    init(planned plan: ChangePlan) {
        self.init(findings: plan.findings)
        state = .planned
        reverts = plan.proposal.undoing?.target.description
        attachments = plan.attachments.count
        files = plan.moves.count { $0.status != nil }
        references = plan.references
        cells = plan.cells + plan.textFiles.count
        seconds.plan = Double(plan.nanoseconds) / 1e9
        changes =
            plan.moves.filter { $0.status != nil }.map {
                Change(
                    kind: "file", attachment: $0.attachment.rawValue, before: "\($0.old)",
                    after: "\($0.new)")
            }
            + plan.previews.map {
                Change(
                    kind: $0.file == nil ? "cell" : "text-file",
                    attachment: $0.text?.attachment.rawValue, field: $0.text?.field.rawValue,
                    table: $0.address?.table,
                    key: $0.address.map { KeyJSON($0.key) }, column: $0.address?.column,
                    file: $0.file.map { "\($0)" }, before: displayText($0.before),
                    after: displayText($0.after))
            }
    }

    /// The report of a change of which nothing can be done.
    init(refusedFor findings: [FindingRecord]) {
        self.init(findings: findings)
        let first = skipped.first
        error = Failure(
            code: first?.reason ?? ErrorCode.malformedMap.rawValue,
            message:
                "nothing was changed: \(first?.detail ?? "the map has no lines; write `id,name` and a line for each attachment")",
            details: first.map { ["attachment": "\($0.attachment)"] } ?? [:])
    }

    /// A report of nothing done, with what was found.
    init(findings: [FindingRecord]) {
        journal = nil
        state = .refused
        reverts = nil
        attachments = 0
        files = 0
        references = 0
        cells = 0
        skipped = findings.filter { $0.kind == .skipped }.map {
            Skipped(
                attachment: $0.attachment?.rawValue ?? 0, reason: $0.reason, detail: $0.detail)
        }
        conflicts = findings.filter { $0.kind == .conflict }.map(LeftCell.init)
        opaque = findings.filter { $0.kind == .opaque }.map(LeftCell.init)
        foreign = [:]
        for finding in findings where finding.kind == .foreign {
            foreign[finding.reason, default: 0] += finding.count
        }
        keepOldUntil = nil
        seconds = Seconds(plan: 0, files: 0, database: 0)
        changes = nil
        error = nil
    }
}

extension ChangeReport.LeftCell {
    init(_ finding: FindingRecord) {
        table = finding.address?.table
        key = finding.address.map { KeyJSON($0.key) }
        column = finding.address?.column
        file = finding.address == nil ? finding.detail : nil
        attachment = finding.attachment?.rawValue
        field = finding.attachment == nil ? nil : finding.detail
        reason = finding.reason
    }
}
