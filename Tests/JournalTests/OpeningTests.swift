import Dispatch
import Foundation
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
}
