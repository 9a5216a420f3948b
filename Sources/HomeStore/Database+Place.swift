public import GRDB
import GRDBSQLite

extension Database {
    /// Whether the file is no more where it was opened: another one may be in its place.
    ///
    /// (https://www.sqlite.org/c3ref/c_fcntl_begin_atomic_write.html#sqlitefcntlhasmoved)
    public var hasMoved: Bool {
        var moved: Int32 = 0
        // SAFETY: the connection is open while this value is used; SQLite writes one number.
        let answer = unsafe sqlite3_file_control(
            sqliteConnection, "main", SQLITE_FCNTL_HAS_MOVED, &moved)
        return answer != SQLITE_OK || moved != 0
    }
}
