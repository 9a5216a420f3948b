import Foundation

/// Looks for a key that an object of a JSON document has twice.
///
/// Which of the two counts is each reader's own choice (RFC 8259, 4): what stands before the service
/// could take `"dry_run": true` for the request's, and the service the `false` behind it.
enum RepeatedKey {
    /// The first such key, at any depth; nil where there is none.
    ///
    /// - Parameter json: a document that a parser has accepted; of others the answer means nothing.
    /// - Complexity: linear.
    static func first(in json: [UInt8]) -> String? {
        // The keys so far of each object that is open; nil for an array.
        var open: [Set<String>?] = []
        var isKey = false
        var position = 0
        while position < json.count {
            switch json[position] {
            case UInt8(ascii: "{"):
                open.append([])
                isKey = true
            case UInt8(ascii: "["):
                open.append(nil)
                isKey = false
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                _ = open.popLast()
                isKey = false
            case UInt8(ascii: ","): isKey = open.last.flatMap(\.self) != nil
            case UInt8(ascii: ":"): isKey = false
            case UInt8(ascii: "\""):
                let end = endOfString(json, from: position)
                if isKey, let key = string(json[position..<end]) {
                    let isNew = open[open.count - 1]?.insert(key).inserted ?? true
                    if !isNew { return key }
                }
                position = end
                continue
            default: break
            }
            position += 1
        }
        return nil
    }

    /// The place behind the closing quotation mark of the string that begins at a place.
    private static func endOfString(_ json: [UInt8], from start: Int) -> Int {
        var position = start + 1
        while position < json.count, json[position] != UInt8(ascii: "\"") {
            position += json[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(position + 1, json.count)
    }

    /// What a string with its quotation marks says: `"\u0061"` is the same key as `"a"`.
    private static func string(_ literal: ArraySlice<UInt8>) -> String? {
        guard literal.contains(UInt8(ascii: "\\")) else {
            return String(decoding: literal.dropFirst().dropLast(), as: UTF8.self)
        }
        // Accepted before as part of the document, so there is nothing to be told.
        do { return try JSONDecoder().decode(String.self, from: Data(literal)) } catch {
            return nil
        }
    }
}
