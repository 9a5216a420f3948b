import Model

/// The stored form of recorded splices: per splice the offset, the two lengths and the two runs of
/// bytes, numbers as unsigned LEB128.
enum SpliceCoding {
    static func encode(_ splices: [RecordedSplice]) -> [UInt8] {
        var bytes: [UInt8] = []
        appendNumber(splices.count, to: &bytes)
        for splice in splices {
            appendNumber(splice.offset, to: &bytes)
            appendNumber(splice.old.count, to: &bytes)
            appendNumber(splice.new.count, to: &bytes)
            bytes += splice.old
            bytes += splice.new
        }
        return bytes
    }

    /// Reads what `encode` wrote: splices that are ordered and do not overlap, and nothing else.
    static func decode(_ bytes: [UInt8]) throws(MonikerError) -> [RecordedSplice] {
        var reader = Reader(bytes: bytes)
        var splices: [RecordedSplice] = []
        var end = 0
        for _ in 0..<(try reader.number()) {
            let offset = try reader.number()
            let oldCount = try reader.number()
            let newCount = try reader.number()
            guard offset >= end else { throw damaged() }
            splices.append(
                RecordedSplice(
                    offset: offset, old: try reader.run(of: oldCount),
                    new: try reader.run(of: newCount)))
            end = offset + oldCount
        }
        guard reader.position == bytes.count else { throw damaged() }
        return splices
    }

    private static func appendNumber(_ number: Int, to bytes: inout [UInt8]) {
        var rest = UInt64(number)
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private struct Reader {
        let bytes: [UInt8]
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
            throw SpliceCoding.damaged()
        }

        mutating func run(of count: Int) throws(MonikerError) -> [UInt8] {
            guard count <= bytes.count - position else { throw SpliceCoding.damaged() }
            defer { position += count }
            return Array(bytes[position..<(position + count)])
        }
    }

    private static func damaged() -> MonikerError {
        MonikerError(
            .journalUnusable,
            "the journal's record of an edit is damaged: restore journal.sqlite from a backup, or run `moniker verify`"
        )
    }
}
