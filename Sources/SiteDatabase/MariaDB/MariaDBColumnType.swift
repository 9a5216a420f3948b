import Model

/// What the driver has to know of a column to compare it and to write it byte for byte.
struct MariaDBColumnType: Hashable {
    /// How the server compares the type.
    enum Family: Hashable {
        case integer
        case real
        case decimal
        case temporal
        case binary
        case text
        case json
        case other
    }

    /// The type's name without length and attributes, for example `varchar`.
    let name: String
    /// The collation of text, for example `utf8mb4_unicode_520_ci`.
    let collation: String?

    /// Creates a type.
    ///
    /// - Parameter declaration: the type as the server declares it, with or without its length.
    init(declaration: String, collation: String?) {
        name = String(declaration.lowercased().prefix { $0.isLetter || $0.isNumber || $0 == "_" })
        self.collation = collation
    }

    /// The character set of text: the start of its collation's name.
    var characterSet: String? {
        collation.map { String($0.prefix { $0 != "_" }) }
    }

    /// How the server compares the type.
    var family: Family {
        switch name {
        case "tinyint", "smallint", "mediumint", "int", "bigint", "year", "bit": .integer
        case "float", "double": .real
        case "decimal": .decimal
        case "date", "datetime", "timestamp", "time": .temporal
        case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob": .binary
        case "char", "varchar", "tinytext", "text", "mediumtext", "longtext": .text
        case "json": .json
        default: .other
        }
    }

    /// What the column can hold, as far as references are concerned.
    ///
    /// Text in a character set whose ASCII letters take more than a byte is not looked into.
    var kind: ColumnSchema.Kind {
        switch family {
        case .text:
            switch characterSet {
            case "ucs2", "utf16", "utf16le", "utf32": .other
            default: .text
            }
        case .binary: .blob
        case .json: .json
        case .integer, .real, .decimal, .temporal, .other: .other
        }
    }
}
