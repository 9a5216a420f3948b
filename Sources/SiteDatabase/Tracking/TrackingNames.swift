import Model

/// What the triggers that note changes are called, and by which number a note names its table.
struct TrackingNames {
    /// The events that a trigger is made for.
    enum Event: String, CaseIterable {
        case insert
        case update
        case delete
    }

    /// The table of notes.
    let notes: String

    init(prefix: String) { notes = prefix + "moniker_changes" }

    /// The number of the row that holds the epoch; no note has it.
    static let epochNumber: Int64 = 1
    /// What the epoch's row has in place of a table.
    static let epochSource: Int64 = 0

    /// A trigger's name: unique in a database that holds several sites, and short enough.
    func trigger(_ event: Event, on table: String) -> String {
        let digits = String(UInt64(bitPattern: source(of: table)), radix: 16)
        let padding = String(repeating: "0", count: 16 - digits.utf8.count)
        return "moniker_\(event.rawValue)_\(padding)\(digits)"
    }

    /// The number of a table in the notes: FNV-1a of both names, so that no list has to be kept.
    func source(of table: String) -> Int64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in Array(notes.utf8) + [0] + Array(table.utf8) {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        let number = Int64(bitPattern: hash)
        return number == Self.epochSource ? 2 : number
    }

    /// The tables by their numbers.
    func tables(_ tables: [TableSchema]) -> [Int64: TableSchema] {
        var found: [Int64: TableSchema] = [:]
        for table in tables { found[source(of: table.name)] = table }
        return found
    }

    /// What of a table's columns an index depends on.
    static func fingerprint(of table: TableSchema) -> String {
        let columns = table.columns.map {
            "\($0.name) \($0.kind.rawValue) \($0.characterSet ?? "-") \($0.isGenerated)"
        }
        return ([table.storageEngine] + table.primaryKey + columns).joined(separator: "|")
    }
}

extension RowKey {
    /// The key of no row.
    static let none = RowKey(parts: [], isPrimary: true)
}
