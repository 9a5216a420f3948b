internal import CLinux
internal import CSandbox
internal import Glibc
public import Model

/// Where a picture is; opened only when its turn comes.
public struct PictureFile: Hashable, Sendable {
    /// The folder that the path may not leave; nil for a path of its own.
    private let folder: String?
    /// The path below the folder, or an absolute one.
    private let path: [UInt8]
    /// Whether openat2(2) is not even tried.
    private let walksSegments: Bool

    /// A file of a site: no symbolic link below the uploads folder is followed.
    public init(_ path: MediaPath, in uploads: String) {
        self.init(path, in: uploads, walksSegments: false)
    }

    /// As the public initializer; `walksSegments` never uses openat2(2).
    init(_ path: MediaPath, in uploads: String, walksSegments: Bool) {
        folder = uploads
        self.path = path.bytes
        self.walksSegments = walksSegments
    }

    /// A file by its path; it may not be a symbolic link itself.
    public init(path: String) {
        folder = nil
        self.path = Array(path.utf8)
        walksSegments = false
    }

    /// The name that people know.
    var shown: String { displayText(path) }

    /// Opens it to be read.
    ///
    /// - Throws: `file-missing`, also for what is no regular file; `permission-denied`;
    ///   `unsafe-path` for a symbolic link; `image-too-large`; `file-system-failed`.
    func open(limit: Int) throws(MonikerError) -> OpenFile {
        let file = OpenFile(descriptor: try descriptor())
        var status = stat()
        // SAFETY: the system only writes to `status`.
        guard unsafe fstat(file.descriptor, &status) == 0 else { throw failure(errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw MonikerError(
                .fileMissing, "\"\(shown)\" is not a regular file; scan the site again")
        }
        guard status.st_size <= limit else {
            throw MonikerError(
                .imageTooLarge,
                "\"\(shown)\" has \(status.st_size) bytes, more than the \(limit) that are prepared; describe it by hand"
            )
        }
        return file
    }

    private func descriptor() throws(MonikerError) -> Int32 {
        let terminated = (path + [0]).map { CChar(bitPattern: $0) }
        guard let folder else {
            // SAFETY: the path ends with NUL and outlives the call.
            let descriptor = unsafe CSandbox_open_file(terminated)
            guard descriptor >= 0 else { throw failure(errno) }
            return descriptor
        }
        // SAFETY: the system copies the path.
        let root = unsafe Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard root >= 0 else { throw failure(errno) }
        defer { close(root) }
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY
        if !walksSegments {
            // SAFETY: the path ends with NUL and outlives the call.
            let descriptor = unsafe CLinux_openat_beneath(root, terminated, flags, 0)
            if descriptor >= 0 { return descriptor }
            // Of a kernel without openat2(2), and of a sandbox that denies it.
            guard errno == ENOSYS || errno == EPERM else { throw failure(errno) }
        }
        // SAFETY: the path ends with NUL and outlives the call.
        let descriptor = unsafe CLinux_openat_walking(root, terminated, flags)
        guard descriptor >= 0 else { throw failure(errno) }
        return descriptor
    }

    private func failure(_ number: Int32) -> MonikerError {
        switch number {
        case ENOENT, ENOTDIR, ENXIO:
            MonikerError(.fileMissing, "there is no file \"\(shown)\"; scan the site again")
        case EACCES, EPERM:
            MonikerError(
                .permissionDenied,
                "\"\(shown)\" cannot be read: permission denied; run as the owner of the uploads folder"
            )
        case ELOOP, EXDEV:
            MonikerError(
                .unsafePath,
                "\"\(shown)\" passes a symbolic link; replace the link by a real folder or file")
        default:
            MonikerError(
                .fileSystemFailed,
                "\"\(shown)\" cannot be opened (error \(number) of the system); check the disk")
        }
    }
}

/// A descriptor that is closed when nobody needs it any more.
struct OpenFile: ~Copyable {
    /// The descriptor.
    let descriptor: Int32

    deinit { close(descriptor) }
}
