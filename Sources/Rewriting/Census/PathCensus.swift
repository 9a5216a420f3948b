public import Model

/// What values can name, whatever will be renamed: for an index that knows before there is a map.
///
/// A census is a rewriter whose map holds every path and none: it takes the same way through a value
/// as any rewriter does until its first match, so the first path that any map's rewriter finds in
/// the value is among the paths that the census looked up. A value in which a map's rewriter finds
/// anything, be it opaque or foreign, is therefore found by the keys of one of the map's paths, or
/// is one that can name any.
///
/// A value of this type belongs to one thread.
public final class PathCensus {
    private let rewriter: Rewriter
    private let collector = PathCollector()

    /// What a value can name.
    public struct Names: Hashable, Sendable {
        /// The keys of the paths.
        public var keys: Set<UInt64>
        /// Whether a part of the value can name any path, so that it has to be looked at always.
        public var canBeAny: Bool

        /// Nothing.
        public static let none = Names(keys: [], canBeAny: false)

        /// Whether the value can name nothing.
        public var isEmpty: Bool { keys.isEmpty && !canBeAny }
    }

    /// Prepares a census.
    ///
    /// - Throws: `invalid-argument` when the location has neither a URL path nor a folder.
    public init(location: UploadsLocation) throws(MonikerError) {
        rewriter = try Rewriter(collector: collector, location: location)
    }

    /// What a value can name.
    ///
    /// The value is to be read as `ordinary` where a rename may read it as `attachmentMetadata`:
    /// what is spliced together there is found by `keys(of:)`.
    ///
    /// - Complexity: linear in the value.
    public func read(_ value: [UInt8], role: ValueRole) -> Names {
        _ = rewriter.rewrite(value, role: role)
        let collected = collector.take()
        return Names(keys: collected.hashes, canBeAny: collected.isOpaque)
    }

    /// What a census of another version, or of another uploads folder, cannot be compared with.
    public var fingerprint: String {
        let anchors = rewriter.anchors.map { displayText($0.text) }
        return (["census 2"] + anchors).joined(separator: " ")
    }

    /// The keys under which values that name a path are found; nil for a path that no census looks
    /// for, because of its extension, its length or its characters.
    ///
    /// They are the path's and, since an attachment's metadata names files without their folder,
    /// those of its ends behind each slash.
    public static func keys(of path: MediaPath) -> [UInt64]? {
        let bytes = path.bytes
        guard bytes.count <= PathCollector.longest,
            bytes.allSatisfy({ PathCollector.alphabet[Int($0)] }),
            let packed = PathTable.packed(path.pathExtension[...]),
            PathCollector.collects(extension: packed)
        else { return nil }
        let starts = [0] + bytes.indices.filter { bytes[$0] == UInt8(ascii: "/") }.map { $0 + 1 }
        return starts.map { PathHash.of(bytes, $0..<bytes.count) }
    }
}

extension PathCensus {
    /// The key of something that is no path, such as a group of rows.
    ///
    /// No path has a line feed, so that it is none of a path's keys but by chance; then an answer
    /// has a few rows more.
    public static func key(of name: [UInt8]) -> UInt64 {
        let bytes = [UInt8(ascii: "\n")] + name
        return PathHash.of(bytes, 0..<bytes.count)
    }
}

extension Rewriter {
    /// A rewriter that finds nothing and has everything collected that it looks up.
    ///
    /// Each of its prefilters lets everything through, since a map's lets less.
    convenience init(
        collector: PathCollector, location: UploadsLocation
    ) throws(MonikerError) {
        let none = try Rewriter(map: try RenameMap([]), location: location)
        self.init(collecting: collector, like: none)
    }
}
