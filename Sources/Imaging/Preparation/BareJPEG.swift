internal import Model

/// A JPEG of which it was checked, byte by byte, that it holds a picture and nothing else.
///
/// The worker makes JPEGs of bare pixels. It is not taken on trust: a worker that a picture has taken
/// over could answer with anything, and no position of a camera may leave the machine.
/// Source of the segments: ITU-T T.81, annex B.
struct BareJPEG {
    /// The bytes.
    let bytes: [UInt8]

    /// Takes bytes as they are, if they are a JPEG without metadata.
    ///
    /// Allowed are the JFIF header without a thumbnail, tables, one frame and its scans.
    ///
    /// - Throws: `image-worker-failed` for anything else.
    init(checking bytes: [UInt8]) throws(MonikerError) {
        guard Self.isBare(bytes) else {
            throw MonikerError(
                .imageWorkerFailed,
                "the picture worker answered with something beside a bare JPEG; it was not used")
        }
        self.bytes = bytes
    }

    private static func isBare(_ bytes: [UInt8]) -> Bool {
        guard bytes.starts(with: [0xFF, 0xD8]) else { return false }
        var position = 2
        while position + 4 <= bytes.count, bytes[position] == 0xFF {
            let marker = bytes[position + 1]
            let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
            let end = position + 2 + length
            guard length >= 2, end <= bytes.count else { return false }
            switch marker {
            case 0xE0:
                // JFIF of 16 bytes: no room for a thumbnail.
                guard length == 16 else { return false }
            case 0xC0, 0xC2, 0xC4, 0xDB, 0xDD: break
            case 0xDA:
                guard let scanEnd = endOfScan(bytes, from: end) else { return false }
                if bytes[scanEnd + 1] == 0xD9 { return scanEnd + 2 == bytes.count }
                position = scanEnd
                continue
            default: return false
            }
            position = end
        }
        return false
    }

    /// The next marker after entropy-coded data, neither a stuffed byte nor a restart.
    private static func endOfScan(_ bytes: [UInt8], from start: Int) -> Int? {
        var position = start
        while position + 1 < bytes.count {
            if bytes[position] == 0xFF, bytes[position + 1] != 0,
                !(0xD0...0xD7).contains(bytes[position + 1])
            {
                return position
            }
            position += 1
        }
        return nil
    }
}
