import Dispatch
import Model
import Synchronization
import Testing

@testable import WebAPI

@Suite("Readings that are gathered while somebody reads") struct GatheredReadsTests {
    /// What was read together, in order.
    private final class Log: Sendable {
        private let readings = Mutex<[[Int]]>([])
        private let begun = Mutex(false)
        var all: [[Int]] { readings.withLock { $0 } }
        /// Whether the first is being read.
        var isHeld: Bool { begun.withLock { $0 } }
        func note(_ keys: [Int]) { readings.withLock { $0.append(keys) } }
        func hold() { begun.withLock { $0 = true } }
    }

    private typealias Reads = GatheredReads<Int, String>

    /// Asks for 0 and, while that is being read, for some keys; what came of each.
    ///
    /// - Parameter read: what the reader does with keys, once it may.
    private func ask(
        _ keys: [Int], most: Int = 32, log: Log = Log(),
        read: @escaping @Sendable ([Int]) throws(MonikerError) -> [Int: String]
    ) async -> [Int: Result<String, MonikerError>] {
        let gate = DispatchSemaphore(value: 0)
        let reader = Reads.Reader(worker: Worker("test")) { keys throws(MonikerError) in
            if keys == [0] {
                log.hold()
                gate.wait()
            }
            log.note(keys)
            return try read(keys)
        }
        let reads = Reads([reader], most: most) {
            MonikerError(.unknownAttachment, "there is no \($0)")
        }
        return await withTaskGroup(of: (Int, Result<String, MonikerError>).self) { group in
            for (place, key) in ([0] + keys).enumerated() {
                group.addTask {
                    do throws(MonikerError) {
                        return (key, .success(try await reads.read(key)))
                    } catch {
                        return (key, .failure(error))
                    }
                }
                // One after the other, while the first is being read.
                while reads.asked <= place || !log.isHeld { await Task.yield() }
            }
            gate.signal()
            var answers: [Int: Result<String, MonikerError>] = [:]
            for await (key, answer) in group { answers[key] = answer }
            return answers
        }
    }

    private static func images(_ keys: [Int]) -> [Int: String] {
        Dictionary(keys.map { ($0, "image \($0)") }) { $1 }
    }

    private func code(_ result: Result<String, MonikerError>?) -> ErrorCode? {
        guard case .failure(let error)? = result else { return nil }
        return error.code
    }

    @Test("what is asked for while somebody reads is read together, each key once, so many at most")
    func gathers() async throws {
        let log = Log()
        let answers = await ask([1, 2, 1, 3, 4, 2], most: 3, log: log) { Self.images($0) }
        #expect(log.all == [[0], [1, 2, 3], [4]])
        #expect(answers.count == 5)
        for (key, answer) in answers { #expect(try answer.get() == "image \(key)") }
    }

    @Test("what nothing is known of is missing, and the others are there")
    func missing() async throws {
        let answers = await ask([1, 2]) { Self.images($0.filter { $0 != 2 }) }
        #expect(try answers[1]?.get() == "image 1")
        #expect(code(answers[2]) == .unknownAttachment)
    }

    @Test("one that cannot be read does not spoil the others")
    func poison() async throws {
        let answers = await ask([1, 2, 3]) { keys throws(MonikerError) in
            if keys.contains(2) { throw MonikerError(.invalidName, "poison") }
            return Self.images(keys)
        }
        #expect(try answers[1]?.get() == "image 1")
        #expect(code(answers[2]) == .invalidName)
        #expect(try answers[3]?.get() == "image 3")
    }

    @Test("a site that cannot be read is not asked for each of them")
    func trouble() async throws {
        let log = Log()
        let answers = await ask(Array(1...20), log: log) { keys throws(MonikerError) in
            throw MonikerError(.databaseUnreachable, "gone")
        }
        for key in 1...20 { #expect(code(answers[key]) == .databaseUnreachable) }
        #expect(log.all.count == 4, "the first, all together, and two of them")
    }
}
