import Foundation
import Jobs
import Model
import Testing

@testable import WebAPI

@Suite("Streams of events") struct EventStreamTests {
    @Test("Two hundred may be open at once; one that ends makes room for another")
    func most() throws {
        let home = FileManager.default.temporaryDirectory
            .appendingPathComponent("moniker-streams-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        defer {
            do { try FileManager.default.removeItem(at: home) } catch { Issue.record(error) }
        }
        let streams = EventStreams(
            jobs: try JobStore(home: home.path), worker: Worker("test"))
        var open: [APIAnswer] = []
        for _ in 0..<200 { open.append(try streams.answer(of: "job", after: 0)) }
        #expect(streams.count == 200)
        let error = #expect(throws: MonikerError.self) {
            try streams.answer(of: "job", after: 0)
        }
        #expect(error?.code == .tooManyRequests)
        open.removeLast()
        open.append(try streams.answer(of: "job", after: 0))
        #expect(streams.count == 200)
        open = []
        #expect(streams.count == 0)
    }
}
