import Foundation
import HTTPClient
import Model
import RemoteSite
import Testing

/// A copy of the real WordPress with its MariaDB and PHP's own web server, for one test.
///
/// There is one at a time, always at the same path: its tests are serialized.
final class RealSite {
    let home: TemporaryHome
    let client: HTTPClient
    let url: String
    private let server: Background

    private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let script =
        package.appendingPathComponent("Tests/Support/wordpress/site.sh").path
    private static let root = package.appendingPathComponent(".test/remote-site")
    private static let built = Result {
        try runTool([script, "ensure", root.path, "--attachments", "4", "--posts", "6"])
    }

    private static var live: URL { root.appendingPathComponent("live") }
    private static var wordpress: URL { live.appendingPathComponent("www") }

    init() throws {
        _ = try Self.built.get()
        home = try TemporaryHome()
        client = try HTTPClient()
        let owner = String(ProcessInfo.processInfo.processIdentifier)
        try runTool([Self.script, "restore", Self.root.path, "mariadb", owner])
        server = try Background(
            [
                "php", "-d", "opcache.enable=0", "-d", "display_errors=0", "-S", "127.0.0.1:0",
                "-t",
                Self.wordpress.path, Background.script("router.php"),
            ], environment: ["MONIKER_TEST_SITE": Self.wordpress.path], speaksOnErrors: true)
        // "… Development Server (http://127.0.0.1:42495) started"
        let start = try #require(server.line.firstRange(of: "http://"), "\(server.line)")
        url = String(server.line[start.lowerBound...].prefix { $0 != ")" })
    }

    deinit {
        do { try runTool([Self.script, "stop", Self.root.path]) } catch { Issue.record(error) }
    }

    @discardableResult
    func php(_ script: String, _ arguments: [String] = []) throws -> String {
        try runTool(
            [
                Self.script, "php", Self.root.path, "../../RemoteSiteTests/Scripts/\(script)",
            ] + arguments)
    }

    /// Turns on what router.php calls switches.
    func turnOn(_ switches: String...) throws {
        try JSONEncoder().encode(switches)
            .write(to: Self.live.appendingPathComponent("switches.json"))
    }

    /// Installs a plugin that WordPress always loads.
    func install(plugin code: String) throws {
        let folder = Self.wordpress.appendingPathComponent("wp-content/mu-plugins")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data("<?php\n\(code)".utf8).write(to: folder.appendingPathComponent("test.php"))
    }

    func settings(role: String = "editor") throws -> RemoteSiteSettings {
        let text = try php("prepare.php", ["\(role)-user", role])
        var settings = RemoteSiteSettings(
            url: url, user: "\(role)-user", password: try #require(ApplicationPassword(text)))
        settings.timeout = .seconds(30)
        return settings
    }

    func connect(role: String = "editor") async throws -> RemoteSite {
        try await RemoteSite.connect(
            try settings(role: role), home: home.path, client: client)
    }

    /// What the database holds of an image.
    struct Texts: Decodable, Equatable {
        var id: Int64
        var mime: String
        var parent: Int64
        var title: String
        var caption: String
        var description: String
        var alt: [String]
        var file: String

        subscript(field: MetadataField) -> String {
            switch field {
            case .alt: alt.first ?? ""
            case .title: title
            case .caption: caption
            case .description: description
            }
        }
    }

    func texts() throws -> [Texts] {
        try JSONDecoder().decode([Texts].self, from: Data(try php("texts.php").utf8))
    }

    func texts(of id: Int64) throws -> Texts {
        try #require(try texts().first { $0.id == id })
    }

    /// A person edits an image in WordPress.
    func edit(_ id: Int64, _ field: MetadataField, _ text: String) throws {
        try php("edit.php", [String(id), field.rawValue, text])
    }
}
