import Model

/// The cells that one attempt at the database transaction changed, and what it left.
struct CellEdits {
    /// The edits, in the order in which they were made.
    var records: [CellEditRecord] = []
    /// What was left: opaque values and conflicts.
    var findings: [FindingRecord] = []
    /// How many references were rewritten.
    var references = 0
    /// The old paths that some value goes on naming.
    var kept: Set<MediaPath> = []
}
