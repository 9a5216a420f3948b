import Hashing
import Model
import Rewriting

/// What rewriting a value came to, as the engine uses it.
struct CellReading {
    /// The replacements; empty where nothing is to be done.
    var splices: [Splice] = []
    /// The value after, where it is more than the replacements; nil otherwise.
    var restored: [UInt8]?
    /// The digest of `restored`.
    var restoredDigest: ContentDigest?
    /// The old paths that were rewritten.
    var paths: [MediaPath] = []
    /// How many references were rewritten.
    var references = 0
    /// Why parts, or all of it, were left, and the old paths that the value goes on naming.
    var opaque: [(reason: String, paths: Set<MediaPath>)] = []
    /// URLs on other hosts.
    var foreign: [String: Int] = [:]

    /// Whether there is anything to do.
    var isChange: Bool { !splices.isEmpty || restored != nil }

    /// The value after: made only where it is needed, because a value can be long.
    func result(of bytes: [UInt8]) -> [UInt8] { restored ?? splices.applied(to: bytes) }

    /// The digest of the value after.
    func digest(of result: [UInt8]) -> ContentDigest {
        restoredDigest ?? SHA256.digest(of: result)
    }

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
        let named = rewrite.sortedPaths
        guard isWritable else {
            opaque.append(("key-column", Set(named)))
            return
        }
        if let column, !column.holds(bytes, after: rewrite.splices) {
            opaque.append(("too-long", Set(named)))
            return
        }
        splices = rewrite.splices
        paths = named
        references = rewrite.references
    }
}
