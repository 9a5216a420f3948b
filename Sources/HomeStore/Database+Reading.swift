public import GRDB

extension Database {
    /// Reads in one transaction, which sees one state of the file.
    ///
    /// A queue's own `read` forbids writing before it and allows it after it, and with each of these
    /// SQLite throws away every statement that it has prepared: to prepare them anew takes longer than
    /// to run them.
    ///
    /// - Parameter body: reads only.
    /// - Throws: what the body throws; `SQLITE_BUSY`.
    public func readingOneState<Value>(
        _ body: (Database) throws -> Value
    ) throws -> Value {
        var value: Value?
        try inTransaction(.deferred) {
            value = try body(self)
            return .commit
        }
        guard let value else {
            throw DatabaseError(resultCode: .SQLITE_ABORT, message: "nothing was read")
        }
        return value
    }
}
