internal import Model

/// Reads the fields of a message, believing nothing: a worker may have been taken over by a picture.
struct WireReader {
    private let bytes: [UInt8]
    private var position = 0

    /// Creates a reader of a message's body.
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private static var malformed: MonikerError {
        MonikerError(
            .imageWorkerFailed,
            "the picture worker answered something that is no answer; the picture was not used")
    }

    /// Reads a number.
    mutating func number() throws(MonikerError) -> Int {
        guard bytes.count - position >= 8 else { throw Self.malformed }
        defer { position += 8 }
        return bytes[position..<position + 8].reduce(0) { $0 << 8 | Int($1) }
    }

    /// Reads a number that must be in a range.
    mutating func number(in range: ClosedRange<Int>) throws(MonikerError) -> Int {
        let number = try number()
        guard range.contains(number) else { throw Self.malformed }
        return number
    }

    /// Reads bytes.
    mutating func data() throws(MonikerError) -> [UInt8] {
        let count = try number(in: 0...(bytes.count))
        guard bytes.count - position >= count else { throw Self.malformed }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    /// Reads a text; invalid UTF-8 becomes U+FFFD.
    mutating func text() throws(MonikerError) -> String {
        String(decoding: try data(), as: UTF8.self)
    }

    /// Reads a text that may be absent.
    mutating func optionalText() throws(MonikerError) -> String? {
        try number(in: 0...1) == 0 ? nil : try text()
    }

    /// Reads texts.
    mutating func texts() throws(MonikerError) -> [String] {
        let count = try number(in: 0...1000)
        var texts: [String] = []
        for _ in 0..<count { texts.append(try text()) }
        return texts
    }

    /// Reads a case by its spelling.
    mutating func value<Value: RawRepresentable<String>>(
        of type: Value.Type
    ) throws(MonikerError) -> Value {
        guard let value = Value(rawValue: try text()) else { throw Self.malformed }
        return value
    }

    /// Checks that nothing is left.
    func finish() throws(MonikerError) {
        guard position == bytes.count else { throw Self.malformed }
    }
}
