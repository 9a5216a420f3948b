import Dispatch
import Foundation
import GRDB
import Model
import Synchronization
import Testing

@testable import Journal

/// Journals that several open at the same moment.
@Suite struct OpeningTests {
    @Test("a new journal is made once, whoever opens it at the same moment")
    func opensAtOnce() throws {
        for _ in 0..<20 {
            try withFolder { folder in
                let path = folder.appendingPathComponent("journal.sqlite").path
                let failures = Mutex<[MonikerError]>([])
                DispatchQueue.concurrentPerform(iterations: 4) { _ in
                    do throws(MonikerError) {
                        let journal = try JournalStore(path: path)
                        if let damage = try journal.damage() {
                            failures.withLock { $0.append(MonikerError(.journalUnusable, damage)) }
                        }
                    } catch {
                        failures.withLock { $0.append(error) }
                    }
                }
                #expect(failures.withLock { $0.map(\.message) } == [])
            }
        }
    }

    @Test("a journal that stays open notices that the file at its path is another one")
    func replaced() throws {
        try withJournal { journal, folder in
            #expect(try journal.isAsOpened())
            let path = folder.appendingPathComponent("journal.sqlite").path
            try FileManager.default.moveItem(atPath: path, toPath: path + ".aside")
            #expect(try !journal.isAsOpened())
            try FileManager.default.copyItem(atPath: path + ".aside", toPath: path)
            #expect(try !journal.isAsOpened())
        }
    }

    @Test("a journal that stays open notices a newer program, and no other writing")
    func migrated() throws {
        try withJournal { journal, folder in
            let path = folder.appendingPathComponent("journal.sqlite").path
            let other = try DatabaseQueue(path: path)
            try other.write {
                try $0.execute(
                    sql: "INSERT INTO released_original SELECT randomblob(32), 0")
            }
            #expect(try journal.isAsOpened())
            try other.write { try $0.execute(sql: "CREATE TABLE of_a_newer_version (id INTEGER)") }
            #expect(try !journal.isAsOpened())
        }
    }
}
