import Model

/// The cells that one attempt at a database transaction changed, and what it left.
struct CellEdits {
    /// The edits, in the order in which they were made.
    var records: [CellEditRecord] = []
    /// What was left: opaque values and conflicts.
    var findings: [FindingRecord] = []
    /// How many references the change set has rewritten with this part.
    var references = 0
    /// The old paths that some value goes on naming.
    var kept: Set<MediaPath> = []
}

/// What all database transactions of a change set came to.
struct CellTotals {
    /// How many cells were changed.
    var cells = 0
    /// How many references were rewritten.
    var references = 0
    /// How many transactions there were.
    var parts = 0
}
