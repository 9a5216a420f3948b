import Foundation
import Testing

/// The test site behind PHP's own web server, with a user who has an application password.
final class RestSite {
    let site: TestSite
    let url: String
    let user: String
    let password: String
    private let server: RunningCommand

    private static let scripts = "../../RemoteSiteTests/Scripts/"

    init(_ site: TestSite, role: String = "editor") throws {
        self.site = site
        user = "\(role)-user"
        password = try Self.output(of: site.php(Self.scripts + "prepare.php", [user, role]))
        try #require(password.count == 24)
        let log = site.live.appendingPathComponent("php-server.log")
        try Data().write(to: log)
        let router = TestSite.package
            .appendingPathComponent("Tests/RemoteSiteTests/Scripts/router.php").path
        // A test run that is killed ends its server, too.
        let script = """
            (while kill -0 "$4" && kill -0 $$; do sleep 0.5; done; kill -0 "$4" || kill -9 $$) 2>/dev/null &
            exec php -d opcache.enable=0 -d display_errors=0 -S 127.0.0.1:0 -t "$1" "$2" 2>"$3"
            """
        server = try RunningCommand(
            "/bin/sh",
            [
                "-c", script, "sh", site.wordpress.path, router, log.path,
                "\(ProcessInfo.processInfo.processIdentifier)",
            ], environment: ["MONIKER_TEST_SITE": site.wordpress.path])
        let server = server
        var said = ""
        try wait(for: "PHP's web server") {
            try #require(server.isRunning, "PHP's web server has ended")
            said = try String(contentsOf: log, encoding: .utf8)
            return said.contains(") started")
        }
        // "… Development Server (http://127.0.0.1:42495) started"
        let start = try #require(said.firstRange(of: "http://"))
        url = String(said[start.lowerBound...].prefix { $0 != ")" })
    }

    deinit {
        server.killAtOnce()
        do { _ = try server.finish() } catch { Issue.record(error) }
    }

    private static func output(of result: CommandResult) throws -> String {
        try #require(result.status == 0, "\(result.errors)")
        return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Runs a command of `moniker rest`.
    func rest(
        _ arguments: [String], password: String? = nil, environment: [String: String] = [:]
    ) throws -> CommandResult {
        try run(
            MonikerBinary.path,
            ["rest"] + arguments + ["--url", url, "--user", user, "--home", site.home.path],
            environment: ["MONIKER_REST_PASSWORD": password ?? self.password]
                .merging(environment) { $1 })
    }

    /// Runs a command with `--json` and reads what it printed.
    func json<Value: Decodable>(
        _ type: Value.Type, _ arguments: [String], status: Int32 = 0,
        environment: [String: String] = [:], sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Value {
        let result = try rest(arguments + ["--json"], environment: environment)
        try #require(
            result.status == status && !result.wasKilled,
            "\(arguments) ended with \(result.status): \(result.errors) \(result.output.prefix(2000))",
            sourceLocation: sourceLocation)
        return try JSONDecoder().decode(type, from: Data(result.output.utf8))
    }

    // MARK: What the database holds

    /// What the database holds of an image.
    struct Texts: Decodable, Equatable {
        var id: Int64
        var mime: String
        var title: String
        var caption: String
        var description: String
        var alt: [String]

        /// By field; a missing alternative and an empty one are the same here, as they are to REST.
        var byField: [String: String] {
            [
                "alt": alt.first ?? "", "title": title, "caption": caption,
                "description": description,
            ]
        }
    }

    /// All images, as WordPress's own code reads them.
    func texts() throws -> [Int64: Texts] {
        let output = try Self.output(of: site.php(Self.scripts + "texts.php"))
        let all = try JSONDecoder().decode([Texts].self, from: Data(output.utf8))
        return Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })
    }

    /// A person edits an image in WordPress.
    func edit(_ id: Int64, _ field: String, _ text: String) throws {
        _ = try Self.output(
            of: site.php(Self.scripts + "edit.php", ["\(id)", field, text]))
    }

    /// Installs a plugin that WordPress always loads.
    func install(plugin code: String) throws {
        let folder = site.wordpress.appendingPathComponent("wp-content/mu-plugins")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data("<?php\n\(code)".utf8).write(to: folder.appendingPathComponent("test.php"))
    }

    // MARK: What commands print

    struct Change: Decodable {
        struct Left: Decodable {
            var attachment: Int64
            var field: String?
            var reason: String
        }
        struct Planned: Decodable {
            var attachment: Int64
            var field: String
            var before: String
            var after: String
        }

        var journal: String?
        var state: String
        var reverts: String?
        var attachments: Int
        var cells: Int
        var skipped: [Left]
        var conflicts: [Left]
        var changes: [Planned]?
    }

    struct Generated: Decodable {
        struct Review: Decodable {
            var attachment: Int64
            var reason: String
            var alt: String
        }
        struct Failure: Decodable {
            var attachment: Int64
            var reason: String
        }

        var journal: String?
        var state: String
        var attachments: Int
        var cells: Int
        var described: Int
        var skipped: [Change.Left]
        var review: [Review]
        var failed: [Failure]
    }

    struct Entry: Decodable {
        struct Text: Decodable {
            var attachment: Int64
            var field: String
            var before: String
            var after: String
            var state: String
            var provider: String?
            var reverted_by: String?
        }

        var journal: String
        var state: String
        var attachments: Int
        var states: [String: Int]
        var reverts: String?
        var texts: [Text]?
    }

    struct Failure: Decodable {
        struct Content: Decodable {
            var code: String
            var message: String
        }

        var error: Content
    }
}
