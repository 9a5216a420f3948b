/// Writes the fields of a message between the program and a picture worker.
struct WireWriter {
    /// What was written.
    private(set) var bytes: [UInt8] = []

    /// Writes a number.
    mutating func write(_ number: Int) {
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    /// Writes bytes and how many they are.
    mutating func write(_ value: some Collection<UInt8>) {
        write(value.count)
        bytes += value
    }

    /// Writes a text.
    mutating func write(_ text: String) { write(text.utf8) }

    /// Writes a text that may be absent.
    mutating func write(_ text: String?) {
        write(text == nil ? 0 : 1)
        if let text { write(text) }
    }

    /// Writes texts.
    mutating func write(_ texts: [String]) {
        write(texts.count)
        for text in texts { write(text) }
    }
}
