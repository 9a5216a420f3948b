import Journal
import Model
import Rewriting

/// What rewriting a value came to, as the engine uses it.
struct CellReading {
    /// The replacements; empty where nothing is to be done.
    var splices: [Splice] = []
    /// The value after; nil where nothing is to be done.
    var result: [UInt8]?
    /// The old paths that were rewritten.
    var paths: [MediaPath] = []
    /// How many references were rewritten.
    var references = 0
    /// Why parts, or all of it, were left, and the old paths that the value goes on naming.
    var opaque: [(reason: String, paths: Set<MediaPath>)] = []
    /// URLs on other hosts.
    var foreign: [String: Int] = [:]

    /// Nothing to do.
    init() {}

    /// Reads a value for rewriting.
    init(
        _ bytes: [UInt8], role: ValueRole, rewriter: Rewriter, column: ColumnSchema?,
        isWritable: Bool = true
    ) {
        let rewrite = rewriter.rewrite(bytes, role: role)
        foreign = rewrite.foreign
        opaque = rewrite.opaque.map { ($0.reason.rawValue, $0.paths) }
        guard !rewrite.splices.isEmpty else { return }
        let named = Set(rewrite.occurrences.map(\.old))
        guard isWritable else {
            opaque.append(("key-column", named))
            return
        }
        let changed = rewrite.splices.applied(to: bytes)
        if let column, !column.holds(changed) {
            opaque.append(("too-long", named))
            return
        }
        splices = rewrite.splices
        result = changed
        paths = named.sorted()
        references = rewrite.references
    }
}
