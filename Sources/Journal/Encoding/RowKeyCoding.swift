import Foundation
import Model

/// The stored form of a row key, which a person can read with sqlite3: `ID=123` for the key of one
/// integer, a JSON object for any other.
///
/// In journals and manifests of before the former is JSON as well, which is read here; a journal that
/// is opened or rebuilt has one form only, because keys are compared as they are stored.
///
/// Text that is UTF-8 is stored as itself, other bytes as hexadecimal digits.
enum RowKeyCoding {
    private struct StoredKey: Codable {
        var primary: Bool
        var parts: [StoredPart]
    }

    private struct StoredPart: Codable {
        var column: String
        var kind: String
        var value: String
    }

    static func encode(_ key: RowKey) throws(MonikerError) -> String {
        if let plain = PlainRowKey(key) { return plain.text }
        let stored = StoredKey(
            primary: key.isPrimary,
            parts: key.parts.map { part in
                let (kind, value) = encode(part.value)
                return StoredPart(column: part.column, kind: kind, value: value)
            })
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(stored), as: UTF8.self)
        } catch {
            throw MonikerError(
                .journalUnusable, "the key of a row cannot be written to the journal",
                cause: error)
        }
    }

    static func decode(_ text: String) throws(MonikerError) -> RowKey {
        if let plain = PlainRowKey(text) { return plain.key }
        let stored: StoredKey
        do {
            stored = try JSONDecoder().decode(StoredKey.self, from: Data(text.utf8))
        } catch {
            throw damaged(cause: error)
        }
        var parts: [RowKey.Part] = []
        for part in stored.parts {
            // A guess, NULL for instance, could be the key of another row.
            guard let value = decode(kind: part.kind, value: part.value) else {
                throw damaged(cause: nil)
            }
            parts.append(RowKey.Part(column: part.column, value: value))
        }
        return RowKey(parts: parts, isPrimary: stored.primary)
    }

    /// A stored key in the form that it has today.
    static func current(_ text: String) throws(MonikerError) -> String {
        text.hasPrefix("{") ? try encode(decode(text)) : text
    }

    private static func damaged(cause: (any Error)?) -> MonikerError {
        MonikerError(
            .journalUnusable,
            "the journal's record of a row's key is damaged: restore journal.sqlite from a backup",
            cause: cause)
    }

    private static func encode(_ value: SQLValue) -> (kind: String, value: String) {
        switch value {
        case .null: ("null", "")
        case .integer(let number): ("integer", String(number))
        case .real(let number): ("real", String(number))
        case .text(let bytes):
            if let text = String(validating: bytes, as: UTF8.self) {
                ("text", text)
            } else {
                ("text-hex", hexadecimal(bytes))
            }
        case .blob(let bytes): ("blob-hex", hexadecimal(bytes))
        }
    }

    /// The value of a part; nil for what `encode` does not write.
    private static func decode(kind: String, value: String) -> SQLValue? {
        switch kind {
        case "null": value.isEmpty ? .null : nil
        case "integer": Int64(value).map(SQLValue.integer)
        case "real": Double(value).map(SQLValue.real)
        case "text": .text(Array(value.utf8))
        case "text-hex": bytes(hexadecimal: value).map(SQLValue.text)
        case "blob-hex": bytes(hexadecimal: value).map(SQLValue.blob)
        default: nil
        }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func bytes(hexadecimal text: String) -> [UInt8]? {
        let digits = text.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
    }
}
