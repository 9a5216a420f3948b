import Foundation
import Testing

extension EndToEnd {
    @Suite("serve: review, settings, tokens, schedules, analysis") struct ServiceDeskTests {
        private let hostile = #"<script>alert(1)</script>"#

        /// Puts the photo on the review list; its id.
        private func queue(
            _ site: TestSite, _ service: RunningService, _ token: String
        ) throws -> Int {
            let photo = try site.id("photo")
            let answer = try service.ask(
                "POST", "/v1/attachments/\(photo)/metadata", token: token,
                body: #"{"fields":["alt"],"overwrite":true}"#)
            try #require(answer.status == 200, "\(answer.body)")
            return photo
        }

        private func alt(_ site: TestSite, _ id: Int) throws -> String {
            try site.sql(
                "SELECT meta_value FROM wp_postmeta WHERE post_id = \(id) AND meta_key = '_wp_attachment_image_alt';"
            ).trimmingCharacters(in: .newlines)
        }

        @Test(
            "A proposal is looked at, planned, edited within the rules, and taken back",
            arguments: Engine.allCases)
        func review(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                let before = try site.snapshot()
                let token = try RunningService.token(site, "write").token
                let service = try RunningService(site)
                let photo = try queue(site, service, token)
                let list = try service.ask("GET", "/v1/review", token: token).json
                let items = try #require(list["items"] as? [[String: Any]])
                #expect(items.map { $0["attachment"] as? Int } == [photo])
                #expect(list["total"] as? Int == 1)
                let proposed = try #require(items[0]["texts"] as? [String: String])["alt"]
                let rules = try #require(items[0]["rules"] as? [[String: Any]])
                #expect(rules.contains { $0["code"] as? String == "low-confidence" })
                let current = try #require(items[0]["current"] as? [String: String])
                #expect(current["alt"] == (try alt(site, photo)))

                let path = "/v1/review/\(photo)"
                let plan = try service.ask(
                    "POST", "\(path)/approve", token: token, body: #"{"dry_run":true}"#)
                #expect(try plan.json["state"] as? String == "planned")
                try site.expectUnchanged(since: before, "by a dry run of an approval")
                let hash = try #require(try plan.json["plan_hash"] as? String)
                let wrong = String(repeating: "0", count: 64)
                #expect(
                    try service.ask(
                        "POST", "\(path)/approve", token: token,
                        body: "{\"expected_plan\":\"\(wrong)\"}"
                    ).code == "stale-plan")
                let refused = try service.ask(
                    "POST", "\(path)/edit", token: token,
                    body: "{\"force\":true,\"texts\":{\"alt\":\"\(hostile)\"}}")
                #expect(refused.status == 422)
                #expect(try refused.code == "held-back")
                try site.expectUnchanged(since: before, "by a text that would harm a page")

                let done = try service.ask(
                    "POST", "\(path)/approve", token: token,
                    body: "{\"expected_plan\":\"\(hash)\"}",
                    headers: ["Idempotency-Key: approve-1"])
                #expect(done.status == 200, "\(done.body)")
                #expect(try alt(site, photo) == proposed)
                let again = try service.ask(
                    "POST", "\(path)/approve", token: token,
                    body: "{\"expected_plan\":\"\(hash)\"}",
                    headers: ["Idempotency-Key: approve-1"])
                #expect(again.body == done.body)
                let late = try service.ask("POST", "\(path)/approve", token: token)
                #expect(late.status == 404)
                #expect(try late.code == "not-in-review")
                let journal = try #require(try done.json["journal"] as? String)
                let entry = try service.ask("GET", "/v1/journal/\(journal)", token: token)
                #expect(try entry.json["requested_by"] != nil)
                #expect(
                    try service.ask(
                        "POST", "/v1/journal/\(journal)/revert", token: token
                    ).status == 200)
                try site.expectUnchanged(since: before, "by an approval and its revert")
                try service.expectAnswersAsDescribed()
            }
        }

        @Test("Editing writes a person's text; rejecting writes nothing and empties the list")
        func editAndReject() throws {
            try TestSite.with(.sqlite) { site in
                let token = try RunningService.token(site, "write").token
                let service = try RunningService(site)
                let photo = try queue(site, service, token)
                let text = "A red bicycle leaning on a brick wall"
                let edited = try service.ask(
                    "POST", "/v1/review/\(photo)/edit", token: token,
                    body: "{\"texts\":{\"alt\":\"\(text)\"}}")
                #expect(edited.status == 200, "\(edited.body)")
                #expect(try alt(site, photo) == text)
                let journal = try #require(try edited.json["journal"] as? String)
                let entry = try service.ask("GET", "/v1/journal/\(journal)", token: token).json
                let texts = try #require(entry["texts"] as? [[String: Any]])
                #expect(texts.map { $0["source"] as? String } == ["human"])
                #expect(
                    try service.ask(
                        "POST", "/v1/journal/\(journal)/revert", token: token
                    ).status == 200)

                _ = try queue(site, service, token)
                let before = try site.snapshot()
                let rejected = try service.ask(
                    "POST", "/v1/review/\(photo)/reject", token: token, body: "{}")
                #expect(rejected.status == 200, "\(rejected.body)")
                let left = try service.ask("GET", "/v1/review", token: token).json
                #expect(left["total"] as? Int == 0)
                let plan = try service.ask(
                    "POST", "/v1/review/approve", token: token,
                    body: "{\"attachments\":[\(photo)],\"dry_run\":true}")
                #expect(plan.status == 404, "\(plan.body)")
                try site.expectUnchanged(since: before, "by a rejection")
                try service.expectAnswersAsDescribed()
            }
        }

        @Test("Settings last, complete jobs and requests, and are refused where they are none")
        func settings() throws {
            try TestSite.with(.sqlite) { site in
                let admin = try RunningService.token(site, "admin").token
                let writer = try RunningService.token(site, "write").token
                let key = "sk-canary-settings-0123456789"
                let environment = ["OPENAI_API_KEY": key]
                var service = try RunningService(site, environment: environment)
                let usual = try service.ask("GET", "/v1/settings", token: writer).json
                #expect(usual["mode"] as? String == "balanced")
                #expect(usual["changed"] is NSNull)
                let body = """
                    {"fields":["alt"],"mode":"wcag","language":"de","context":"Bikes in Tenerife",\
                    "skip":{"minimum_width":300},"provider":"openai",\
                    "base_url":"http://127.0.0.1:9/v1","model":"llava","daily_budget":"1.50"}
                    """
                #expect(
                    try service.ask("PUT", "/v1/settings", token: writer, body: body).status
                        == 403)
                let saved = try service.ask("PUT", "/v1/settings", token: admin, body: body)
                #expect(saved.status == 200, "\(saved.body)")
                let effective = try #require(try saved.json["effective"] as? [String: Any])
                #expect(effective["server"] as? String == "http://127.0.0.1:9/v1")
                #expect(effective["key_is_set"] as? Bool == false, "no key goes to a named server")
                #expect(!saved.body.contains(key))

                service.terminate()
                #expect(try service.finish().status == 0)
                service = try RunningService(site, environment: environment)
                let kept = try service.ask("GET", "/v1/settings", token: writer).json
                #expect(kept["language"] as? String == "de")
                #expect((kept["skip"] as? [String: Any])?["minimum_width"] as? Int == 300)
                let job = try service.ask(
                    "POST", "/v1/jobs", token: writer,
                    body:
                        #"{"kind":"complete-metadata","options":{"attachments":[9999],"mode":"seo"}}"#
                )
                let options = try #require(try job.json["options"] as? [String: Any])
                #expect(options["mode"] as? String == "seo", "what a request says stands")
                #expect(options["language"] as? String == "de")
                #expect(options["context"] as? String == "Bikes in Tenerife")
                #expect(options["fields"] as? [String] == ["alt"])
                #expect(options["confined"] as? Bool == true)
                #expect(options["daily_budget"] as? String == "1.50")

                for bad in [
                    "", "[]", #"{"mod":"seo"}"#, #"{"mode":"loud"}"#, #"{"fields":[]}"#,
                    #"{"fields":["alt","price"]}"#, #"{"language":"../.."}"#,
                    #"{"skip":{"minimum_width":-1}}"#, #"{"skip":{"widht":1}}"#,
                    #"{"provider":"nobody"}"#, #"{"budget":"a lot"}"#, #"{"daily_budget":"-1"}"#,
                    #"{"provider":"openai","base_url":"ftp://example.com"}"#,
                    #"{"provider":"openai","base_url":"http://192.168.1.4/v1"}"#,
                    #"{"provider":"openai","base_url":"http://169.254.169.254/latest"}"#,
                    #"{"provider":"gemini","model":"../../x"}"#, #"{"effective":{}}"#,
                    "{\"context\":\"\(String(repeating: "a", count: 2001))\"}",
                ] {
                    let answer = try service.ask("PUT", "/v1/settings", token: admin, body: bad)
                    #expect(answer.status == 422, "\(bad.prefix(60)) \(answer.body)")
                    #expect(try answer.code == "invalid-argument", "\(bad.prefix(60))")
                }
                let still = try service.ask("GET", "/v1/settings", token: writer).json
                #expect(still["language"] as? String == "de", "nothing of them was kept")
                try service.expectAnswersAsDescribed()
            }
        }

        @Test("The provider of the settings is tried without the site and without a foreign key")
        func providerTest() throws {
            try TestSite.with(.sqlite) { site in
                let admin = try RunningService.token(site, "admin").token
                let service = try RunningService(
                    site, environment: ["OPENAI_API_KEY": "sk-canary-9"])
                let offline = try service.ask(
                    "POST", "/v1/settings/provider/test", token: admin, body: "{}")
                #expect(offline.status == 200)
                #expect(try offline.json["provider"] as? String == "offline")
                let listener = try HeaderListener()
                let saved = try service.ask(
                    "PUT", "/v1/settings", token: admin,
                    body:
                        "{\"provider\":\"openai\",\"base_url\":\"http://127.0.0.1:\(listener.port)/v1\",\"model\":\"m\"}"
                )
                #expect(saved.status == 200, "\(saved.body)")
                let failed = try service.ask(
                    "POST", "/v1/settings/provider/test", token: admin, body: "{}")
                #expect([422, 502].contains(failed.status), "\(failed.status) \(failed.body)")
                let heard = try listener.heard()
                #expect(heard.contains("POST /v1/"))
                #expect(!heard.contains("sk-canary-9"))
                #expect(!heard.lowercased().contains("authorization"))
                let refused = try service.ask(
                    "POST", "/v1/settings/provider/test", token: admin,
                    body: #"{"base_url":"http://127.0.0.1:1/"}"#)
                #expect(refused.status == 422)
                try service.expectAnswersAsDescribed()
            }
        }

        @Test("A token is shown once, also to whoever repeats the request, and ends when revoked")
        func tokens() throws {
            try TestSite.with(.sqlite) { site in
                let admin = try RunningService.token(site, "admin").token
                let writer = try RunningService.token(site, "write").token
                let service = try RunningService(site)
                let body = #"{"name":"shop <b>","scope":"read","expires":"30d"}"#
                #expect(
                    try service.ask("POST", "/v1/tokens", token: writer, body: body).status == 403)
                let key = ["Idempotency-Key: token-1"]
                let made = try service.ask(
                    "POST", "/v1/tokens", token: admin, body: body, headers: key)
                #expect(made.status == 201, "\(made.body)")
                let token = try #require(try made.json["token"] as? String)
                let id = try #require(try made.json["id"] as? String)
                let repeated = try service.ask(
                    "POST", "/v1/tokens", token: admin, body: body, headers: key)
                #expect(try repeated.code == "outcome-unknown")
                #expect(!repeated.body.contains(token))
                #expect(try service.ask("GET", "/v1/jobs", token: token).status == 200)
                let list = try service.ask("GET", "/v1/tokens", token: admin)
                #expect(try #require(try list.json["items"] as? [Any]).count == 3)
                #expect(!list.body.contains(token))
                let secret = try #require(token.split(separator: ".").last)
                for file in try FileManager.default.subpathsOfDirectory(atPath: site.home.path) {
                    let path = site.home.appendingPathComponent(file)
                    guard !path.hasDirectoryPath else { continue }
                    #expect(
                        try Data(contentsOf: path).range(of: Data(secret.utf8)) == nil, "\(file)")
                }
                #expect(
                    try service.ask("DELETE", "/v1/tokens/\(id)", token: writer).status == 403)
                let revoked = try service.ask("DELETE", "/v1/tokens/\(id)", token: admin)
                #expect(revoked.status == 200, "\(revoked.body)")
                #expect(try service.ask("GET", "/v1/jobs", token: token).status == 401)
                #expect(try service.ask("DELETE", "/v1/tokens/Tnone", token: admin).status == 404)
                for bad in [
                    "{}", #"{"name":"a","scope":"root"}"#, #"{"name":"","scope":"read"}"#,
                    #"{"name":"a","scope":"read","expires":"0d"}"#,
                    #"{"name":"a","scope":"read","expires":"9999999999d"}"#,
                    #"{"name":"a\u0000b","scope":"read"}"#,
                ] {
                    let answer = try service.ask("POST", "/v1/tokens", token: admin, body: bad)
                    #expect(answer.status == 422, "\(bad) \(answer.body)")
                }
                try service.expectAnswersAsDescribed()
            }
        }

        @Test("Analysis tells what the last job found, and never computes while somebody waits")
        func analysis() throws {
            try TestSite.with(.sqlite) { site in
                let before = try site.snapshot()
                let token = try RunningService.token(site, "write").token
                let service = try RunningService(site)
                let none = try service.ask("GET", "/v1/analysis", token: token).json
                #expect(none["report"] is NSNull)
                #expect(none["pending"] is NSNull)
                let job = try service.ask(
                    "POST", "/v1/jobs", token: token, body: #"{"kind":"analyze"}"#)
                let id = try #require(try job.json["id"] as? String)
                // The stream ends with the job.
                _ = try service.ask("GET", "/v1/jobs/\(id)/events", token: token)
                let found = try service.ask("GET", "/v1/analysis", token: token).json
                #expect(found["job"] as? String == id)
                let report = try #require(found["report"] as? [String: Any])
                let direct = try JSONSerialization.jsonObject(
                    with: Data(try site.moniker(["--json", "analyze"]).output.utf8))
                let expected = try #require(direct as? [String: Any])
                #expect(report["images"] as? Int == expected["images"] as? Int)
                #expect(
                    (report["quality"] as? [String: Any])?["score"] as? Int
                        == (expected["quality"] as? [String: Any])?["score"] as? Int)
                try site.expectUnchanged(since: before, "by an analysis")
                try service.expectAnswersAsDescribed()
            }
        }

        @Test("Schedules are made, listed and removed; data flows tell who is in use")
        func schedules() throws {
            try TestSite.with(.sqlite) { site in
                let token = try RunningService.token(site, "write").token
                let service = try RunningService(site)
                let made = try service.ask(
                    "POST", "/v1/schedules", token: token,
                    body: #"{"kind":"scan","cron":"0 3 * * *"}"#)
                #expect(made.status == 201, "\(made.body)")
                let id = try #require(try made.json["id"] as? String)
                let list = try service.ask("GET", "/v1/schedules", token: token).json
                #expect(try #require(list["items"] as? [[String: Any]]).count == 1)
                for bad in [
                    #"{"kind":"scan","cron":"every day"}"#, #"{"kind":"scan"}"#,
                    #"{"kind":"walk","cron":"@daily"}"#,
                    #"{"kind":"scan","cron":"@daily","options":{"key_file":"/etc/passwd"}}"#,
                ] {
                    #expect(
                        try service.ask("POST", "/v1/schedules", token: token, body: bad).status
                            == 422, "\(bad)")
                }
                #expect(
                    try service.ask("DELETE", "/v1/schedules/\(id)", token: token).status == 200)
                #expect(
                    try service.ask("DELETE", "/v1/schedules/\(id)", token: token).status == 404)
                let flows = try service.ask("GET", "/v1/data-flows", token: token).json
                let items = try #require(flows["items"] as? [[String: Any]])
                #expect(
                    items.filter { $0["active"] as? Bool == true }.map { $0["server"] as? String }
                        == ["this machine"])
                try service.expectAnswersAsDescribed()
            }
        }
    }
}

/// A server that answers 500 to everything and remembers what it was sent.
private final class HeaderListener {
    let port: Int
    private let process: RunningCommand
    private let log: URL

    init() throws {
        log = FileManager.default.temporaryDirectory
            .appendingPathComponent("moniker-heard-\(UUID().uuidString)")
        let script = """
            import http.server, sys
            class Handler(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    length = int(self.headers.get("content-length") or 0)
                    with open(sys.argv[1], "a") as log:
                        log.write(self.requestline + "\\n" + str(self.headers))
                    self.rfile.read(length)
                    self.send_response(400); self.end_headers()
                do_POST = do_GET
                def log_message(self, *words): pass
            server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
            with open(sys.argv[1], "a") as log:
                log.write("port %d\\n" % server.server_port)
            print("ready", flush=True)
            server.serve_forever()
            """
        process = try RunningCommand("python3", ["-c", script, log.path])
        try process.waitForOutput("ready")
        let line = try #require(
            try String(contentsOf: log, encoding: .utf8).split(separator: "\n").first)
        port = try #require(Int(line.dropFirst("port ".count)))
    }

    deinit {
        process.killAtOnce()
        do {
            if FileManager.default.fileExists(atPath: log.path) {
                try FileManager.default.removeItem(at: log)
            }
        } catch { Issue.record(error) }
    }

    func heard() throws -> String { try String(contentsOf: log, encoding: .utf8) }
}
