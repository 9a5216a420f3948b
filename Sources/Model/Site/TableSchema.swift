/// A base table of the site's database.
public struct TableSchema: Hashable, Sendable {
    /// The table's name, without quotes.
    public var name: String
    /// All columns, in the table's order, generated ones included.
    public var columns: [ColumnSchema]
    /// The names of the primary key's columns in key order; empty where there is no primary key.
    public var primaryKey: [String]
    /// What stores the table: `InnoDB`, `MyISAM`, …, or `SQLite`.
    public var storageEngine: String
    /// Whether a change of it can be rolled back.
    public var isTransactional: Bool
    /// About how many bytes its rows take; 0 where the database does not say.
    public var approximateBytes: Int

    /// Creates a description of a table.
    public init(
        name: String, columns: [ColumnSchema], primaryKey: [String], storageEngine: String,
        isTransactional: Bool, approximateBytes: Int = 0
    ) {
        self.approximateBytes = approximateBytes
        self.name = name
        self.columns = columns
        self.primaryKey = primaryKey
        self.storageEngine = storageEngine
        self.isTransactional = isTransactional
    }

    /// The primary key, where that is one integer column: then rows can be read in pages.
    public var integerKey: String? {
        guard primaryKey.count == 1, let column = column(named: primaryKey[0]), column.isInteger
        else { return nil }
        return column.name
    }

    /// The column of a name, compared without letter case as SQL does.
    public func column(named name: String) -> ColumnSchema? {
        // Nearly always it is spelled the same; lowering is slow.
        columns.first { $0.name == name }
            ?? columns.first { $0.name.lowercased() == name.lowercased() }
    }
}

/// A column of a table.
public struct ColumnSchema: Hashable, Sendable {
    /// What a column can hold, as far as references are concerned.
    public enum Kind: String, Hashable, Sendable {
        /// Character data.
        case text
        /// A JSON document (MySQL's own type; MariaDB's JSON is `text`).
        case json
        /// Binary data.
        case blob
        /// Numbers, dates, enumerations: never holds a reference.
        case other
    }

    /// The column's name, without quotes.
    public var name: String
    /// What it can hold.
    public var kind: Kind
    /// The character set of text, lower-case; nil otherwise and on SQLite.
    public var characterSet: String?
    /// The most bytes a value may have; nil where there is no limit.
    public var maximumBytes: Int?
    /// The most characters a value may have; nil where only bytes are limited.
    public var maximumCharacters: Int?
    /// Whether the database computes the value, so that it cannot be written.
    public var isGenerated: Bool
    /// Whether an UPDATE that does not name the column changes it (`ON UPDATE CURRENT_TIMESTAMP`).
    public var updatesItself: Bool
    /// Whether it holds integers only.
    public var isInteger: Bool

    /// Creates a description of a column.
    public init(
        name: String, kind: Kind, characterSet: String? = nil, maximumBytes: Int? = nil,
        maximumCharacters: Int? = nil, isGenerated: Bool = false, updatesItself: Bool = false,
        isInteger: Bool = false
    ) {
        self.isInteger = isInteger
        self.name = name
        self.kind = kind
        self.characterSet = characterSet
        self.maximumBytes = maximumBytes
        self.maximumCharacters = maximumCharacters
        self.isGenerated = isGenerated
        self.updatesItself = updatesItself
    }
}
