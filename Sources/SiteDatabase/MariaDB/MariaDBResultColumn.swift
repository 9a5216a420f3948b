internal import CMariaDB

/// How a column of a result is fetched.
struct MariaDBResultColumn {
    /// What becomes of the fetched bytes.
    enum Shape {
        case integer
        case real
        case bits
        case text
        case blob
    }

    /// The number of the character set `binary` in a result's description.
    private static let binaryCharacterSet: UInt32 = 63

    let shape: Shape
    let isUnsigned: Bool

    init(_ field: MYSQL_FIELD) {
        // SAFETY: only numbers of the field's description are read.
        isUnsigned = unsafe field.flags & UInt32(UNSIGNED_FLAG) != 0
        let isBinary = unsafe field.charsetnr == Self.binaryCharacterSet
        shape =
            switch unsafe field.type {
            case MYSQL_TYPE_TINY, MYSQL_TYPE_SHORT, MYSQL_TYPE_INT24, MYSQL_TYPE_LONG,
                MYSQL_TYPE_LONGLONG, MYSQL_TYPE_YEAR:
                .integer
            case MYSQL_TYPE_FLOAT, MYSQL_TYPE_DOUBLE: .real
            case MYSQL_TYPE_BIT: .bits
            case MYSQL_TYPE_GEOMETRY: .blob
            case MYSQL_TYPE_TINY_BLOB, MYSQL_TYPE_MEDIUM_BLOB, MYSQL_TYPE_LONG_BLOB,
                MYSQL_TYPE_BLOB, MYSQL_TYPE_VAR_STRING, MYSQL_TYPE_STRING, MYSQL_TYPE_VARCHAR:
                isBinary ? .blob : .text
            default: .text
            }
    }

    /// The type asked of the client library.
    var bindType: enum_field_types {
        switch shape {
        case .integer: MYSQL_TYPE_LONGLONG
        case .real: MYSQL_TYPE_DOUBLE
        case .bits: MYSQL_TYPE_BLOB
        case .text: MYSQL_TYPE_STRING
        case .blob: MYSQL_TYPE_BLOB
        }
    }
}

/// Where the client library puts a column of the current row: the value itself if it is short.
struct MariaDBScratch {
    /// The bytes of `value`.
    static let capacity = 64

    /// Room for the value; first, so that its address is the struct's.
    var value: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (
        0, 0, 0, 0, 0, 0, 0, 0
    )
    /// The value's whole length.
    var length: UInt = 0
    /// Not 0 for NULL.
    var isNull: CChar = 0
    /// Not 0 where the value did not fit.
    var isTruncated: CChar = 0
}
