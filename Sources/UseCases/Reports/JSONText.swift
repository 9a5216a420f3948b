import Foundation

/// Reports as JSON text, with the same bytes for the same report.
public enum JSONText {
    /// One line.
    public static func line(_ value: some Encodable) -> String {
        text(value, [.sortedKeys, .withoutEscapingSlashes])
    }

    /// Indented, for files that people open.
    public static func pretty(_ value: some Encodable) -> String {
        text(value, [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    }

    private static func text(
        _ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting
    ) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            // Reports hold no value that JSON cannot express (no infinities, no cycles).
            preconditionFailure("a report cannot be encoded: \(error)")
        }
    }
}
