internal import CMariaDB

/// The values of one placeholder for many runs of a statement, as the client library wants them:
/// numbers one after the other, or pointers and lengths.
@safe final class MariaDBParameterColumn {
    // SAFETY: all three are allocated in `init` and freed in `deinit`; nothing else frees them.
    private let bytes: UnsafeMutableRawBufferPointer
    private let pointers: UnsafeMutableBufferPointer<UnsafeMutableRawPointer?>
    private let lengths: UnsafeMutableBufferPointer<UInt>
    private let isNumeric: Bool

    /// Copies the values, which are all integers or all bytes.
    init(_ values: [MariaDBParameter]) {
        if case .integer = values.first { isNumeric = true } else { isNumeric = false }
        let size = values.reduce(0) { $0 + Self.size(of: $1) }
        unsafe bytes = .allocate(byteCount: max(size, 1), alignment: 8)
        unsafe pointers = .allocate(capacity: values.count)
        unsafe lengths = .allocate(capacity: values.count)
        var offset = 0
        for (index, value) in values.enumerated() {
            // SAFETY: `size` is the sum of all sizes, so each value has its room.
            let room = unsafe UnsafeMutableRawBufferPointer(
                rebasing: bytes[offset..<offset + Self.size(of: value)])
            switch value {
            case .integer(let number): unsafe room.storeBytes(of: number, as: Int64.self)
            case .bytes(let value): unsafe room.copyBytes(from: value)
            case .null, .unsigned, .real:
                preconditionFailure("a key of an array is an integer, a value bytes")
            }
            unsafe pointers.initializeElement(
                at: index, to: bytes.baseAddress.map { unsafe $0 + offset })
            unsafe lengths.initializeElement(at: index, to: UInt(room.count))
            offset += room.count
        }
    }

    deinit {
        unsafe bytes.deallocate()
        unsafe pointers.deallocate()
        unsafe lengths.deallocate()
    }

    private static func size(of value: MariaDBParameter) -> Int {
        if case .bytes(let bytes) = value { bytes.count } else { 8 }
    }

    /// What the library is given for the placeholder.
    var binding: MYSQL_BIND {
        var bind = unsafe MYSQL_BIND()
        unsafe bind.buffer_type = isNumeric ? MYSQL_TYPE_LONGLONG : MYSQL_TYPE_BLOB
        unsafe bind.buffer =
            isNumeric
            ? bytes.baseAddress : UnsafeMutableRawPointer(pointers.baseAddress)
        unsafe bind.length = lengths.baseAddress
        return unsafe bind
    }
}
