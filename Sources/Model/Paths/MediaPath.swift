/// The path of a file below the uploads folder: bytes, `/`-separated, without a leading slash.
///
/// Never a `String`: a file system's names need not be UTF-8, and Unicode normalization would make
/// two different files equal. A value of this type is known not to be absolute, not to contain
/// empty, `.` or `..` segments, and not to contain NUL.
public struct MediaPath: Hashable, Sendable, Comparable {
    /// The bytes of the path.
    public let bytes: [UInt8]

    /// Creates a path from raw bytes.
    ///
    /// - Throws: `unsafe-path` for an empty or absolute path, NUL, and the segments ``, `.`, `..`.
    public init(validating bytes: some Sequence<UInt8>) throws(MonikerError) {
        let bytes = Array(bytes)
        guard Self.isValid(bytes) else {
            throw MonikerError(
                .unsafePath,
                "\"\(displayText(bytes))\" is not a path below the uploads folder: it must be relative and have no empty, \".\" or \"..\" segment"
            )
        }
        self.bytes = bytes
    }

    /// Creates a path from text, as its UTF-8 bytes.
    ///
    /// - Throws: `unsafe-path`, as `init(validating:)`.
    public init(_ text: String) throws(MonikerError) {
        try self.init(validating: text.utf8)
    }

    /// Creates a path from raw bytes; nil for what `init(validating:)` refuses.
    public init?(ifValid bytes: some Sequence<UInt8>) {
        do {
            try self.init(validating: bytes)
        } catch {
            return nil
        }
    }

    /// Whether bytes are a path: one look at each, because every name of a bulk rename comes here.
    private static func isValid(_ bytes: [UInt8]) -> Bool {
        // How long the segment is, and whether it has nothing but dots so far.
        var length = 0
        var hasOnlyDots = true
        for byte in bytes {
            switch byte {
            case 0: return false
            case UInt8(ascii: "/"):
                if hasOnlyDots && length <= 2 { return false }
                length = 0
                hasOnlyDots = true
            default:
                length += 1
                if byte != UInt8(ascii: ".") { hasOnlyDots = false }
            }
        }
        return !(hasOnlyDots && length <= 2)
    }

    /// Creates a path of bytes that are known to be valid because they come from valid parts.
    init(unchecked bytes: [UInt8]) { self.bytes = bytes }

    /// The index of the first byte of the last segment.
    private var nameStart: Int {
        (bytes.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1
    }

    /// The last segment.
    public var name: [UInt8] { Array(bytes[nameStart...]) }

    /// The folder of the file, without a trailing slash; nil directly below uploads.
    public var directory: MediaPath? {
        nameStart == 0 ? nil : MediaPath(unchecked: Array(bytes[..<(nameStart - 1)]))
    }

    /// The extension of the last segment without its dot, as spelled; empty where there is none.
    public var pathExtension: [UInt8] { Self.splitName(name).pathExtension }

    /// The last segment without its last extension.
    public var stem: [UInt8] { Self.splitName(name).stem }

    /// Whether both files are in the same folder.
    public func isIn(folderOf other: MediaPath) -> Bool {
        bytes[..<nameStart].elementsEqual(other.bytes[..<other.nameStart])
    }

    /// The file of another name in the same folder.
    ///
    /// - Throws: `unsafe-path` when the name is not one segment.
    public func sibling(named name: some Sequence<UInt8>) throws(MonikerError) -> MediaPath {
        let name = Array(name)
        guard !name.contains(UInt8(ascii: "/")) else {
            throw MonikerError(
                .unsafePath, "\"\(displayText(name))\" is not a file name: it contains a slash")
        }
        return try MediaPath(validating: bytes[..<nameStart] + name)
    }

    /// A name split at its last dot; a leading dot begins no extension.
    public static func splitName(_ name: [UInt8]) -> (stem: [UInt8], pathExtension: [UInt8]) {
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > 0 else { return (name, []) }
        return (Array(name[..<dot]), Array(name[(dot + 1)...]))
    }

    /// Hashes all bytes at once: an array would hash them one by one.
    public func hash(into hasher: inout Hasher) {
        // SAFETY: the hasher reads the bytes during the call only.
        unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    }

    /// Whether the path orders before another, by bytes.
    public static func < (left: MediaPath, right: MediaPath) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

extension MediaPath: CustomStringConvertible {
    /// The path for people: bytes that are not UTF-8 or that would disturb a terminal are escaped.
    public var description: String { displayText(bytes) }
}
