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
            guard head.format == "moniker-manifest" else { throw Self.damaged(name) }
            let rows = lines.dropFirst().dropLast()
            switch head.version {
            // Of the first version are splices and paths in their first form, which are read as well.
            case 1, 2: items = try Self.objects(rows)
            case 3: items = try Self.arrays(rows)
            default: throw Self.newer(name)
            }
            let end = try decoder.decode(End.self, from: Data(last))
            let tables = rows.count - items.count
            guard end.rows == items.count, end.tables ?? 0 == tables else {
                throw Self.damaged(name)
            }
        } catch let error as MonikerError {
            throw error
        } catch {
            throw Self.damaged(name, error)
        }
    }

    /// The rows of the first two versions, each with the name of its table and of its columns.
    private static func objects(_ lines: some Sequence<ArraySlice<UInt8>>) throws -> [Item] {
        let decoder = JSONDecoder()
        return try lines.map { line in
            let stored = try decoder.decode(Line.self, from: Data(line))
            return Item(table: stored.table, values: stored.row.mapValues(\.databaseValue))
        }
    }

    /// The rows of the third version, behind lines with these names.
    private static func arrays(_ lines: some Sequence<ArraySlice<UInt8>>) throws -> [Item] {
        let decoder = JSONDecoder()
        var items: [Item] = []
        var table: Table?
        for line in lines {
            guard line.first == UInt8(ascii: "[") else {
                let next = try decoder.decode(Table.self, from: Data(line))
                guard Set(next.columns).count == next.columns.count,
                    Set(next.columns).isSuperset(of: next.base64)
                else { throw Malformed() }
                table = next
                continue
            }
            let values = try decoder.decode([Value].self, from: Data(line))
            guard let table, table.columns.count == values.count else { throw Malformed() }
            var item = Item(table: table.table, values: [:])
            for (column, value) in zip(table.columns, values) {
                item.values[column] =
                    table.base64.contains(column) ? try value.bytes : try value.plain
            }
            items.append(item)
        }
        return items
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

    private struct End: Decodable {
        var rows: Int
        /// Only in the third version.
        var tables: Int?
    }

    /// What is JSON and nevertheless nothing that a manifest has.
    private struct Malformed: Error {}

    private struct Table: Decodable {
        var table: String
        var columns: [String]
        /// The columns whose texts are base64.
        var base64: [String]
    }

    private struct Line: Decodable {
        var table: String
        var row: [String: Value]
    }

    /// A value of a column: `null`, a number, text, or, in the first two versions, `{"hex":"…"}`.
    private struct Value: Decodable {
        private struct Hexadecimal: Decodable { var hex: String }

        var databaseValue: DatabaseValue

        /// The value where it is no bytes.
        var plain: DatabaseValue {
            get throws {
                if case .blob = databaseValue.storage { throw Malformed() }
                return databaseValue
            }
        }

        /// The bytes of which it is the base64, or no value.
        var bytes: DatabaseValue {
            get throws {
                if databaseValue.isNull { return .null }
                guard case .string(let text) = databaseValue.storage,
                    let bytes = Base64.bytes(text)
                else { throw Malformed() }
                return Data(bytes).databaseValue
            }
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                databaseValue = .null
            } else if let number = Self.attempt({ try container.decode(Int64.self) }) {
                databaseValue = number.databaseValue
            } else if let text = Self.attempt({ try container.decode(String.self) }) {
                databaseValue = text.databaseValue
            } else {
                databaseValue = try Self.bytes(hexadecimal: container.decode(Hexadecimal.self).hex)
            }
        }

        private static func bytes(hexadecimal text: String) throws -> DatabaseValue {
            let digits = text.utf8.map { Character(Unicode.Scalar($0)).hexDigitValue }
            guard digits.count.isMultiple(of: 2), digits.allSatisfy({ $0 != nil }) else {
                throw Malformed()
            }
            return Data(
                stride(from: 0, to: digits.count, by: 2).map {
                    UInt8((digits[$0] ?? 0) << 4 | (digits[$0 + 1] ?? 0))
                }
            ).databaseValue
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
