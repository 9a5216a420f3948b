internal import CLinux
internal import Glibc
internal import Hashing
internal import Model

/// How much of a file is in memory at a time.
private let pieceLength = 1 << 20

extension Descriptor {
    /// Reads the next bytes into a buffer; returns how many there were, 0 at the end.
    private func read(into buffer: inout [UInt8]) throws(SystemError) -> Int {
        while true {
            // SAFETY: the call writes at most `count` bytes into the buffer of that length.
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe Glibc.read(number, $0.baseAddress, $0.count)
            }
            if count >= 0 { return count }
            guard errno == EINTR else { throw .last }
        }
    }

    /// Writes all bytes of a span.
    func write(_ bytes: Span<UInt8>) throws(SystemError) {
        var done = 0
        while done < bytes.count {
            // SAFETY: the span is valid for the closure; the call reads at most what is left of it.
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(number, $0.baseAddress.map { unsafe $0 + done }, $0.count - done)
            }
            if count >= 0 {
                done += count
            } else if errno != EINTR {
                throw .last
            }
        }
    }

    /// Sets where the next byte is read or written.
    func rewind() throws(SystemError) {
        guard lseek(number, 0, SEEK_SET) == 0 else { throw .last }
    }

    /// The SHA-256 of the whole file, read in pieces.
    func digest() throws(SystemError) -> ContentDigest {
        try rewind()
        var hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: pieceLength)
        while true {
            let count = try read(into: &buffer)
            guard count > 0 else { return hash.finalize() }
            hash.update(buffer.span.extracting(first: count))
        }
    }

    /// The whole file; nil where it is longer than a limit.
    func contents(limit: Int) throws(SystemError) -> [UInt8]? {
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: min(pieceLength, max(limit, 0) + 1))
        while true {
            let count = try read(into: &buffer)
            guard count > 0 else { return result }
            guard result.count + count <= limit else { return nil }
            result += buffer[..<count]
        }
    }

    /// Copies all content of a file into this empty one: sharing extents where the file system
    /// can, in the kernel where it may, piece by piece otherwise.
    func copyContents(of source: borrowing Descriptor) throws(SystemError) {
        if CLinux_clone(number, source.number) == 0 { return }
        try source.rewind()
        while true {
            let count = CLinux_copy_file_range(source.number, number, 1 << 30)
            if count == 0 { break }
            if count > 0 { continue }
            switch errno {
            case EINTR: continue
            // Not between these file systems, or a kernel without it.
            case EXDEV, EINVAL, ENOSYS, EOPNOTSUPP, EPERM, EBADF, ETXTBSY: break
            default: throw .last
            }
            break
        }
        // From where the kernel's copy ended. It also ends at once, without an error, on file
        // systems that make up their content; so the end is believed only from read(2).
        var buffer = [UInt8](repeating: 0, count: pieceLength)
        while true {
            let count = try source.read(into: &buffer)
            guard count > 0 else { return }
            try write(buffer.span.extracting(first: count))
        }
    }
}
