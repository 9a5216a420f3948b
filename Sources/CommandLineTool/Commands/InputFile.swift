import Glibc
import Model

/// Files that are named on the command line.
enum InputFile {
    /// The content of a file; `-` is standard input.
    ///
    /// - Throws: `file-missing` naming the file and the reason.
    static func contents(of path: String) throws(MonikerError) -> [UInt8] {
        guard path != "-" else { return try standardInput() }
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path) }
        defer { close(descriptor) }
        return try contents(of: descriptor, named: path)
    }

    /// Everything on standard input.
    static func standardInput() throws(MonikerError) -> [UInt8] {
        try contents(of: STDIN_FILENO, named: "standard input")
    }

    private static func contents(
        of descriptor: Int32, named path: String
    ) throws(MonikerError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            // SAFETY: the buffer is as long as it is said to be and lives through the call.
            let count = unsafe read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(path) }
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }

    private static func unreadable(_ path: String) -> MonikerError {
        // SAFETY: strerror returns a NUL-terminated string that is read at once.
        let reason = unsafe String(cString: strerror(errno))
        return MonikerError(
            .fileMissing, "\(path) cannot be read: \(reason)", details: ["path": path])
    }
}
