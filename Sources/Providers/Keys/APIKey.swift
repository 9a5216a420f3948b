import Model

/// The key of a provider's API; it never prints itself.
public struct APIKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The characters of the key, for the header of a request and nothing else.
    let secret: String

    /// Creates a key.
    ///
    /// Nil where the text, trimmed of blanks, is empty or holds what no key holds.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        let isBlank: (UInt8) -> Bool = { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        let start = bytes.firstIndex { !isBlank($0) } ?? bytes.endIndex
        let end = bytes.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? start
        let trimmed = bytes[start..<end]
        guard !trimmed.isEmpty, trimmed.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        secret = String(decoding: trimmed, as: UTF8.self)
    }

    /// Dots.
    public var description: String { "•••" }
    /// Dots.
    public var debugDescription: String { "•••" }
    /// Nothing, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Takes keys out of texts that others wrote.
enum Redaction {
    /// How the keys of the known providers begin.
    private static let beginnings = ["sk-", "AIza", "Bearer ", "key="]

    /// The text without the key, and without what looks like a part or a masked form of one.
    static func redact(_ text: String, _ key: APIKey?) -> String {
        var result = text
        if let key { result = result.replacingScalars(key.secret, with: "•••") }
        for beginning in beginnings {
            var pieces: [Substring] = []
            var rest = result[...]
            while let range = rest.firstRange(of: beginning) {
                let isWord = rest[..<range.lowerBound].last.map { $0.isLetter || $0.isNumber }
                pieces.append(rest[..<range.upperBound])
                rest = rest[range.upperBound...]
                guard isWord != true else { continue }
                let end = rest.firstIndex { !isKeyCharacter($0) } ?? rest.endIndex
                if rest.distance(from: rest.startIndex, to: end) >= 6 {
                    pieces.append("•••")
                    rest = rest[end...]
                }
            }
            pieces.append(rest)
            result = pieces.joined()
        }
        return result
    }

    private static func isKeyCharacter(_ character: Character) -> Bool {
        character.isASCII
            && (character.isLetter || character.isNumber || "-_*.".contains(character))
    }
}
