import Model

/// Numbers as unsigned LEB128.
enum PackedNumber {
    static func append(_ number: Int, to bytes: inout [UInt8]) {
        var rest = UInt64(number)
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}

/// Runs of bytes without the beginning that they share with another run.
enum SharedBeginning {
    static func append(_ run: [UInt8], after other: [UInt8], to bytes: inout [UInt8]) {
        unsafe run.withUnsafeBytes { run in
            unsafe other.withUnsafeBytes { other in
                // SAFETY: both whole, and nothing of them is kept.
                unsafe append(run[...], after: other[...], to: &bytes)
            }
        }
    }

    static func append(
        _ run: Slice<UnsafeRawBufferPointer>, after other: Slice<UnsafeRawBufferPointer>,
        to bytes: inout [UInt8]
    ) {
        // SAFETY: within both runs, and nothing of them is kept.
        let (run, other) = unsafe (
            UnsafeRawBufferPointer(rebasing: run), UnsafeRawBufferPointer(rebasing: other)
        )
        var shared = 0
        let most = min(run.count, other.count)
        while shared < most, unsafe run[shared] == other[shared] { shared += 1 }
        PackedNumber.append(shared, to: &bytes)
        PackedNumber.append(run.count - shared, to: &bytes)
        unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: run[shared...]))
    }
}

/// Reads packed numbers and runs; whatever is no such thing is a damaged journal.
struct PackedReader {
    let bytes: [UInt8]
    /// What is read, for people.
    let what: String
    var position = 0

    mutating func number() throws(MonikerError) -> Int {
        var number: UInt64 = 0
        var shift: UInt64 = 0
        while position < bytes.count, shift < 56 {
            let byte = bytes[position]
            position += 1
            number |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return Int(number) }
            shift += 7
        }
        throw damaged()
    }

    mutating func run(of count: Int) throws(MonikerError) -> [UInt8] {
        guard count <= bytes.count - position else { throw damaged() }
        defer { position += count }
        return Array(bytes[position..<(position + count)])
    }

    /// A run that begins like another one.
    mutating func run(after other: [UInt8]) throws(MonikerError) -> [UInt8] {
        let shared = try number()
        let count = try number()
        guard shared <= other.count, count <= bytes.count - position else { throw damaged() }
        var run: [UInt8] = []
        run.reserveCapacity(shared + count)
        run += other[..<shared]
        run += bytes[position..<(position + count)]
        position += count
        return run
    }

    func damaged() -> MonikerError {
        MonikerError(
            .journalUnusable,
            "the journal's record of an \(what) is damaged: restore journal.sqlite from a backup, or run `moniker verify`"
        )
    }
}
