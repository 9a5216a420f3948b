import Model

/// A row's key as a JSON object: column names and values, numbers as numbers.
public struct KeyJSON: Encodable, Sendable, CustomStringConvertible {
    private let key: RowKey

    init(_ key: RowKey) { self.key = key }

    private struct Column: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// Encodes an object with one member a column.
    ///
    /// Of a row without a primary key, long values are cut: they are there to recognise the row.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Column.self)
        for part in key.parts {
            let column = Column(part.column)
            switch part.value {
            case .null: try container.encodeNil(forKey: column)
            case .integer(let number): try container.encode(number, forKey: column)
            case .real(let number): try container.encode(number, forKey: column)
            case .text(let bytes), .blob(let bytes):
                try container.encode(Self.excerpt(bytes), forKey: column)
            }
        }
    }

    /// The values for people, separated by commas.
    public var description: String {
        key.parts.map {
            $0.value.bytes.map(Self.excerpt) ?? $0.value.description
        }.joined(separator: ",")
    }

    private static func excerpt(_ bytes: [UInt8]) -> String {
        bytes.count <= 80 ? displayText(bytes) : displayText(bytes.prefix(77)) + "…"
    }
}
