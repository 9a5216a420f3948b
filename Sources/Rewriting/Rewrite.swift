public import Model

/// What rewriting one value came to.
public struct Rewrite: Sendable {
    /// The replacements, in the coordinates of the original value, ordered and disjoint; corrected
    /// lengths and re-encoded payloads are among them.
    ///
    /// Empty where nothing is to be changed.
    public var splices: [Splice] = []
    /// Every reference of the map that was found.
    ///
    /// - Complexity: O(references): made anew each time.
    public var occurrences: [Occurrence] {
        guard let table else { return [] }
        return found.map { reference in
            Occurrence(
                old: table.entries[Int(reference.entry)].old,
                encoding: encodings[Int(reference.encodings)], offset: reference.offset)
        }
    }
    /// The old paths that were found.
    ///
    /// - Complexity: O(references).
    public var foundPaths: Set<MediaPath> { Set(sortedPaths) }
    /// The old paths that were found, each once, in their order.
    ///
    /// - Complexity: O(references), and sorting their numbers.
    public var sortedPaths: [MediaPath] {
        guard let table else { return [] }
        // The entries of a table are in the order of their old paths.
        var paths: [MediaPath] = []
        var last: Int32?
        for entry in found.map(\.entry).sorted() where entry != last {
            paths.append(table.entries[Int(entry)].old)
            last = entry
        }
        return paths
    }
    /// How many references are rewritten, those included whose new name is the old one.
    public var references: Int = 0
    /// Parts, or the whole value, that name an old path and cannot be rewritten with certainty.
    public var opaque: [OpaqueFinding] = []
    /// URLs on other hosts whose path below an uploads folder is in the map, by host.
    public var foreign: [String: Int] = [:]

    /// What was found, without a copy of any path.
    var found: [FoundReference] = []
    /// The encodings that were found, each once.
    var encodings: [[Encoding]] = []
    private let table: PathTable?

    /// A rewrite of nothing.
    public init() { table = nil }

    /// A rewrite that has found nothing of a map yet.
    init(table: PathTable) { self.table = table }
}

/// One reference in a value, as numbers.
struct FoundReference {
    /// Its entry in the map's table.
    var entry: Int32
    /// Its place in the list of encodings.
    var encodings: Int32
    /// Where its file name begins, or the payload around it.
    var offset: Int
}

/// One reference in a value.
public struct Occurrence: Hashable, Sendable {
    /// The path it names.
    public var old: MediaPath
    /// The dresses it wears, outermost first; empty for plain text.
    public var encoding: [Encoding]
    /// Where its file name begins.
    ///
    /// Inside a base64 payload: where the payload begins.
    public var offset: Int
}

/// A dress that a reference can wear.
public enum Encoding: String, Hashable, Sendable {
    /// PHP's serialize().
    case serialized
    /// A JSON document or block attributes.
    case json
    /// Backslash escapes in text that is no JSON document of its own.
    case escaped
    /// Percent-encoding.
    case percent
    /// HTML entities.
    case entities
    /// Base64.
    case base64
}

/// Why a value, or a part of it, is left as it is.
public enum OpaqueReason: String, Hashable, Sendable {
    /// It claims to be PHP-serialized and is not, completely.
    case malformedSerialized = "malformed-serialized"
    /// It begins like JSON and is not, completely.
    case malformedJSON = "malformed-json"
    /// A payload whose form only its author knows (`C:` in serialized data, odd base64).
    case opaquePayload = "opaque-payload"
    /// A serialized string inside of text.
    case embeddedSerialized = "embedded-serialized"
    /// The array has the new key already.
    case keyCollision = "key-collision"
    /// The name of an object's property.
    case propertyName = "property-name"
    /// Encodings nested deeper than any real value.
    case tooDeep = "too-deep"
}

/// A part of a value that names old paths and is left as it is.
public struct OpaqueFinding: Hashable, Sendable {
    /// Why.
    public var reason: OpaqueReason
    /// The old paths it names.
    public var paths: Set<MediaPath>
}
