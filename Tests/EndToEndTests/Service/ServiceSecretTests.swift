import Access
import Foundation
import Testing

extension EndToEnd {
    @Suite("serve, and what it must keep to itself") struct ServiceSecretTests {
        @Test(
            "Password, cookie, form token, token, provider's key and database password are in no log, no answer and no file but those meant"
        )
        func canaries() throws {
            try TestSite.with(.mariadb) { site in
                let stub = try ProviderStub()
                defer { do { try stub.end() } catch { Issue.record(error) } }
                let password = "canary of the dashboard 0123456789"
                let key = "sk-ant-canary-0123456789abcdefghij"
                let token = try RunningService.token(site, "admin").token
                let set = try run(
                    MonikerBinary.path, site.siteArguments + ["password"], input: password + "\n")
                #expect(set.status == 0)
                let session = try AccessStore(home: site.home.path).beginSession()
                let secrets = [
                    "token": try #require(token.split(separator: ".").last.map(String.init)),
                    "password": password, "key": key, "cookie": session.cookie,
                    "form token": session.formToken, "database password": "correct horse",
                ]
                // Sure that the last one is what the site uses.
                let configuration = try String(
                    contentsOf: site.wordpress.appendingPathComponent("wp-config.php"),
                    encoding: .utf8)
                #expect(configuration.contains("correct horse"))

                let service = try RunningService(site, try stub.options(site, key: key))
                let photo = try site.id("photo")
                let cookie = "Cookie: moniker=\(session.cookie)"
                let form = [cookie, "X-Moniker-Form-Token: \(session.formToken)"]
                let own = form + ["Origin: http://localhost"]
                let metadata = "/v1/attachments/\(photo)/metadata"
                let texts = #"{"fields":["alt","title"],"overwrite":true}"#
                var said: [RunningService.Answer] = []
                func ask(
                    _ method: String, _ path: String, _ body: String? = nil,
                    headers: [String] = [], isToken: Bool = true
                ) throws -> RunningService.Answer {
                    let answer = try service.ask(
                        method, path, token: isToken ? token : nil, body: body, headers: headers)
                    said.append(answer)
                    return answer
                }
                // A provider that repeats the key in what it says.
                try runHelper(
                    "curl",
                    [
                        "-sS", "--data-binary", #"{"default":{"do":"key"}}"#,
                        "\(stub.address)/stub/script",
                    ])
                _ = try ask("POST", metadata, texts)
                try runHelper(
                    "curl", ["-sS", "--data-binary", "{}", "\(stub.address)/stub/script"])
                #expect(try ask("POST", metadata, texts).status == 200)
                #expect(
                    try ask(
                        "POST", "/v1/attachments/\(photo)/filename",
                        #"{"name":"plain-bike","keep_old":"none"}"#, headers: own, isToken: false
                    ).status == 200)
                #expect(
                    try ask("POST", metadata, texts, headers: form, isToken: false).status == 403)
                let queued = try ask("POST", "/v1/jobs", #"{"kind":"missing-alt"}"#)
                let job = try #require(try queued.json["id"] as? String)
                _ = try ask("GET", "/v1/jobs/\(job)/events")
                for path in [
                    "/v1/jobs", "/v1/jobs/\(job)", "/v1/jobs/\(job)/items", "/v1/attachments",
                    "/v1/attachments/\(photo)", "/v1/journal", "/metrics", "/openapi.json",
                    "/health/ready", "/",
                ] {
                    _ = try ask("GET", path)
                }
                for entry in try site.journalIDs() { _ = try ask("GET", "/v1/journal/\(entry)") }
                // The database goes away, and what fails for it is told without its password.
                try runHelper(TestSite.script, ["stop", site.root.path])
                #expect(try ask("GET", "/health/ready").status == 503)
                #expect(try ask("GET", "/v1/attachments/\(photo)").status == 503)
                #expect(
                    try ask("POST", "/v1/attachments/\(photo)/filename", #"{"name":"x"}"#).status
                        == 503)
                service.terminate()
                let end = try service.finish()
                #expect(end.status == 0)
                #expect(end.errors.contains("database-unreachable"))

                for (name, secret) in secrets {
                    #expect(!end.errors.contains(secret), "the log has the \(name)")
                    #expect(!end.output.contains(secret), "the output has the \(name)")
                    for answer in said {
                        #expect(!answer.body.contains(secret), "an answer has the \(name)")
                        #expect(
                            !answer.headers.values.contains { $0.contains(secret) },
                            "a header has the \(name)")
                    }
                    for file in try FileManager.default.subpathsOfDirectory(atPath: site.home.path)
                    {
                        let path = site.home.appendingPathComponent(file)
                        guard !path.hasDirectoryPath else { continue }
                        let data = try Data(contentsOf: path)
                        #expect(
                            data.range(of: Data(secret.utf8)) == nil, "\(file) has the \(name)")
                    }
                }
            }
        }
    }
}
