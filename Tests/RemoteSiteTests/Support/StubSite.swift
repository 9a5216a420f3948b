import Foundation
import HTTPClient
import Model
import RemoteSite
import Synchronization
import Testing

/// The site of stub.py and a home, for one test.
final class StubSite {
    static let password = "abcd EFGH 1234 ijkl MNOP 5678"

    let home: TemporaryHome
    let client: HTTPClient
    let clock = InstantClock()
    let url: String
    private let server: Background

    /// - Parameter rules: how it misbehaves, as JSON.
    init(_ rules: String = "[]", images: Int = 3) async throws {
        home = try TemporaryHome()
        client = try HTTPClient()
        server = try Background(["python3", "-B", Background.script("stub.py")])
        let port = try #require(Int(server.line.trimmingCharacters(in: .whitespacesAndNewlines)))
        url = "http://127.0.0.1:\(port)"
        try await load(rules, images: images)
    }

    func load(_ rules: String, images: Int = 3) async throws {
        let body = Array("{\"rules\": \(rules), \"images\": \(images)}".utf8)
        let answer = try await client.send(HTTPRequest("POST", url + "/stub/rules", body: body))
        try #require(answer.status == 200)
    }

    struct Entry: Decodable {
        let method: String
        let path: String
        let body: String
        let headers: [String: String]
    }

    func log() async throws -> [Entry] {
        let answer = try await client.send(HTTPRequest("GET", url + "/stub/log"))
        return try JSONDecoder().decode([Entry].self, from: Data(answer.body))
    }

    /// What was sent to be written.
    func writes() async throws -> [Entry] { try await log().filter { $0.method == "POST" } }

    func settings() throws -> RemoteSiteSettings {
        var settings = RemoteSiteSettings(
            url: url, user: "editor", password: try #require(ApplicationPassword(Self.password)))
        settings.timeout = .seconds(20)
        return settings
    }

    func connect() async throws -> RemoteSite {
        try await RemoteSite.connect(
            try settings(), home: home.path, client: client, clock: clock)
    }
}

/// Waits take no time, but are remembered.
final class InstantClock: RemoteClock {
    private let state = Mutex((now: Int64(1_700_000_000_000), waits: [Duration]()))

    var waits: [Duration] { state.withLock { $0.waits } }
    func milliseconds() -> Int64 {
        state.withLock { state in
            state.now += 1
            return state.now
        }
    }
    func sleep(_ duration: Duration) async throws(MonikerError) {
        if Task.isCancelled { throw MonikerError(.cancelled, "cancelled") }
        state.withLock { $0.waits.append(duration) }
    }
}

/// The failure of an operation that has to fail.
func failure(
    of work: () async throws -> some Any, _ location: SourceLocation = #_sourceLocation
) async throws -> MonikerError {
    do {
        _ = try await work()
    } catch {
        return try #require(error as? MonikerError, sourceLocation: location)
    }
    Issue.record("it did not fail", sourceLocation: location)
    throw MonikerError(.cancelled, "it did not fail")
}

/// A change of one text by a person.
func change(
    _ id: Int64, _ texts: [MetadataField: String], expected: [MetadataField: String] = [:],
    source: TextSource = .human
) -> AttachmentChange {
    AttachmentChange(
        attachment: AttachmentID(id), texts: texts, source: source, expected: expected)
}
