/// Something `verify` found wrong.
public struct VerifyFinding: Hashable, Sendable {
    /// What was checked; the numbers are those of docs/protocol.md.
    public enum Check: String, Hashable, Sendable, CaseIterable {
        /// F1: the journal's own structure.
        case journal
        /// F2: nothing is left unfinished.
        case unfinished
        /// F3: every finished change set has its marker in the database.
        case marker
        /// F4: the database is the one that the journal belongs to.
        case incarnation
        /// F5: every original is in the store and, with data read, has its digest.
        case original
        /// F6: every renamed file is there under its new name.
        case file
        /// F7: every file that an attachment's metadata names is on disk.
        case metadata
        /// F9: no value names an old name that is gone.
        case reference
    }

    /// What was checked.
    public var check: Check
    /// What is wrong, where, and what to do.
    public var message: String
    /// Whether `--repair` has put it right.
    public var isRepaired: Bool

    /// Creates a finding.
    public init(check: Check, message: String, isRepaired: Bool = false) {
        self.check = check
        self.message = message
        self.isRepaired = isRepaired
    }
}
