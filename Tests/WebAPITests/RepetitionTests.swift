import Foundation
import HTTPTypes
import Model
import Testing

@testable import WebAPI

@Suite("Requests that are repeated") final class RepetitionTests {
    private let home: URL
    private let store: ServiceStore

    init() throws {
        home = FileManager.default.temporaryDirectory
            .appendingPathComponent("moniker-repetition-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        store = try ServiceStore(home: home.path)
    }

    deinit {
        do { try FileManager.default.removeItem(at: home) } catch { Issue.record(error) }
    }

    private func begin(
        _ caller: String = "T1", _ key: String = "k", _ digest: String = "d",
        in other: ServiceStore? = nil, isRepeatable: Bool = false
    ) throws -> APIAnswer? {
        switch try (other ?? store).begin(
            caller: caller, key: key, digest: digest, isRepeatable: isRepeatable)
        {
        case .first: nil
        case .answered(let answer): answer
        }
    }

    private func code(_ body: () throws -> APIAnswer?) -> ErrorCode? {
        #expect(throws: MonikerError.self) { try body() }?.code
    }

    @Test("The same request gets the same answer, also after a restart; another one does not")
    func same() throws {
        #expect(try begin() == nil)
        #expect(code { try begin() } == .keyInUse)
        #expect(code { try begin("T1", "k", "other") } == .keyReused)
        #expect(try begin("T2") == nil, "keys of another caller")
        var answer = APIAnswer(.accepted, contentType: "application/json", body: [1, 0, 255])
        answer.headers[.location] = "/v1/jobs/1"
        try store.finish(caller: "T1", key: "k", with: answer)
        for store in [store, try ServiceStore(home: home.path)] {
            let again = try #require(try begin(in: store))
            #expect(again.status == .accepted)
            #expect(again.body == [1, 0, 255])
            #expect(again.headers[.location] == "/v1/jobs/1")
        }
    }

    @Test("A key whose request did nothing may be sent again")
    func released() throws {
        #expect(try begin() == nil)
        try store.release(caller: "T1", key: "k")
        #expect(try begin("T1", "k", "other") == nil)
    }

    @Test("After a crash in the middle, what would be done twice is refused, the rest goes on")
    func crash() throws {
        #expect(try begin() == nil)
        #expect(try begin("T1", "job") == nil)
        let restarted = try ServiceStore(home: home.path)
        #expect(code { try begin(in: restarted) } == .outcomeUnknown)
        #expect(try begin("T1", "job", in: restarted, isRepeatable: true) == nil)
        #expect(code { try begin("T1", "job", in: restarted, isRepeatable: true) } == .keyInUse)
    }
}
