internal import Glibc
internal import Hashing
internal import Model

/// How much of a file is in memory at a time: little enough for the allocator to keep at hand, where
/// a bulk rename reads tens of thousands of small files.
private let pieceLength = 1 << 16

extension Descriptor {
    /// Reads the next bytes into a buffer; returns how many there were, 0 at the end.
    private func read(into buffer: inout [UInt8]) throws(SystemError) -> Int {
        while true {
            do throws(SystemError) {
                return try calls.read(number, into: &buffer)
            } catch {
                guard error.number == EINTR else { throw error }
            }
        }
    }

    /// Some bytes of the file, fewer only at its end.
    func read(_ count: Int, at offset: Int) throws(SystemError) -> [UInt8] {
        var result: [UInt8] = []
        while result.count < count {
            var piece = [UInt8](repeating: 0, count: count - result.count)
            do throws(SystemError) {
                let length = try calls.read(number, at: offset + result.count, into: &piece)
                guard length > 0 else { break }
                piece.removeLast(piece.count - length)
            } catch {
                guard error.number == EINTR else { throw error }
                continue
            }
            // Nearly always all at once.
            if result.isEmpty { result = piece } else { result += piece }
        }
        return result
    }

    /// Writes all bytes of a span.
    func write(_ bytes: Span<UInt8>) throws(SystemError) {
        var done = 0
        while done < bytes.count {
            do throws(SystemError) {
                done += try calls.write(number, bytes.extracting(droppingFirst: done))
            } catch {
                guard error.number == EINTR else { throw error }
            }
        }
    }

    /// Sets where the next byte is read or written.
    func rewind() throws(SystemError) {
        try calls.rewind(number)
    }

    /// The SHA-256 of the whole file, read in pieces.
    func digest() throws(SystemError) -> ContentDigest {
        try rewind()
        var hash = SHA256()
        var buffer = try [UInt8](repeating: 0, count: bufferLength())
        while true {
            let count = try read(into: &buffer)
            guard count > 0 else { return hash.finalize() }
            hash.update(buffer.span.extracting(first: count))
        }
    }

    /// The whole file; nil where it is longer than a limit.
    func contents(limit: Int) throws(SystemError) -> [UInt8]? {
        var result: [UInt8] = []
        var buffer = [UInt8](
            repeating: 0, count: min(try bufferLength(), max(limit, 0) + 1))
        while true {
            let count = try read(into: &buffer)
            guard count > 0 else { return result }
            guard result.count + count <= limit else { return nil }
            result += buffer[..<count]
        }
    }

    /// How much to read at once: most files are small, and clearing a long buffer for nothing takes
    /// longer than reading them.
    private func bufferLength() throws(SystemError) -> Int {
        min(pieceLength, max(Int(try rawStatus().st_size) + 1, 4096))
    }

    /// Shares the extents of a file with this empty one; false where that cannot be.
    func shareContents(of source: borrowing Descriptor) -> Bool {
        do throws(SystemError) {
            try calls.clone(source.number, to: number)
            return true
        } catch {
            // Whatever the reason, copying tells whether it is a failure of the disk.
            return false
        }
    }

    /// Copies all content of a file into this empty one, without sharing extents.
    ///
    /// - Returns: the SHA-256 of what is in this one now.
    func copyContentsForDigest(of source: borrowing Descriptor) throws(SystemError) -> ContentDigest
    {
        let length = try source.rawStatus().st_size
        guard length < pieceLength else {
            try copyContentsUnshared(of: source)
            return try digest()
        }
        // Two calls for most of the files of a library, where copying in the kernel and reading the
        // result would be six. Of what is written, because the source may change.
        var hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: max(Int(length) + 1, 4096))
        while true {
            let count = try source.read(into: &buffer)
            guard count > 0 else { return hash.finalize() }
            let piece = buffer.span.extracting(first: count)
            hash.update(piece)
            try write(piece)
        }
    }

    /// Copies all content of a file into this empty one: sharing extents where the file system
    /// can, in the kernel where it may, piece by piece otherwise.
    func copyContents(of source: borrowing Descriptor) throws(SystemError) {
        if shareContents(of: source) { return }
        try copyContentsUnshared(of: source)
    }

    private func copyContentsUnshared(of source: borrowing Descriptor) throws(SystemError) {
        try source.rewind()
        copying: while true {
            do throws(SystemError) {
                if try calls.copyRange(source.number, to: number, length: 1 << 30) == 0 { break }
            } catch {
                switch error.number {
                case EINTR: continue
                // Not between these file systems, or a kernel without it.
                case EXDEV, EINVAL, ENOSYS, EOPNOTSUPP, EPERM, EBADF, ETXTBSY: break copying
                default: throw error
                }
            }
        }
        // From where the kernel's copy ended. It also ends at once, without an error, on file
        // systems that make up their content; so the end is believed only from read(2).
        var buffer = try [UInt8](repeating: 0, count: source.bufferLength())
        while true {
            let count = try source.read(into: &buffer)
            guard count > 0 else { return }
            try write(buffer.span.extracting(first: count))
        }
    }
}
