import Foundation
import Testing

/// The program as a service on a test site, listening on a private socket.
final class RunningService {
    /// An answer.
    struct Answer {
        var status: Int
        var headers: [String: String]
        var body: String

        /// The body as a JSON object.
        var json: [String: Any] {
            get throws {
                try #require(
                    try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any],
                    "\(body)")
            }
        }

        /// The code of a problem; nil for any other answer.
        var code: String? {
            get throws {
                guard headers["content-type"] == "application/problem+json" else { return nil }
                return try json["code"] as? String
            }
        }
    }

    let site: TestSite
    private let process: RunningCommand
    private let folder: URL
    private var answers: [String] = []

    var socket: String { folder.appendingPathComponent("s").path }

    init(
        _ site: TestSite, _ arguments: [String] = [], environment: [String: String] = [:]
    ) throws {
        self.site = site
        // A socket's path has at most 107 bytes.
        folder = URL(fileURLWithPath: "/tmp/moniker-service-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        process = try RunningCommand(
            MonikerBinary.path,
            site.siteArguments + [
                "--json", "serve", "--listen", "unix:\(folder.path)/s", "--rate-limit", "100000",
            ] + arguments, environment: environment)
        try process.waitForOutput("listening")
    }

    deinit {
        process.killAtOnce()
        do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) }
    }

    /// Makes a token with the program itself.
    static func token(_ site: TestSite, _ scope: String, _ more: [String] = []) throws -> (
        id: String, token: String
    ) {
        let result = try site.moniker(
            ["--json", "token", "create", "--name", "test", "--scope", scope] + more)
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        return (try #require(json["id"] as? String), try #require(json["token"] as? String))
    }

    /// The arguments of curl for a request; its answer goes to standard output, headers included.
    func curl(
        _ method: String, _ path: String, token: String?, body: String? = nil,
        headers: [String] = []
    ) -> [String] {
        var words = ["-s", "-i", "--unix-socket", socket, "-X", method, "--max-time", "120"]
        if method == "HEAD" { words += ["-I"] }
        if let token { words += ["-H", "Authorization: Bearer \(token)"] }
        for header in headers { words += ["-H", header] }
        if body != nil {
            words += ["--data-binary", "@-", "-H", "Expect:"]
            if !headers.contains(where: { $0.hasPrefix("Content-Type") }) {
                words += ["-H", "Content-Type: application/json"]
            }
        }
        return words + ["http://localhost\(path)"]
    }

    /// Asks something.
    @discardableResult
    func ask(
        _ method: String, _ path: String, token: String?, body: String? = nil,
        headers: [String] = []
    ) throws -> Answer {
        let output = try runHelper(
            "curl", curl(method, path, token: token, body: body, headers: headers), input: body)
        let answer = try Self.answer(output)
        try remember(answer, method, path)
        return answer
    }

    /// Reads what curl has printed.
    static func answer(_ output: String) throws -> Answer {
        let text = output.replacing("\r\n", with: "\n")
        let end = try #require(text.firstRange(of: "\n\n"), "\(text)")
        let lines = text[..<end.lowerBound].split(separator: "\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count > 1 ? String(parts[1].dropFirst()) : ""
        }
        return Answer(
            status: try #require(Int(lines[0].split(separator: " ")[1])), headers: headers,
            body: String(text[end.upperBound...]))
    }

    private func remember(_ answer: Answer, _ method: String, _ path: String) throws {
        let line: [String: Any] = [
            "method": method, "path": path, "status": answer.status,
            "type": answer.headers["content-type"] ?? "", "body": answer.body,
        ]
        answers.append(
            String(decoding: try JSONSerialization.data(withJSONObject: line), as: UTF8.self))
    }

    /// Expects that every answer so far is one that the OpenAPI document allows.
    func expectAnswersAsDescribed(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let file = folder.appendingPathComponent("answers.jsonl")
        try Data(answers.joined(separator: "\n").utf8).write(to: file)
        let document = folder.appendingPathComponent("openapi.json")
        try Data(try ask("GET", "/openapi.json", token: nil).body.utf8).write(to: document)
        let result = try run(
            TestSite.package.appendingPathComponent("Tests/Support/service/check-answers.py").path,
            [document.path, file.path])
        #expect(
            result.status == 0, "\(result.output) \(result.errors)", sourceLocation: sourceLocation)
        #expect(
            Int(result.output.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0 > 0,
            sourceLocation: sourceLocation)
    }

    /// Tells the service to end, as systemd does.
    func terminate() { process.send(SIGTERM) }

    /// Ends it as a power cut would.
    func killAtOnce() { process.killAtOnce() }

    /// Waits for the end; what it has said.
    func finish() throws -> CommandResult { try process.finish() }
}
