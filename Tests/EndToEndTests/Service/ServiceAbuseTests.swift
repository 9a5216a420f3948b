import Foundation
import Testing

extension EndToEnd {
    @Suite("serve, asked for what it must not do") struct ServiceAbuseTests {
        @Test("No request can name an address, a key or a model: nothing is fetched from there")
        func addresses() throws {
            try TestSite.with(.sqlite) { site in
                let before = try site.snapshot()
                let stub = try ProviderStub()
                defer { do { try stub.end() } catch { Issue.record(error) } }
                let token = try RunningService.token(site, "admin").token
                let service = try RunningService(site, ["--provider", "offline"])
                let document = try service.ask("GET", "/openapi.json", token: nil).json
                let paths = try #require(document["paths"] as? [String: [String: Any]])
                let photo = try site.id("photo")
                let names = [
                    "base_url", "baseURL", "url", "webhook", "provider", "model", "key_file",
                    "key", "proxy", "site", "home", "callback", "rules", "prices",
                ]
                var asked = 0
                for (path, operations) in paths where operations["post"] != nil {
                    let address = path.replacing(
                        "{id}", with: path.contains("journal") ? "J0123456789ABC" : "\(photo)")
                    for name in names {
                        let values = "\"\(name)\":\"\(stub.address)/v1\""
                        var bodies = ["{\(values)}"]
                        if path == "/v1/jobs" {
                            for kind in ["missing-alt", "complete-metadata", "scan", "revert"] {
                                bodies.append("{\"kind\":\"\(kind)\",\"options\":{\(values)}}")
                            }
                        }
                        for body in bodies {
                            let answer = try service.ask("POST", address, token: token, body: body)
                            #expect([404, 422].contains(answer.status), "\(address) \(body)")
                            asked += 1
                        }
                    }
                }
                #expect(asked > 100)
                // Headers that frameworks of other kinds take for addresses change nothing either.
                let answer = try service.ask(
                    "POST", "/v1/attachments/\(photo)/metadata", token: token,
                    body: #"{"fields":["alt"],"dry_run":true}"#,
                    headers: [
                        "Host: 169.254.169.254", "X-Forwarded-Host: 169.254.169.254",
                        "X-Original-URL: /metrics", "Forwarded: host=\(stub.address)",
                    ])
                #expect(answer.status == 200, "\(answer.body)")
                #expect(try stub.requests() == 0)
                try site.expectUnchanged(since: before, "by addresses in requests")
            }
        }

        @Test("A provider that leads elsewhere is not followed", arguments: ["redirect", "html"])
        func redirect(_ kind: String) throws {
            try TestSite.with(.sqlite) { site in
                let before = try site.snapshot()
                let (stub, other) = (try ProviderStub(), try ProviderStub())
                defer {
                    do { try stub.end(); try other.end() } catch { Issue.record(error) }
                }
                // Whoever follows asks with GET, which is noted at the address of the models.
                let script =
                    "{\"default\":{\"do\":\"\(kind)\",\"headers\":{\"location\":\"\(other.address)/v1/models\"}}}"
                try runHelper(
                    "curl", ["-sS", "--data-binary", script, "\(stub.address)/stub/script"])
                let token = try RunningService.token(site, "write").token
                let service = try RunningService(
                    site, try stub.options(site, key: "sk-ant-test-0123456789abcdefghij"))
                let answer = try service.ask(
                    "POST", "/v1/attachments/\(try site.id("photo"))/metadata", token: token,
                    body: #"{"fields":["alt"],"overwrite":true}"#)
                #expect(answer.status < 500 || answer.status == 502, "\(answer.body)")
                #expect(try stub.requests() > 0)
                #expect(try other.requests() == 0)
                try site.expectUnchanged(since: before, "by a provider that leads elsewhere")
                try service.expectAnswersAsDescribed()
            }
        }

        @Test("Tricks in the path reach no file, no other endpoint, and no other attachment")
        func paths() throws {
            try TestSite.with(.sqlite) { site in
                let before = try site.snapshot()
                let token = try RunningService.token(site, "admin").token
                let service = try RunningService(site)
                let photo = try site.id("photo")
                let tricks = [
                    "/v1/attachments/\(photo)%00", "/v1/attachments/+\(photo)",
                    "/v1/attachments/0\(photo)", "/v1/attachments/-\(photo)",
                    "/v1/attachments/\(photo).0", "/v1/attachments/\(photo);x=1",
                    "/v1/attachments/%20\(photo)", "/v1/attachments/\(photo)%0a",
                    "/v1/attachments/99999999999999999999", "/v1/attachments/0x1",
                    "/v1/attachments/%2e%2e", "/v1/attachments/..%2fjobs",
                    "/v1/attachments/..%5c..%5cwp-config.php",
                    "/v1/attachments/%252e%252e%252fjobs", "/v1/attachments/%c0%ae%c0%ae",
                    "/v1/attachments/\u{FF11}".addingPercentEncoding(
                        withAllowedCharacters: .urlPathAllowed) ?? "",
                    "/v1/journal/..%2f..%2f..%2fetc%2fpasswd", "/v1/journal/J%2e%2e",
                    "/v1/journal/'%20OR%20'1'='1", "/v1/jobs/'%20OR%20'1'='1",
                    "/v1/jobs/..%2f..%2fjobs.sqlite", "/v1/jobs/%00", "/v1/jobs/%",
                    "/../../../../etc/passwd", "/..%2f..%2f..%2fetc%2fpasswd",
                    "/v1/./../openapi.json", "/v1/jobs/../../metrics", "/wp-config.php",
                    "/.env", "/access.sqlite", "/static/../../access.sqlite",
                ]
                for trick in tricks {
                    let output = try runHelper(
                        "curl", ["--path-as-is"] + service.curl("GET", trick, token: token))
                    let answer = try RunningService.answer(output)
                    #expect(answer.status == 404, "\(trick): \(answer.status) \(answer.body)")
                    #expect(!answer.body.contains("root:"), "\(trick)")
                }
                for id in ["+\(photo)", "0\(photo)", "\(photo)%00", "\(photo)%2f..%2f1"] {
                    let answer = try service.ask(
                        "POST", "/v1/attachments/\(id)/filename", token: token,
                        body: #"{"name":"trick"}"#)
                    #expect(answer.status == 404, "\(id): \(answer.body)")
                }
                try site.expectUnchanged(since: before, "by tricks in paths")
            }
        }

        @Test("What is searched for is a text, and never part of a query")
        func searches() throws {
            try TestSite.with(.sqlite) { site in
                let token = try RunningService.token(site, "read").token
                let service = try RunningService(site)
                // A quotation mark with a combining accent is one character, and two to SQLite.
                for search in [
                    "\"", "a\" OR \"b", "\"\u{301} OR x=\"\u{301}", "'; DROP TABLE attachment;--",
                    "NEAR(a b)", "a*", "alt:x", "^a", "%", "_\u{301}%\u{301}", "\\", "\u{202e}a",
                    "{}",
                    "((((", "AND", "a AND NOT", "\u{0}abc", "\u{1F468}\u{200D}\u{1F469}",
                ] {
                    let query = try #require(
                        search.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
                    for path in ["/v1/attachments?q=\(query)", "/v1/attachments?missing=\(query)"] {
                        let answer = try service.ask("GET", path, token: token)
                        let expected = path.contains("missing") ? 422 : 200
                        #expect(answer.status == expected, "\(search): \(answer.body)")
                    }
                }
                let found = try service.ask("GET", "/v1/attachments?q=photo", token: token).json
                #expect((found["items"] as? [Any])?.isEmpty == false)
                try service.expectAnswersAsDescribed()
            }
        }

        @Test("Guessing tokens is slowed down, and whoever has the right one is not")
        func guessing() throws {
            try TestSite.with(.sqlite) { site in
                let token = try RunningService.token(site, "read").token
                let service = try RunningService(site)
                var answers: [RunningService.Answer] = []
                for number in 0..<40 {
                    answers.append(
                        try service.ask("GET", "/v1/jobs", token: "mnk_T.guess\(number)"))
                }
                #expect(answers.prefix(25).allSatisfy { $0.status == 401 })
                let refused = try #require(answers.last { $0.status == 429 })
                #expect(Int(refused.headers["retry-after"] ?? "") ?? 0 >= 1)
                #expect(refused.headers["www-authenticate"] == nil)
                #expect(answers[0].headers["www-authenticate"] == "Bearer")
                #expect(try service.ask("GET", "/v1/jobs", token: token).status == 200)
                try service.expectAnswersAsDescribed()
            }
        }

        @Test("Bodies, headers and lists that are too large are refused, counted or not")
        func sizes() throws {
            try TestSite.with(.sqlite) { site in
                let before = try site.snapshot()
                let token = try RunningService.token(site, "admin").token
                let service = try RunningService(site)
                let rename = "/v1/attachments/\(try site.id("photo"))/filename"
                let large = String(repeating: " ", count: 1 << 20) + "{}"
                for headers in [[], ["Transfer-Encoding: chunked"]] {
                    let answer = try service.ask(
                        "POST", rename, token: token, body: large, headers: headers)
                    #expect(answer.status == 413, "\(headers)")
                    #expect(try answer.code == "body-too-large")
                }
                // Below the limit of jobs, above that of all else.
                let jobs = try service.ask("POST", "/v1/jobs", token: token, body: large)
                #expect(jobs.status == 422, "\(jobs.body)")
                let larger = String(repeating: " ", count: 16 << 20) + "{}"
                let refused = try service.ask("POST", "/v1/jobs", token: token, body: larger)
                #expect(refused.status == 413)
                let uploads = Array(repeating: "1", count: 10_001).joined(separator: ",")
                let many = try service.ask(
                    "POST", "/v1/uploads", token: token, body: "{\"attachments\":[\(uploads)]}")
                #expect(many.status == 422, "\(many.body)")
                // The connection may end before all of it was sent.
                let header = "X-Long: " + String(repeating: "a", count: 64 << 10)
                let long = try run(
                    "curl", service.curl("GET", "/v1/jobs", token: token, headers: [header]))
                #expect(
                    long.status != 0 || long.output.hasPrefix("HTTP/1.1 4"),
                    "\(long.output.prefix(200))")
                #expect(try service.ask("GET", "/v1/jobs", token: token).status == 200)
                try site.expectUnchanged(since: before, "by large requests")
            }
        }

        @Test("Requests that arrive slowly or never are ended, and nobody waits for them")
        func slow() throws {
            try TestSite.with(.sqlite) { site in
                let token = try RunningService.token(site, "admin").token
                let service = try RunningService(
                    site, ["--body-timeout", "1", "--idle-timeout", "5"])
                let script = TestSite.package.appendingPathComponent(
                    "Tests/Support/service/slow-requests.py"
                ).path
                let slow = try RunningCommand(
                    "python3", [script, service.socket, token, "60"])
                try slow.waitForOutput("waiting")
                let other = try service.ask("GET", "/v1/jobs", token: token)
                #expect(other.status == 200)
                let end = try slow.finish()
                #expect(end.status == 0, "\(end.output) \(end.errors)")
                #expect(
                    try service.ask("GET", "/metrics", token: nil).body.contains(
                        "moniker_requests_in_flight 1\n"), "the one that asks this")
            }
        }
    }
}
