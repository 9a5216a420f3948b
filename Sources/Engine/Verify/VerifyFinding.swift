/// Something `verify` found.
public struct VerifyFinding: Hashable, Sendable {
    /// What was checked; the numbers are those of docs/protocol.md.
    public enum Check: String, Hashable, Sendable, CaseIterable {
        /// F1: the journal's own structure.
        case journal
        /// F2: nothing is left unfinished.
        case unfinished
        /// F3: every finished change set has its marker in the database, and every marker its
        /// change set.
        case marker
        /// F4: the database and the uploads folder are those that the journal belongs to.
        case incarnation
        /// F5: every original is in the store and, with data read, has its digest.
        case original
        /// F6: every renamed file is there under its new name with its content, and under its old
        /// one as long as that is to work.
        case file
        /// F7: every file that an attachment's metadata names is on disk.
        case metadata
        /// F8: no value names an old name that is gone.
        case reference
        /// F9: values that name old names which still work.
        case straggler
        /// F10: values that were changed by somebody else since.
        case drift
        /// F11: nothing of ours is left in uploads that nothing needs.
        case leftover
        /// F12: originals and trash that nothing in the journal needs.
        case unreferenced
        /// F13: originals and trash beyond their retention.
        case retention
        /// F14: every redirect leads to a file.
        case redirect
        /// F15: mode and owner of every renamed file are what they were.
        case mode
        /// F16: no two names of a folder differ by letter case or Unicode normalization alone.
        case twin
    }

    /// What was checked.
    public var check: Check
    /// What is wrong, where, and what to do.
    public var message: String
    /// Whether `--repair` has put it right.
    public var isRepaired: Bool
    /// Whether this is worth knowing and nothing is wrong.
    public var isInformation: Bool

    /// Creates a finding.
    public init(
        check: Check, message: String, isRepaired: Bool = false, isInformation: Bool = false
    ) {
        self.check = check
        self.message = message
        self.isRepaired = isRepaired
        self.isInformation = isInformation
    }
}
