import Foundation
import GRDB
import Testing

@testable import Journal

/// Runs a test with an empty folder of its own, which goes afterwards.
func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("journal-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer {
        do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) }
    }
    try body(folder)
}

/// Runs a test with a new journal in a folder of its own, which goes afterwards.
func withJournal(_ body: (JournalStore, URL) throws -> Void) throws {
    try withFolder { folder in
        try body(
            try JournalStore(path: folder.appendingPathComponent("journal.sqlite").path), folder)
    }
}

/// How SQLite answers a question to a journal of now, one line for each table that it looks at;
/// whatever the values of its placeholders.
func queryPlan(of sql: String) throws -> [String] {
    let sql = sql.replacing("?", with: "'?'")
    let queue = try DatabaseQueue()
    try JournalSchema.migrator.migrate(queue)
    return try queue.read { database in
        try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + sql).map { $0["detail"] }
    }
}
