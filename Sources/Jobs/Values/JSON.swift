import Foundation

/// JSON text as the store keeps it, with the same bytes for the same value.
enum JSON {
    static func text(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            // Jobs hold no value that JSON cannot express (no infinities, no cycles).
            preconditionFailure("a job cannot be encoded: \(error)")
        }
    }
}
