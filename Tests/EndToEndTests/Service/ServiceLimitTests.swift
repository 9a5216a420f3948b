import Access
import Foundation
import Testing

extension EndToEnd {
    @Suite("serve, asked for too much at once") struct ServiceLimitTests {
        private static let password = "a horse, a battery and a staple"

        private struct Listening: Decodable { var listening: String }

        @Test("Headers are limited one by one, in all, and in number")
        func headers() throws {
            try TestSite.with(.sqlite) { site in
                let token = try RunningService.token(site, "read").token
                let service = try RunningService(site)
                func ask(_ headers: [String]) throws -> CommandResult {
                    try run(
                        "curl", service.curl("GET", "/v1/jobs", token: token, headers: headers))
                }
                let (most, large) = (String(repeating: "a", count: 10 << 10), 17 << 10)
                #expect(try ask(["X-A: \(most)"]).output.hasPrefix("HTTP/1.1 200"))
                let many = (0..<150).map { "X-\($0): a" }
                for (what, headers) in [
                    ("one", ["X-A: \(String(repeating: "a", count: large))"]),
                    ("all", (0..<5).map { "X-\($0): \(most)" }), ("number", many),
                ] {
                    let answer = try ask(headers)
                    // The connection may end before all of it was sent.
                    #expect(
                        answer.status != 0 || answer.output.hasPrefix("HTTP/1.1 4"),
                        "\(what): \(answer.output.prefix(100))")
                }
                #expect(try ask(Array(many.prefix(50))).output.hasPrefix("HTTP/1.1 200"))
            }
        }

        @Test("A thousand connections are answered, and the next waits until one of them ends")
        func connections() throws {
            try TestSite.with(.sqlite) { site in
                let service = try RunningService(site, ["--idle-timeout", "600"])
                let script = TestSite.package.appendingPathComponent(
                    "Tests/Support/service/many-connections.py"
                ).path
                let result = try run("python3", [script, service.socket, "1000"])
                #expect(result.status == 0, "\(result.output) \(result.errors.suffix(500))")
            }
        }

        @Test("So many changes may wait, and who comes later is told when to come again")
        func changes() throws {
            try TestSite.with(.sqlite) { site in
                let token = try RunningService.token(site, "write").token
                let service = try RunningService(site)
                let photo = try site.id("photo")
                let folder = site.root.appendingPathComponent("answers").path
                try runHelper(
                    "curl",
                    [
                        "-s", "--parallel", "--parallel-immediate", "--parallel-max", "200",
                        "--max-time", "300", "--unix-socket", service.socket, "-i",
                        "-H", "Authorization: Bearer \(token)",
                        "-H", "Content-Type: application/json", "-d",
                        #"{"name":"bike","keep_old":"none"}"#, "--create-dirs", "-o",
                        "\(folder)/#1", "http://localhost/v1/attachments/\(photo)/filename#[1-200]",
                    ])
                let answers = try (1...200).map {
                    try RunningService.answer(
                        try String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8))
                }
                let refused = answers.filter { $0.status == 429 }
                #expect(!refused.isEmpty)
                #expect(refused.allSatisfy { Int($0.headers["retry-after"] ?? "") ?? 0 > 0 })
                #expect(answers.count - refused.count >= 64, "as many as may wait are answered")
                #expect(try site.journalIDs().count == 1)
            }
        }

        @Test("Many addresses together guess no more passwords than all may")
        func logins() throws {
            try TestSite.with(.sqlite) { site in
                let set = try run(
                    MonikerBinary.path, site.siteArguments + ["password"],
                    input: Self.password + "\n")
                try #require(set.status == 0, "\(set.errors)")
                let service = try RunningCommand(
                    MonikerBinary.path,
                    site.siteArguments + ["--json", "serve", "--listen", "127.0.0.1:0"])
                try service.waitForOutput("listening")
                let line = try service.outputSoFar()
                let address = try JSONDecoder().decode(Listening.self, from: Data(line.utf8))
                    .listening
                // Each address guesses less often than one alone may: only all together are too many.
                var words = ["--parallel", "--parallel-immediate", "--parallel-max", "100"]
                for host in 2..<27 {
                    for _ in 0..<4 {
                        if words.last == "/dev/null" { words.append("--next") }
                        words += [
                            "-s", "--interface", "127.0.0.\(host)", "-H", "Origin: \(address)",
                            "-d", "password=wrong", "-w", "%{http_code}\n", "--max-time", "300",
                            "\(address)/login", "-o", "/dev/null",
                        ]
                    }
                }
                let statuses = try runHelper("curl", words).split(separator: "\n")
                #expect(statuses.count == 100)
                #expect(Set(statuses) == ["401", "429"])
                #expect(statuses.count { $0 == "401" } >= 30)
                service.send(SIGTERM)
                #expect(try service.finish().status == 0)
            }
        }

        @Test("Made-up cookies are told to wait on pages as well, and whoever has a session is not")
        func cookies() throws {
            try TestSite.with(.sqlite) { site in
                let service = try RunningService(site)
                let session = try AccessStore(home: site.home.path).beginSession()
                let statuses = try (0..<40).map { number in
                    try service.ask(
                        "GET", "/history", token: nil, headers: ["Cookie: moniker=guess\(number)"]
                    ).status
                }
                #expect(statuses.prefix(25).allSatisfy { $0 == 303 })
                #expect(statuses.contains(429))
                let own = try service.ask(
                    "GET", "/history", token: nil, headers: ["Cookie: moniker=\(session.cookie)"])
                #expect(own.status == 200)
            }
        }
    }
}
