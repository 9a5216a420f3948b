internal import Glibc
internal import Model

/// Our own folder: its owner chose the path, so symbolic links on the way to it are followed.
enum Home {
    /// Opens the folder.
    ///
    /// - Throws: ENOENT where it does not exist.
    static func open(
        _ path: [UInt8], calls: any SystemCalls
    ) throws(SystemError) -> Descriptor {
        try Descriptor(trustedFolder: path, calls: calls)
    }

    /// Opens the folder, making it and what is missing above it, for the owner alone.
    static func make(
        _ path: [UInt8], calls: any SystemCalls
    ) throws(SystemError) -> Descriptor {
        do throws(SystemError) {
            return try open(path, calls: calls)
        } catch {
            guard error.number == ENOENT else { throw error }
        }
        let trimmed = Array(path.reversed().drop { $0 == UInt8(ascii: "/") }.reversed())
        guard let slash = trimmed.lastIndex(of: UInt8(ascii: "/")) else {
            throw SystemError(number: ENOENT)
        }
        let parent = slash == 0 ? [UInt8(ascii: "/")] : Array(trimmed[..<slash])
        return try make(parent, calls: calls).makeFolder(Array(trimmed[(slash + 1)...]))
    }
}
