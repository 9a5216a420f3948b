import GRDB
import Glibc
import Model

/// Makes the files of a SQLite database their owner's alone.
enum OwnersFile {
    /// Begins the file, where there is none, before SQLite would with rights for others; takes those
    /// rights away where there is one, and from its log and shared memory, which SQLite makes with
    /// the rights of the file.
    ///
    /// Never opens the file: to close it would drop the locks that SQLite has on it in this process
    /// (https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
    static func prepare(_ path: String, _ description: HomeDatabaseDescription) throws {
        // SAFETY: the system only reads the path.
        guard unsafe mknod(path, S_IFREG | 0o600, 0) == 0 || errno == EEXIST else {
            throw DatabaseError(
                resultCode: .SQLITE_CANTOPEN, message: "unable to open database file")
        }
        for suffix in ["", "-wal", "-shm"] { try restrict(path + suffix, description) }
    }

    private static func restrict(_ path: String, _ description: HomeDatabaseDescription) throws {
        var status = stat()
        // SAFETY: the system reads the path and writes the one status.
        guard unsafe lstat(path, &status) == 0 else {
            // Whoever closes the file last takes its log away.
            if errno == ENOENT { return }
            throw DatabaseError(
                resultCode: .SQLITE_CANTOPEN, message: "unable to open database file")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw DatabaseError(
                resultCode: .SQLITE_CANTOPEN, message: "\(path) is a link or no file")
        }
        guard status.st_mode & 0o777 != 0o600 else { return }
        // SAFETY: the system only reads the path.
        guard unsafe fchmodat(AT_FDCWD, path, 0o600, AT_SYMLINK_NOFOLLOW) == 0 || errno == ENOENT
        else {
            throw MonikerError(
                description.unusable,
                "\(path) belongs to another user: run moniker as its owner",
                details: ["path": path])
        }
    }
}
