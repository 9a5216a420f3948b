import Foundation
import GRDB
import Model

/// The rows that a manifest holds.
struct ManifestRows {
    /// A row of a table.
    struct Item {
        var table: String
        var values: [String: DatabaseValue]
    }

    /// The rows, in order.
    var items: [Item]

    /// Reads a manifest's bytes.
    ///
    /// - Throws: `journal-lost` for anything but a whole manifest.
    init(_ bytes: [UInt8], named name: String) throws(MonikerError) {
        do {
            let decoder = JSONDecoder()
            let lines = bytes.split(separator: UInt8(ascii: "\n"))
            guard let first = lines.first, let last = lines.last, lines.count >= 2 else {
                throw Self.damaged(name)
            }
            let head = try decoder.decode(Head.self, from: Data(first))
            let end = try decoder.decode(End.self, from: Data(last))
            guard head.format == "moniker-manifest", end.rows == lines.count - 2 else {
                throw Self.damaged(name)
            }
            // Of the first version are splices and paths in their first form, which are read as well.
            guard (1...2).contains(head.version) else { throw Self.newer(name) }
            items = try lines.dropFirst().dropLast().map { line in
                let stored = try decoder.decode(Line.self, from: Data(line))
                return Item(
                    table: stored.table, values: stored.row.mapValues(\.databaseValue))
            }
        } catch let error as MonikerError {
            throw error
        } catch {
            throw Self.damaged(name, error)
        }
    }

    private static func damaged(_ name: String, _ cause: (any Error)? = nil) -> MonikerError {
        MonikerError(
            .journalLost,
            "the manifest \(name) is damaged, so the journal cannot be rebuilt from it: restore the home from a backup",
            details: ["path": name], cause: cause)
    }

    private static func newer(_ name: String) -> MonikerError {
        MonikerError(
            .journalLost,
            "the manifest \(name) was written by a newer version of moniker: rebuild the journal with that version",
            details: ["path": name])
    }

    private struct Head: Decodable {
        var format: String
        var version: Int
    }

    private struct End: Decodable { var rows: Int }

    private struct Line: Decodable {
        var table: String
        var row: [String: Value]
    }

    /// A value of a column: `null`, a number, text, or `{"hex":"…"}`.
    private struct Value: Decodable {
        private struct Hexadecimal: Decodable { var hex: String }

        var databaseValue: DatabaseValue

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                databaseValue = .null
            } else if let number = Self.attempt({ try container.decode(Int64.self) }) {
                databaseValue = number.databaseValue
            } else if let text = Self.attempt({ try container.decode(String.self) }) {
                databaseValue = text.databaseValue
            } else {
                let digits = try container.decode(Hexadecimal.self).hex.utf8.map {
                    Character(Unicode.Scalar($0)).hexDigitValue
                }
                guard digits.count.isMultiple(of: 2), digits.allSatisfy({ $0 != nil }) else {
                    throw DecodingError.dataCorruptedError(
                        in: container, debugDescription: "not hexadecimal")
                }
                databaseValue =
                    Data(
                        stride(from: 0, to: digits.count, by: 2).map {
                            UInt8((digits[$0] ?? 0) << 4 | (digits[$0 + 1] ?? 0))
                        }
                    ).databaseValue
            }
        }

        private static func attempt<Result>(_ body: () throws -> Result) -> Result? {
            do {
                return try body()
            } catch {
                // Another kind of value: the next one is tried.
                return nil
            }
        }
    }
}
