internal import CMariaDB
import Model

/// A prepared statement: binds values, runs, and hands out rows one at a time.
///
/// Rows are not stored on this side: memory holds the packet of one row and the values made of it.
@safe final class MariaDBStatement {
    // SAFETY: owned by this object, closed in `deinit`; `connection` keeps the parent open longer.
    private let handle: UnsafeMutablePointer<MYSQL_STMT>
    private let connection: MariaDBConnection
    private var columns: [MariaDBResultColumn] = []
    // SAFETY: allocated in `bindColumns` with one element a column, freed in `deinit`.
    private var bindings: UnsafeMutableBufferPointer<MYSQL_BIND> = unsafe .init(
        start: nil, count: 0)
    private var scratch: UnsafeMutableBufferPointer<MariaDBScratch> = unsafe .init(
        start: nil, count: 0)

    /// Values from here on are sent in pieces instead of being copied into the packet.
    private static let longValue = 64 * 1024
    private static let pieceBytes = 512 * 1024

    /// Takes over a fresh handle and prepares the statement's text.
    init(
        _ handle: UnsafeMutablePointer<MYSQL_STMT>, _ text: String, on connection: MariaDBConnection
    ) throws(MariaDBFailure) {
        unsafe self.handle = handle
        self.connection = connection
        // SAFETY: the C string lives for the length of the call.
        if unsafe mysql_stmt_prepare(handle, text, UInt(text.utf8.count)) != 0 { throw failure }
    }

    /// Takes over a fresh handle, prepares the statement's text and runs it.
    ///
    /// One trip to a MariaDB server from 10.2 on, which takes the run together with the text
    /// (https://mariadb.com/kb/en/mariadb_stmt_execute_direct/); others are asked twice by the library.
    init(
        _ handle: UnsafeMutablePointer<MYSQL_STMT>, running text: String,
        with parameters: [MariaDBParameter], on connection: MariaDBConnection
    ) throws(MariaDBFailure) {
        unsafe self.handle = handle
        self.connection = connection
        // Pieces belong to a statement that the server knows already.
        if parameters.contains(where: Self.isSentInPieces) {
            // SAFETY: the C string lives for the length of the call.
            if unsafe mysql_stmt_prepare(handle, text, UInt(text.utf8.count)) != 0 { throw failure }
            try execute(parameters)
            return
        }
        var count = UInt32(parameters.count)
        // SAFETY: the library copies the number.
        if unsafe mysql_stmt_attr_set(handle, STMT_ATTR_PREBIND_PARAMS, &count) != 0 {
            throw failure
        }
        try withBindings(of: parameters) { () throws(MariaDBFailure) in
            // SAFETY: the C string lives for the length of the call.
            if unsafe mariadb_stmt_execute_direct(handle, text, text.utf8.count) != 0 {
                throw failure
            }
        }
    }

    deinit {
        // Closing reads and drops the rows that nobody asked for.
        unsafe mysql_stmt_close(handle)
        unsafe bindings.deallocate()
        unsafe scratch.deallocate()
    }

    private var failure: MariaDBFailure {
        // An error that arrives between two rows is noted at the connection only.
        guard unsafe mysql_stmt_errno(handle) != 0 else { return connection.failure }
        // SAFETY: the library returns a NUL-terminated string that is valid until the next call.
        return MariaDBFailure(
            number: Int32(bitPattern: unsafe mysql_stmt_errno(handle)),
            message: unsafe String(cString: mysql_stmt_error(handle)))
    }

    /// How many rows the last run matched.
    var matchedRows: UInt64 { unsafe mysql_stmt_affected_rows(handle) }

    /// The number that the last run gave to the row that it added.
    var insertedKey: UInt64 { unsafe mysql_stmt_insert_id(handle) }

    /// Runs the statement.
    func execute(_ parameters: [MariaDBParameter]) throws(MariaDBFailure) {
        precondition(
            parameters.count == Int(unsafe mysql_stmt_param_count(handle)),
            "a value for every placeholder")
        try withBindings(of: parameters) { () throws(MariaDBFailure) in
            for (index, parameter) in parameters.enumerated() {
                guard case .bytes(let bytes) = parameter, Self.isSentInPieces(parameter) else {
                    continue
                }
                try send(bytes, at: index)
            }
            if unsafe mysql_stmt_execute(handle) != 0 { throw failure }
        }
    }

    /// Binds values for as long as `run` takes.
    private func withBindings(
        of parameters: [MariaDBParameter], _ run: () throws(MariaDBFailure) -> Void
    ) throws(MariaDBFailure) {
        let small = parameters.reduce(0) { $0 + Self.inlineBytes($1) }
        // SAFETY: both areas live until `run` has returned; the statement is not run again without
        // binding anew. `arena` holds every value that `binds` points into.
        let arena = UnsafeMutableRawBufferPointer.allocate(byteCount: small, alignment: 8)
        let binds = UnsafeMutableBufferPointer<MYSQL_BIND>.allocate(
            capacity: parameters.count)
        defer {
            unsafe arena.deallocate()
            unsafe binds.deallocate()
        }
        var offset = 0
        for (index, parameter) in parameters.enumerated() {
            let room = unsafe UnsafeMutableRawBufferPointer(
                rebasing: arena[offset..<offset + Self.inlineBytes(parameter)])
            unsafe binds.initializeElement(at: index, to: Self.bind(parameter, in: room))
            offset += room.count
        }
        if !parameters.isEmpty, unsafe mysql_stmt_bind_param(handle, binds.baseAddress) != 0 {
            throw failure
        }
        try run()
    }

    /// Whether the server takes arrays of values.
    var takesArrays: Bool { connection.takesArrays }

    /// Runs the statement once for each list of values, with one request.
    ///
    /// Every list has the same kinds of values in the same places, integers or bytes.
    func execute(forEach lists: ArraySlice<[MariaDBParameter]>) throws(MariaDBFailure) {
        let parameterCount = Int(unsafe mysql_stmt_param_count(handle))
        let columns = (0..<parameterCount).map { index in
            MariaDBParameterColumn(lists.map { $0[index] })
        }
        // SAFETY: the columns own what the bindings point into and live past the call below.
        let binds = UnsafeMutableBufferPointer<MYSQL_BIND>.allocate(capacity: parameterCount)
        defer { unsafe binds.deallocate() }
        for (index, column) in columns.enumerated() {
            unsafe binds.initializeElement(at: index, to: column.binding)
        }
        var count = UInt32(lists.count)
        // SAFETY: the library copies the number.
        if unsafe mysql_stmt_attr_set(handle, STMT_ATTR_ARRAY_SIZE, &count) != 0 { throw failure }
        let isBound = unsafe mysql_stmt_bind_param(handle, binds.baseAddress) == 0
        let isDone = unsafe isBound && mysql_stmt_execute(handle) == 0
        withExtendedLifetime(columns) {}
        if !isDone { throw failure }
    }

    private static func isSentInPieces(_ parameter: MariaDBParameter) -> Bool {
        guard case .bytes(let bytes) = parameter else { return false }
        return bytes.count >= longValue
    }

    /// The bytes a value takes in the arena: a multiple of 8, so that numbers are aligned.
    private static func inlineBytes(_ parameter: MariaDBParameter) -> Int {
        switch parameter {
        case .null: 0
        case .integer, .unsigned, .real: 8
        case .bytes(let bytes): isSentInPieces(parameter) ? 0 : (bytes.count + 7) / 8 * 8
        }
    }

    private static func bind(
        _ parameter: MariaDBParameter, in room: UnsafeMutableRawBufferPointer
    ) -> MYSQL_BIND {
        var bind = unsafe MYSQL_BIND()
        // SAFETY: `room` has the bytes that `inlineBytes` promised for this parameter.
        unsafe bind.buffer = room.baseAddress
        switch parameter {
        case .null:
            unsafe bind.buffer_type = MYSQL_TYPE_NULL
        case .integer(let number):
            unsafe room.storeBytes(of: number, as: Int64.self)
            unsafe bind.buffer_type = MYSQL_TYPE_LONGLONG
        case .unsigned(let number):
            unsafe room.storeBytes(of: number, as: UInt64.self)
            unsafe bind.buffer_type = MYSQL_TYPE_LONGLONG
            unsafe bind.is_unsigned = 1
        case .real(let number):
            unsafe room.storeBytes(of: number, as: Double.self)
            unsafe bind.buffer_type = MYSQL_TYPE_DOUBLE
        case .bytes(let bytes):
            if !isSentInPieces(parameter) { unsafe room.copyBytes(from: bytes) }
            unsafe bind.buffer_type = MYSQL_TYPE_BLOB
            unsafe bind.buffer_length = UInt(bytes.count)
        }
        return unsafe bind
    }

    private func send(_ bytes: [UInt8], at index: Int) throws(MariaDBFailure) {
        var start = 0
        while start < bytes.count {
            let count = min(Self.pieceBytes, bytes.count - start)
            let refused = unsafe bytes.withUnsafeBytes { whole in
                // SAFETY: the piece lies within the array; the library sends it before returning.
                let piece = unsafe UnsafeRawBufferPointer(rebasing: whole[start..<start + count])
                let text = unsafe piece.baseAddress?.assumingMemoryBound(to: CChar.self)
                return unsafe mysql_stmt_send_long_data(
                    handle, UInt32(index), text, UInt(count)) != 0
            }
            if refused { throw failure }
            start += count
        }
    }

    /// Reads and drops what is left of the last run, so that the statement can be run again.
    func reset() throws(MariaDBFailure) {
        if unsafe mysql_stmt_free_result(handle) != 0 { throw failure }
        // The table may have other columns next time.
        columns = []
        unsafe bindings.deallocate()
        unsafe scratch.deallocate()
        unsafe bindings = .init(start: nil, count: 0)
        unsafe scratch = .init(start: nil, count: 0)
    }

    /// The next row; nil after the last.
    func nextRow() throws(MariaDBFailure) -> [SQLValue]? {
        if columns.isEmpty { try bindColumns() }
        switch unsafe mysql_stmt_fetch(handle) {
        case 0, MYSQL_DATA_TRUNCATED: break
        case MYSQL_NO_DATA: return nil
        default: throw failure
        }
        var row: [SQLValue] = []
        row.reserveCapacity(columns.count)
        for index in columns.indices { row.append(try value(at: index)) }
        return row
    }

    private func bindColumns() throws(MariaDBFailure) {
        guard let metadata = unsafe mysql_stmt_result_metadata(handle) else { throw failure }
        defer { unsafe mysql_free_result(metadata) }
        let count = Int(unsafe mysql_num_fields(metadata))
        // SAFETY: `mysql_fetch_fields` returns `count` fields that live as long as `metadata`.
        guard let fields = unsafe mysql_fetch_fields(metadata) else { throw failure }
        columns = (0..<count).map { unsafe MariaDBResultColumn(fields[$0]) }
        // SAFETY: neither area moves while the library writes into `scratch` through `bindings`.
        unsafe scratch = .allocate(capacity: count)
        unsafe bindings = .allocate(capacity: count)
        for index in 0..<count {
            unsafe scratch.initializeElement(at: index, to: MariaDBScratch())
            guard let slot = unsafe scratch.baseAddress.map({ unsafe $0 + index }) else { continue }
            var bind = unsafe MYSQL_BIND()
            unsafe bind.buffer_type = columns[index].bindType
            unsafe bind.buffer = UnsafeMutableRawPointer(slot)
            unsafe bind.buffer_length = UInt(MariaDBScratch.capacity)
            unsafe bind.is_unsigned = columns[index].isUnsigned ? 1 : 0
            unsafe bind.length = slot.pointer(to: \.length)
            unsafe bind.is_null = slot.pointer(to: \.isNull)
            unsafe bind.error = slot.pointer(to: \.isTruncated)
            unsafe bindings.initializeElement(at: index, to: bind)
        }
        if unsafe mysql_stmt_bind_result(handle, bindings.baseAddress) != 0 { throw failure }
    }

    private func value(at index: Int) throws(MariaDBFailure) -> SQLValue {
        let slot = unsafe scratch[index]
        if slot.isNull != 0 { return .null }
        let column = columns[index]
        // SAFETY: `slot` is a copy of what the library filled in for this row.
        switch column.shape {
        case .integer:
            let number = unsafe withUnsafeBytes(of: slot) { unsafe $0.load(as: Int64.self) }
            guard column.isUnsigned, number < 0 else { return .integer(number) }
            return .string(String(UInt64(bitPattern: number)))
        case .real:
            return .real(unsafe withUnsafeBytes(of: slot) { unsafe $0.load(as: Double.self) })
        case .bits:
            let count = min(Int(slot.length), 8)
            let number = unsafe withUnsafeBytes(of: slot) {
                unsafe $0.prefix(count).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            }
            return Int64(exactly: number).map { .integer($0) } ?? .string(String(number))
        case .text: return .text(try bytes(at: index, slot))
        case .blob: return .blob(try bytes(at: index, slot))
        }
    }

    private func bytes(at index: Int, _ slot: MariaDBScratch) throws(MariaDBFailure) -> [UInt8] {
        let count = Int(slot.length)
        if count <= MariaDBScratch.capacity {
            return unsafe withUnsafeBytes(of: slot) { unsafe Array($0.prefix(count)) }
        }
        var refused = false
        // With room to grow in place, because a long value must not be there twice.
        let spare = count >= 1 << 20 ? 1 << 16 : 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count + spare) { room, filled in
            var bind = unsafe MYSQL_BIND()
            unsafe bind.buffer_type = MYSQL_TYPE_BLOB
            unsafe bind.buffer = UnsafeMutableRawPointer(room.baseAddress)
            unsafe bind.buffer_length = UInt(count)
            // SAFETY: `room` has `count` bytes or more, which is the length the library reported.
            refused = unsafe mysql_stmt_fetch_column(handle, &bind, UInt32(index), 0) != 0
            filled = refused ? 0 : count
        }
        if refused { throw failure }
        return bytes
    }
}
