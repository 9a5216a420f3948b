import Glibc

/// The few questions about paths that finding a site takes.
enum LocalPath {
    /// The largest configuration file that is read, in bytes.
    private static let limit = 4 << 20

    /// A path from the root, without a trailing slash and without `.` and `..`.
    ///
    /// Links stay.
    static func absolute(_ path: String) -> String {
        var whole = path
        if !path.hasPrefix("/") {
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
            // SAFETY: the buffer is as long as it is said to be; a path is NUL-terminated.
            if let current = unsafe getcwd(&buffer, buffer.count) {
                whole = unsafe String(cString: current) + "/" + path
            }
        }
        var segments: [Substring] = []
        for segment in whole.split(separator: "/") where segment != "." {
            if segment == ".." {
                _ = segments.popLast()
            } else {
                segments.append(segment)
            }
        }
        return "/" + segments.joined(separator: "/")
    }

    /// The path with links followed; nil where there is nothing.
    static func real(_ path: String) -> String? {
        // SAFETY: realpath allocates the result, which is copied and freed at once.
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    /// The folder that a path lies in.
    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return "/" }
        return String(path[..<slash])
    }

    /// Whether there is something at a path.
    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// The content of a file; nil where it cannot be read or is larger than a configuration is.
    static func contents(of path: String) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count < limit {
            // SAFETY: the buffer is as long as it is said to be and lives through the call.
            let count = unsafe read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
        return nil
    }
}
