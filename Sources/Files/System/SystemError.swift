internal import CLinux
internal import Glibc
internal import Model

/// A failed system call: its errno, before anybody knows which path a person should hear about.
public struct SystemError: Error, Hashable {
    /// The value of errno.
    public let number: Int32

    /// Creates a failure.
    public init(number: Int32) { self.number = number }

    /// The errno that the last system call of this thread left.
    static var last: SystemError { SystemError(number: errno) }

    /// The failure for people, with the path and a remedy.
    ///
    /// - Parameters:
    ///   - action: what was tried, as in "cannot *read*".
    ///   - path: the path that a person knows.
    func explained(_ action: String, _ path: some Sequence<UInt8>) -> MonikerError {
        let subject = "cannot \(action) \"\(displayText(path))\""
        let (code, reason): (ErrorCode, String) =
            switch number {
            case ENOENT, ENOTDIR, EISDIR, ENXIO:
                (
                    .fileMissing,
                    "there is no such file, or it is not a regular file; look at the folder and scan the site again"
                )
            case EACCES, EPERM:
                (
                    .permissionDenied,
                    "permission denied; run as the owner of the uploads folder or change its permissions"
                )
            case EROFS:
                (.fileSystemReadOnly, "the file system is read-only; mount it writable")
            case ENOSPC, EDQUOT:
                (.diskFull, "no space or quota is left; free some and try again")
            case ELOOP:
                (
                    .unsafePath,
                    "it passes a symbolic link or leaves the uploads folder; replace the link by a real folder or file"
                )
            case ENAMETOOLONG:
                (
                    .nameTooLong,
                    "the name is longer than the file system takes; choose a shorter one"
                )
            case EEXIST:
                (.nameTaken, "the name is taken; choose another")
            case EXDEV:
                (
                    .fileSystemFailed,
                    "it is on another file system than every place for retired files; move it to the file system of the uploads folder"
                )
            default:
                (
                    .fileSystemFailed,
                    "\(Self.text(of: number)); check the disk and the system log, then try again"
                )
            }
        return MonikerError(code, "\(subject): \(reason)", details: ["errno": String(number)])
    }

    /// The C library's sentence for an errno.
    private static func text(of number: Int32) -> String {
        // SAFETY: the result is NULL or a constant text that ends with NUL.
        guard let description = unsafe CLinux_error_description(number) else {
            return "error \(number)"
        }
        return unsafe String(cString: description)
    }
}

/// Runs system calls and explains their failure.
func explaining<Result: ~Copyable>(
    _ action: String, _ path: some Sequence<UInt8>,
    _ body: () throws(SystemError) -> Result
) throws(MonikerError) -> Result {
    do throws(SystemError) {
        return try body()
    } catch {
        throw error.explained(action, path)
    }
}
