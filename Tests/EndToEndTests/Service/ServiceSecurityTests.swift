import Foundation
import Testing

extension EndToEnd {
    @Suite("serve, asked by strangers") struct ServiceSecurityTests {
        /// Every operation of the document, as something that can be asked.
        private func operations(
            _ service: RunningService
        ) throws -> [(method: String, path: String, scope: String?)] {
            let document = try service.ask("GET", "/openapi.json", token: nil).json
            let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
            return paths.flatMap { path, operations in
                operations.map {
                    (
                        $0.key.uppercased(),
                        path.replacing(
                            "{id}", with: path.contains("journal") ? "J0123456789ABC" : "1"),
                        $0.value["x-scope"] as? String
                    )
                }
            }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }
        }

        @Test("Every operation but the open ones wants a token that works and has the scope")
        func tokens() throws {
            try TestSite.with(.sqlite) { site in
                let before = try site.snapshot()
                let reader = try RunningService.token(site, "read").token
                let writer = try RunningService.token(site, "write").token
                let revoked = try RunningService.token(site, "admin")
                let expired = try RunningService.token(site, "admin", ["--expires", "0s"]).token
                let service = try RunningService(site)
                #expect(try service.ask("GET", "/v1/jobs", token: revoked.token).status == 200)
                #expect(try site.moniker(["token", "revoke", revoked.id]).status == 0)
                var (asked, refused) = (0, 0)
                for operation in try operations(service) where operation.scope != nil {
                    let body = operation.method == "POST" ? "{}" : nil
                    for token in [nil, revoked.token, expired, reader + "x"] {
                        let answer = try service.ask(
                            operation.method, operation.path, token: token, body: body)
                        #expect(
                            [401, 429].contains(answer.status), "\(operation) \(answer.body)")
                        asked += 1
                    }
                    let lesser =
                        switch operation.scope {
                        case "admin": [reader, writer]
                        case "write": [reader]
                        default: [String]()
                        }
                    for token in lesser {
                        let answer = try service.ask(
                            operation.method, operation.path, token: token, body: body)
                        #expect(answer.status == 403, "\(operation) \(answer.body)")
                        refused += 1
                    }
                }
                #expect(asked > 50)
                #expect(refused > 20)
                try site.expectUnchanged(since: before, "by strangers")
                try service.expectAnswersAsDescribed()
            }
        }

        @Test("What is malformed, too large or unknown is told as such, and changes nothing")
        func malformed() throws {
            try TestSite.with(.sqlite) { site in
                let before = try site.snapshot()
                let token = try RunningService.token(site, "admin").token
                let service = try RunningService(site)
                let rename = "/v1/attachments/\(try site.id("photo"))/filename"
                let cases: [(String, String, String?, [String], Int, String)] = [
                    ("GET", "/v1/nothing", nil, [], 404, "unknown-route"),
                    ("GET", "/v1/../etc/passwd", nil, [], 404, "unknown-route"),
                    ("DELETE", "/v1/journal", nil, [], 405, "method-not-allowed"),
                    ("GET", "/v1/attachments/999999", nil, [], 404, "unknown-attachment"),
                    ("GET", "/v1/attachments/x", nil, [], 404, "unknown-attachment"),
                    ("GET", "/v1/journal/J0000000000000", nil, [], 404, "unknown-journal"),
                    ("GET", "/v1/jobs/none", nil, [], 404, "unknown-job"),
                    ("GET", "/v1/attachments?limit=0", nil, [], 422, "invalid-argument"),
                    ("GET", "/v1/attachments?missng=alt", nil, [], 422, "invalid-argument"),
                    ("GET", "/v1/attachments?cursor=x", nil, [], 422, "invalid-argument"),
                    ("POST", rename, "{", [], 422, "invalid-argument"),
                    ("POST", rename, "[]", [], 422, "invalid-argument"),
                    ("POST", rename, #"{"nam":"a"}"#, [], 422, "invalid-argument"),
                    ("POST", rename, #"{"name":1}"#, [], 422, "invalid-argument"),
                    // Whoever stands between might take the other one for what is asked.
                    (
                        "POST", rename, #"{"name":"a","dry_run":true,"dry_run":false}"#, [], 422,
                        "invalid-argument"
                    ),
                    // Whoever sends null wanted to say something, and not to change the site.
                    (
                        "POST", rename, #"{"name":"a","dry_run":null}"#, [], 422,
                        "invalid-argument"
                    ),
                    (
                        "POST", "/v1/jobs", #"{"kind":"clear","options":{"attachments":null}}"#, [],
                        422, "invalid-argument"
                    ),
                    (
                        "POST", "/v1/review/1/approve", #"{"dry_run":null}"#, [], 422,
                        "invalid-argument"
                    ),
                    ("POST", rename, #"{"name":"../../evil"}"#, [], 422, "invalid-name"),
                    ("POST", rename, #"{"name":"a/b"}"#, [], 422, "invalid-name"),
                    ("POST", rename, #"{"name":"a\\b"}"#, [], 422, "invalid-name"),
                    ("POST", rename, #"{"name":"shell.php"}"#, [], 422, "double-extension"),
                    (
                        "POST", rename, "{}", ["Content-Type: text/plain"], 415,
                        "unsupported-media-type"
                    ),
                    ("POST", rename, "{}", ["Idempotency-Key: a b"], 422, "invalid-argument"),
                    (
                        "POST", rename, "{\"name\":\"\(String(repeating: "a", count: 1 << 20))\"}",
                        [], 413, "body-too-large"
                    ),
                    (
                        "POST", "/v1/jobs",
                        #"{"kind":"clear","options":{"base_url":"http://169.254.169.254/"}}"#, [],
                        422, "invalid-argument"
                    ),
                ]
                for (method, path, body, headers, status, code) in cases {
                    let answer = try service.ask(
                        method, path, token: token, body: body, headers: headers)
                    #expect(answer.status == status, "\(method) \(path) \(body?.prefix(80) ?? "")")
                    #expect(try answer.code == code, "\(answer.body)")
                    #expect(answer.headers["x-content-type-options"] == "nosniff")
                    #expect(
                        answer.headers["content-security-policy"]
                            == "default-src 'none'; frame-ancestors 'none'")
                    #expect(answer.headers["x-frame-options"] == "DENY")
                    #expect(answer.headers["content-type"] == "application/problem+json")
                    #expect(answer.headers["cache-control"] == "no-store")
                }
                try site.expectUnchanged(since: before, "by malformed requests")
                try service.expectAnswersAsDescribed()
            }
        }

        @Test("Too many requests are told to wait")
        func rate() throws {
            try TestSite.with(.sqlite) { site in
                let token = try RunningService.token(site, "read").token
                let other = try RunningService.token(site, "read").token
                let service = try RunningService(site, ["--rate-limit", "1"])
                let answers = try (0..<4).map { _ in
                    try service.ask("GET", "/v1/jobs", token: token)
                }
                #expect(answers.prefix(2).allSatisfy { $0.status == 200 })
                let refused = try #require(answers.first { $0.status == 429 })
                #expect(Int(refused.headers["retry-after"] ?? "") ?? 0 >= 1)
                #expect(try service.ask("GET", "/v1/jobs", token: other).status == 200)
            }
        }

        @Test("Neither tokens nor keys are in the log, an answer, or a file of the home")
        func canary() throws {
            try TestSite.with(.sqlite) { site in
                let token = try RunningService.token(site, "write").token
                let secret = try #require(token.split(separator: ".").last)
                let key = "sk-canary-0123456789abcdef"
                let service = try RunningService(
                    site, environment: ["OPENAI_API_KEY": key, "ANTHROPIC_API_KEY": key])
                let photo = try site.id("photo")
                var said = ""
                for (method, path, body) in [
                    ("GET", "/v1/attachments?q=\(token)", nil as String?),
                    // What looks like no secret is nobody's business either.
                    ("GET", "/v1/attachments?q=plain-canary", nil),
                    ("GET", "/v1/jobs/plain-canary", nil), ("GET", "/plain-canary", nil),
                    ("GET", "/v1/jobs/\(token)", nil), ("GET", "/\(token)", nil),
                    ("GET", "/v1/attachments?\(token)=\(key)", nil),
                    ("POST", "/v1/attachments/\(photo)/filename", "{\"\(token)\":1}"),
                    ("POST", "/v1/attachments/\(photo)/filename", #"{"name":"plain-bike"}"#),
                    ("POST", "/v1/jobs", "{\"kind\":\"\(token)\"}"),
                ] {
                    let answer = try service.ask(
                        method, path, token: token, body: body,
                        headers: ["Cookie: a=\(key); b=plain-canary"])
                    // What the caller itself has sent as a name may come back to it alone.
                    if !path.contains(token), body?.contains(token) != true { said += answer.body }
                }
                said += try service.ask("GET", "/metrics", token: nil).body
                let entries = try site.journalIDs()
                #expect(entries.count == 1)
                said += try service.ask("GET", "/v1/journal/\(entries[0])", token: token).body
                service.terminate()
                let end = try service.finish()
                #expect(end.status == 0)
                #expect(end.errors.contains("\"route\":\"/v1/jobs/{id}\""))
                #expect(
                    !end.errors.contains("plain-canary"),
                    "routes are logged, no addresses and headers")
                for text in [said, end.errors, end.output] {
                    #expect(!text.contains(secret))
                    #expect(!text.contains(key))
                }
                let home = try FileManager.default.attributesOfItem(atPath: site.home.path)
                #expect(home[.posixPermissions] as? Int == 0o700, "the home is its owner's alone")
                for file in try FileManager.default.subpathsOfDirectory(atPath: site.home.path) {
                    let path = site.home.appendingPathComponent(file)
                    guard !path.hasDirectoryPath else { continue }
                    let data = try Data(contentsOf: path)
                    #expect(data.range(of: Data(secret.utf8)) == nil, "\(file)")
                    #expect(data.range(of: Data(key.utf8)) == nil, "\(file)")
                }
            }
        }
    }
}
