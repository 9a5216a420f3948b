import Access
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Model
import NIOCore
import Testing
import UseCases

@testable import WebAPI

/// The service as it is put together, asked in the process and without a site: what is decided before
/// a site is looked at, and what the home alone knows.
@Suite("Requests to the service") final class ServiceRequestTests {
    private let home: URL
    private let tokens: [TokenScope: String]

    init() throws {
        home = FileManager.default.temporaryDirectory
            .appendingPathComponent("moniker-requests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        let access = try AccessStore(home: home.path)
        tokens = try Dictionary(
            uniqueKeysWithValues: TokenScope.allCases.map { scope in
                (
                    scope,
                    try access.createToken(name: scope.rawValue, scope: scope).token
                )
            })
    }

    deinit {
        while FileManager.default.fileExists(atPath: home.path) {
            do {
                try FileManager.default.removeItem(at: home)
            } catch CocoaError.fileNoSuchFile {
                // Whoever closes a database last takes its log away, perhaps at this moment.
                continue
            } catch {
                Issue.record(error)
                return
            }
        }
    }

    /// An answer, read.
    private struct Answer {
        var status: Int
        var headers: HTTPFields
        var text: String

        var json: [String: Any] {
            get throws {
                try #require(
                    try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
            }
        }

        var code: String? {
            get throws {
                guard headers[.contentType] == "application/problem+json" else { return nil }
                return try json["code"] as? String
            }
        }
    }

    private struct Asking {
        let client: any TestClientProtocol
        let tokens: [TokenScope: String]

        func callAsFunction(
            _ method: HTTPRequest.Method, _ path: String, as scope: TokenScope? = .write,
            _ body: String? = nil, headers: HTTPFields = [:]
        ) async throws -> Answer {
            var headers = headers
            if let scope, let token = tokens[scope] {
                headers[.authorization] = "Bearer \(token)"
            }
            if body != nil, headers[.contentType] == nil {
                headers[.contentType] = "application/json"
            }
            let answer = try await client.executeRequest(
                uri: path, method: method, headers: headers,
                body: body.map { ByteBuffer(string: $0) })
            return Answer(
                status: answer.status.code, headers: answer.headers,
                text: String(buffer: answer.body))
        }
    }

    /// Asks a service that nothing else asks.
    private func serve(
        requestsPerSecond: Double = 1000, _ body: @Sendable (Asking) async throws -> Void
    ) async throws {
        var options = ServiceOptions(
            session: SessionOptions(site: home.path + "/no-site", home: home.path),
            address: try ListenAddress(parsing: "127.0.0.1:0", isInsecureAllowed: false))
        options.requestsPerSecond = requestsPerSecond
        let service = try Service(
            options, access: try AccessStore(home: home.path),
            store: try ServiceStore(home: home.path))
        let tokens = tokens
        try await Application(responder: service.responder).test(.router) { client in
            try await body(Asking(client: client, tokens: tokens))
        }
    }

    @Test("What is open needs no token, everything else does, and the scope has to do")
    func access() async throws {
        try await serve { ask in
            #expect(try await ask(.get, "/health/live", as: nil).status == 200)
            let document = try await ask(.get, "/openapi.json", as: nil)
            #expect(try document.json["openapi"] as? String == "3.1.0")
            for path in ["/v1/attachments", "/v1/jobs", "/v1/journal", "/v1/tokens"] {
                let answer = try await ask(.get, path, as: nil)
                #expect(answer.status == 401, "\(path)")
                #expect(try answer.code == "unauthorized")
            }
            let forged = try await ask(
                .get, "/v1/jobs", as: nil, headers: [.authorization: "Bearer mnk_x.y"])
            #expect(forged.status == 401)
            let weak = try await ask(.post, "/v1/jobs", as: .read, #"{"kind":"scan"}"#)
            #expect(weak.status == 403)
            #expect(try weak.code == "forbidden")
            #expect(try await ask(.get, "/v1/tokens", as: .write).status == 403)
            #expect(try await ask(.get, "/v1/tokens", as: .admin).status == 200)
        }
    }

    @Test("Addresses, methods and bodies that are none are refused with their code")
    func refusals() async throws {
        try await serve { ask in
            let nowhere = try await ask(.get, "/v1/nowhere")
            #expect(nowhere.status == 404)
            #expect(try nowhere.code == "unknown-route")
            let method = try await ask(.delete, "/v1/jobs")
            #expect(method.status == 405)
            #expect(method.headers[.allow] == "GET, POST")
            let type = try await ask(
                .post, "/v1/jobs", #"{"kind":"scan"}"#, headers: [.contentType: "text/plain"])
            #expect(type.status == 415)
            let large = try await ask(
                .post, "/v1/tokens", as: .admin, String(repeating: " ", count: 1 << 20 + 1))
            #expect(large.status == 413)
            for body in [
                "", "{", "[]", "{}", #"{"kind":"dance"}"#,
                #"{"kind":"scan","surprise":1}"#, #"{"kind":7}"#, #"{"kind":null}"#,
                #"{"kind":"clear","expected_plan":"none"}"#,
            ] {
                #expect(try await ask(.post, "/v1/jobs", body).status == 422, "\(body)")
            }
            #expect(try await ask(.get, "/v1/jobs?surprise=1").status == 422)
            #expect(try await ask(.get, "/v1/jobs?limit=501").status == 422)
            let jobs = try await ask(.get, "/v1/jobs")
            #expect(try #require(try jobs.json["items"] as? [Any]).isEmpty, "nothing was begun")
        }
    }

    @Test("Every answer says that it is what it is, and is kept by nobody")
    func headers() async throws {
        try await serve { ask in
            let policy = try #require(HTTPField.Name("Content-Security-Policy"))
            for path in ["/v1/jobs", "/v1/nowhere", "/health/live"] {
                let headers = try await ask(.get, path).headers
                #expect(headers[.contentTypeOptions] == "nosniff", "\(path)")
                #expect(headers[policy] == "default-src 'none'; frame-ancestors 'none'")
                for (name, value) in [
                    ("X-Frame-Options", "DENY"), ("Referrer-Policy", "no-referrer"),
                    ("Cross-Origin-Resource-Policy", "same-origin"),
                ] {
                    #expect(headers[try #require(HTTPField.Name(name))] == value, "\(path)")
                }
                #expect(headers[.cacheControl] == "no-store")
                #expect(headers[.requestID]?.count == 16)
            }
        }
    }

    @Test("A key that is sent again gets the first answer; with something else it is refused")
    func repetition() async throws {
        try await serve { ask in
            let key: HTTPFields = [.idempotencyKey: "first"]
            let first = try await ask(.post, "/v1/jobs", #"{"kind":"scan"}"#, headers: key)
            #expect(first.status == 202)
            let again = try await ask(.post, "/v1/jobs", #"{"kind":"scan"}"#, headers: key)
            #expect(again.status == 202)
            #expect(again.text == first.text)
            let other = try await ask(.post, "/v1/jobs", #"{"kind":"analyze"}"#, headers: key)
            #expect(other.status == 422)
            #expect(try other.code == "key-reused")
            let without = try await ask(.post, "/v1/jobs", #"{"kind":"scan"}"#)
            #expect(try without.json["id"] as? String != (try first.json["id"] as? String))
            let jobs = try await ask(.get, "/v1/jobs")
            #expect(try #require(try jobs.json["items"] as? [Any]).count == 2)
        }
    }

    @Test("A job is paused, goes on and is cancelled; what it cannot do is refused")
    func control() async throws {
        try await serve { ask in
            let made = try await ask(.post, "/v1/jobs", #"{"kind":"scan"}"#)
            let address = try #require(made.headers[.location])
            func state(_ verb: String) async throws -> String? {
                let answer = try await ask(.post, "\(address)/\(verb)")
                return answer.status == 200
                    ? try answer.json["state"] as? String : try answer.code
            }
            #expect(try await state("pause") == "paused")
            #expect(try await state("resume") == "queued")
            #expect(try await state("retry") == "job-state")
            #expect(try await state("cancel") == "cancelled")
            #expect(try await state("resume") == "job-state")
            #expect(try await ask(.get, address).json["state"] as? String == "cancelled")
            #expect(try await ask(.get, "/v1/jobs/nothing").status == 404)
        }
    }

    @Test("Pages of a list have everything once")
    func paging() async throws {
        try await serve { ask in
            var made: Set<String> = []
            for _ in 0..<5 {
                let job = try await ask(.post, "/v1/jobs", #"{"kind":"scan"}"#).json
                made.insert(try #require(job["id"] as? String))
            }
            var listed: [String] = []
            var path = "/v1/jobs?limit=2"
            while true {
                let page = try await ask(.get, path).json
                let items = try #require(page["items"] as? [[String: Any]])
                #expect(items.count <= 2)
                listed += items.compactMap { $0["id"] as? String }
                guard let next = page["next"] as? String else { break }
                path = "/v1/jobs?limit=2&cursor=\(next)"
            }
            #expect(listed.count == 5)
            #expect(Set(listed) == made)
        }
    }

    @Test("A token that asks too often is told when to come again, and others are not")
    func rate() async throws {
        try await serve(requestsPerSecond: 1) { ask in
            #expect(try await ask(.get, "/v1/jobs").status == 200)
            var refused: Answer?
            // Two at once are allowed, and one more for each second that this takes.
            for _ in 0..<100 where refused == nil {
                let answer = try await ask(.get, "/v1/jobs")
                if answer.status == 429 { refused = answer }
            }
            let seconds = try #require(refused?.headers[.retryAfter])
            #expect(Int(seconds) == 1)
            #expect(try await ask(.get, "/v1/jobs", as: .admin).status == 200)
        }
    }
}
