public import GRDB
import Glibc

extension Database {
    /// Has the file written by way of a log beside it, so that readers and a writer need not wait for
    /// each other.
    ///
    /// SQLite does not wait by itself for another connection that does the same at this moment, or
    /// that closes the log as the last one of all: it says that the file is busy, whatever the
    /// timeout (https://www.sqlite.org/wal.html#sometimes_queries_return_sqlite_busy_in_wal_mode).
    /// Nobody tells a process when another one is done with that, so it is asked again and again, as
    /// SQLite's own timeout does where it holds.
    ///
    /// - Parameter patience: how long is waited for others.
    /// - Throws: `SQLITE_BUSY` after that; what else SQLite says.
    public func useWriteAheadLog(patience: Duration) throws {
        let deadline = ContinuousClock.now + patience
        while true {
            do {
                try execute(sql: "PRAGMA journal_mode = WAL")
                return
            } catch DatabaseError.SQLITE_BUSY where ContinuousClock.now < deadline {
                usleep(2000)
            }
        }
    }
}
