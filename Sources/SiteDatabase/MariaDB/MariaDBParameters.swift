import CMariaDB
import Model

/// The parameters of one prepared statement in the library's form.
///
/// SAFETY: all memory is allocated here and freed in `deinit`; the object is kept alive by its user
/// until the statement has run.
@safe final class MariaDBParameters {
    private let binds: UnsafeMutableBufferPointer<MYSQL_BIND>
    private var buffers: [UnsafeMutableRawPointer] = unsafe []

    /// Copies the parameters; text and binary values of `longValue` bytes and more are left out,
    /// because they are sent in pieces.
    init(_ values: [SQLValue], longValue: Int) {
        unsafe binds = .allocate(capacity: values.count)
        for (index, value) in values.enumerated() {
            var bind = unsafe MYSQL_BIND()
            switch value {
            case .null: unsafe bind.buffer_type = MYSQL_TYPE_NULL
            case .integer(let number):
                unsafe bind.buffer_type = MYSQL_TYPE_LONGLONG
                unsafe bind.buffer = copy(of: number)
            case .real(let number):
                unsafe bind.buffer_type = MYSQL_TYPE_DOUBLE
                unsafe bind.buffer = copy(of: number)
            case .text(let bytes), .blob(let bytes):
                unsafe bind.buffer_type = MYSQL_TYPE_LONG_BLOB
                if bytes.count < longValue {
                    unsafe bind.buffer = copy(bytes)
                    unsafe bind.buffer_length = UInt(bytes.count)
                    unsafe bind.length_value = UInt(bytes.count)
                }
            }
            unsafe binds.initializeElement(at: index, to: bind)
        }
    }

    deinit {
        unsafe buffers.forEach { unsafe $0.deallocate() }
        unsafe binds.deallocate()
    }

    /// Hands the parameters to a statement.
    func bind(to statement: UnsafeMutablePointer<MYSQL_STMT>) -> Bool {
        unsafe binds.isEmpty || mysql_stmt_bind_param(statement, binds.baseAddress) == 0
    }

    private func copy<Number>(of number: Number) -> UnsafeMutableRawPointer {
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: MemoryLayout<Number>.size, alignment: MemoryLayout<Number>.alignment)
        unsafe memory.storeBytes(of: number, as: Number.self)
        unsafe buffers.append(memory)
        return unsafe memory
    }

    private func copy(_ bytes: [UInt8]) -> UnsafeMutableRawPointer {
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: max(1, bytes.count), alignment: 1)
        unsafe bytes.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            unsafe memory.copyMemory(from: start, byteCount: source.count)
        }
        unsafe buffers.append(memory)
        return unsafe memory
    }
}
