import CMariaDB
import Model

/// Reads the rows of an executed statement one by one.
///
/// SAFETY: the buffers are allocated here, freed in `deinit`, and written by the library only while
/// the statement, which its user keeps, is fetched from.
@safe final class MariaDBRowReader {
    private let statement: UnsafeMutablePointer<MYSQL_STMT>
    private let binds: UnsafeMutableBufferPointer<MYSQL_BIND>
    private let lengths: UnsafeMutableBufferPointer<UInt>
    private let nulls: UnsafeMutableBufferPointer<my_bool>
    private let errors: UnsafeMutableBufferPointer<my_bool>
    private let buffers: [UnsafeMutableRawPointer]
    private let kinds: [Kind]

    private enum Kind {
        case integer
        case unsigned
        case real
        case text
        case blob
    }

    /// Values up to this size arrive with the row; longer ones are fetched into memory of their size.
    private static let inlineSize = 1024

    init(_ statement: UnsafeMutablePointer<MYSQL_STMT>) throws(MonikerError) {
        unsafe self.statement = statement
        let count = Int(unsafe mysql_stmt_field_count(statement))
        unsafe binds = .allocate(capacity: count)
        unsafe lengths = .allocate(capacity: count)
        unsafe nulls = .allocate(capacity: count)
        unsafe errors = .allocate(capacity: count)
        unsafe lengths.initialize(repeating: 0)
        unsafe nulls.initialize(repeating: 0)
        unsafe errors.initialize(repeating: 0)
        var kinds: [Kind] = []
        var buffers: [UnsafeMutableRawPointer] = unsafe []
        let metadata = unsafe mysql_stmt_result_metadata(statement)
        defer { unsafe mysql_free_result(metadata) }
        for index in 0..<count {
            let field = unsafe mysql_fetch_field_direct(metadata, UInt32(index))
            let kind = unsafe field.map { unsafe Self.kind(of: $0.pointee) } ?? .blob
            kinds.append(kind)
            let buffer = UnsafeMutableRawPointer.allocate(
                byteCount: Self.inlineSize, alignment: 8)
            unsafe buffers.append(buffer)
            var bind = unsafe MYSQL_BIND()
            switch kind {
            case .integer, .unsigned:
                unsafe bind.buffer_type = MYSQL_TYPE_LONGLONG
                unsafe bind.is_unsigned = kind == .unsigned ? 1 : 0
            case .real: unsafe bind.buffer_type = MYSQL_TYPE_DOUBLE
            case .text, .blob: unsafe bind.buffer_type = MYSQL_TYPE_STRING
            }
            unsafe bind.buffer = buffer
            unsafe bind.buffer_length = UInt(Self.inlineSize)
            unsafe bind.length = lengths.baseAddress?.advanced(by: index)
            unsafe bind.is_null = nulls.baseAddress?.advanced(by: index)
            unsafe bind.error = errors.baseAddress?.advanced(by: index)
            unsafe binds.initializeElement(at: index, to: bind)
        }
        self.kinds = kinds
        unsafe self.buffers = buffers
        guard unsafe mysql_stmt_bind_result(statement, binds.baseAddress) == 0 else {
            throw MonikerError(.databaseFailed, "the database's answer cannot be read")
        }
    }

    deinit {
        unsafe buffers.forEach { unsafe $0.deallocate() }
        unsafe binds.deallocate()
        unsafe lengths.deallocate()
        unsafe nulls.deallocate()
        unsafe errors.deallocate()
    }

    /// Goes to the next row; false at the end.
    func next(_ failure: () -> MonikerError) throws(MonikerError) -> Bool {
        switch unsafe mysql_stmt_fetch(statement) {
        // Truncated values are fetched again, whole.
        case 0, MYSQL_DATA_TRUNCATED: return true
        case MYSQL_NO_DATA: return false
        default: throw failure()
        }
    }

    /// The values of the row.
    func row() throws(MonikerError) -> [SQLValue] {
        var values: [SQLValue] = []
        values.reserveCapacity(kinds.count)
        for index in kinds.indices { values.append(try value(index)) }
        return values
    }

    private func value(_ index: Int) throws(MonikerError) -> SQLValue {
        guard unsafe nulls[index] == 0 else { return .null }
        switch kinds[index] {
        case .integer: return .integer(unsafe buffers[index].load(as: Int64.self))
        case .unsigned:
            let number = unsafe buffers[index].load(as: UInt64.self)
            return Int64(exactly: number).map(SQLValue.integer) ?? .string(String(number))
        case .real: return .real(unsafe buffers[index].load(as: Double.self))
        case .text: return .text(try bytes(index))
        case .blob: return .blob(try bytes(index))
        }
    }

    private func bytes(_ index: Int) throws(MonikerError) -> [UInt8] {
        let count = Int(unsafe lengths[index])
        guard count > Self.inlineSize else {
            return unsafe Array(UnsafeRawBufferPointer(start: buffers[index], count: count))
        }
        var status: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            var bind = unsafe MYSQL_BIND()
            var length: UInt = 0
            unsafe bind.buffer_type = MYSQL_TYPE_STRING
            unsafe bind.buffer = UnsafeMutableRawPointer(buffer.baseAddress)
            unsafe bind.buffer_length = UInt(count)
            unsafe withUnsafeMutablePointer(to: &length) {
                unsafe bind.length = $0
                unsafe status = mysql_stmt_fetch_column(statement, &bind, UInt32(index), 0)
            }
            initialized = count
        }
        guard status == 0 else {
            throw MonikerError(.databaseFailed, "a long value cannot be read from the database")
        }
        return bytes
    }

    private static func kind(of field: MYSQL_FIELD) -> Kind {
        let isUnsigned = unsafe field.flags & UInt32(UNSIGNED_FLAG) != 0
        // 63 is the character set `binary`.
        let isBinary = unsafe field.charsetnr == 63
        switch unsafe field.type {
        case MYSQL_TYPE_TINY, MYSQL_TYPE_SHORT, MYSQL_TYPE_INT24, MYSQL_TYPE_LONG,
            MYSQL_TYPE_LONGLONG:
            return isUnsigned ? .unsigned : .integer
        case MYSQL_TYPE_FLOAT, MYSQL_TYPE_DOUBLE: return .real
        case MYSQL_TYPE_BIT: return .blob
        case MYSQL_TYPE_TINY_BLOB, MYSQL_TYPE_MEDIUM_BLOB, MYSQL_TYPE_LONG_BLOB, MYSQL_TYPE_BLOB,
            MYSQL_TYPE_STRING, MYSQL_TYPE_VAR_STRING, MYSQL_TYPE_VARCHAR:
            return isBinary ? .blob : .text
        default: return .text
        }
    }
}
