/// Bytes as base64 (RFC 4648, with padding): two thirds of the length of hexadecimal digits.
///
/// Written by hand, because blobs are most of a manifest and a bulk rename writes a hundred million
/// bytes of them.
enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The two letters of each twelve bits, in the order in which they are in memory.
    private static let pairs: [UInt16] = (0..<4096).map {
        (UInt16(alphabet[$0 >> 6]) | UInt16(alphabet[$0 & 63]) << 8).littleEndian
    }

    /// The six bits of each letter, and `other` for every other byte.
    private static let bits: [UInt8] = {
        var bits = [UInt8](repeating: other, count: 256)
        for (value, letter) in alphabet.enumerated() { bits[Int(letter)] = UInt8(value) }
        return bits
    }()
    private static let other: UInt8 = 0xFF
    private static let padding = UInt8(ascii: "=")

    /// Appends the letters for bytes.
    static func append(_ bytes: UnsafeRawBufferPointer, to buffer: inout [UInt8]) {
        let whole = bytes.count / 3 * 3
        let pairs = Self.pairs
        buffer.append(addingCapacity: whole / 3 * 4) { letters in
            // SAFETY: four letters for each three bytes, which the capacity was made for, behind
            // what is initialized; and twelve bits are always an index of the pairs.
            unsafe letters.withUnsafeMutableBufferPointer { target, count in
                let rest = unsafe UnsafeMutableRawBufferPointer(
                    UnsafeMutableBufferPointer(rebasing: target[count...]))
                unsafe pairs.withUnsafeBufferPointer { pairs in
                    var place = 0
                    var index = 0
                    while index < whole {
                        let group =
                            unsafe Int(bytes[index]) << 16 | Int(bytes[index + 1]) << 8
                            | Int(bytes[index + 2])
                        unsafe rest.storeBytes(
                            of: pairs[group >> 12], toByteOffset: place, as: UInt16.self)
                        unsafe rest.storeBytes(
                            of: pairs[group & 4095], toByteOffset: place + 2, as: UInt16.self)
                        index += 3
                        place += 4
                    }
                    count += place
                }
            }
        }
        // SAFETY: the caller's bytes are valid for the length of the call.
        switch bytes.count - whole {
        case 1:
            let last = unsafe Int(bytes[whole])
            buffer += [alphabet[last >> 2], alphabet[last << 4 & 63], padding, padding]
        case 2:
            let last = unsafe Int(bytes[whole]) << 8 | Int(bytes[whole + 1])
            buffer += [
                alphabet[last >> 10], alphabet[last >> 4 & 63], alphabet[last << 2 & 63], padding,
            ]
        default: break
        }
    }

    /// The bytes of what `append` wrote; nil for anything else, also where it would mean the same.
    static func bytes(_ text: String) -> [UInt8]? {
        let letters = Array(text.utf8)
        guard letters.count.isMultiple(of: 4) else { return nil }
        let missing = letters.reversed().prefix(2).prefix { $0 == padding }.count
        var bytes: [UInt8] = []
        bytes.reserveCapacity(letters.count / 4 * 3)
        var group: UInt32 = 0
        for (index, letter) in letters.dropLast(missing).enumerated() {
            let value = bits[Int(letter)]
            guard value != other else { return nil }
            group = group << 6 | UInt32(value)
            guard index & 3 == 3 else { continue }
            bytes.append(UInt8(truncatingIfNeeded: group >> 16))
            bytes.append(UInt8(truncatingIfNeeded: group >> 8))
            bytes.append(UInt8(truncatingIfNeeded: group))
        }
        // Bits of the last letter that belong to no byte are zero.
        switch missing {
        case 1:
            guard group & 3 == 0 else { return nil }
            bytes.append(UInt8(truncatingIfNeeded: group >> 10))
            bytes.append(UInt8(truncatingIfNeeded: group >> 2))
        case 2:
            guard group & 15 == 0 else { return nil }
            bytes.append(UInt8(truncatingIfNeeded: group >> 4))
        default: break
        }
        return bytes
    }
}
