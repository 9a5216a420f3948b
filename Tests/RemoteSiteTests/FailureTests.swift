import Foundation
import HTTPClient
import Model
import RemoteSite
import Testing

@Suite("What sites answer instead") struct FailureTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var rule: String
        var code: ErrorCode
        var says: String
        var testDescription: String { name }
    }

    private static let me = #""on": "GET /wp-json/wp/v2/users/me""#
    private static let page = #""headers": {"Content-Type": "text/html"}, "body""#

    static let cases = [
        Case(
            name: "wrong password",
            rule: #"{\#(me), "status": 401, "body": "{\"code\": \"incorrect_password\"}"}"#,
            code: .restUnauthorized, says: "application password"),
        Case(
            name: "header dropped",
            rule: #"{\#(me), "status": 401, "body": "{\"code\": \"rest_not_logged_in\"}"}"#,
            code: .restUnauthorized, says: "CGIPassAuth"),
        Case(
            name: "passwords off",
            rule: #"""
                {\#(me), "status": 401, "body": "{\"code\": \"application_passwords_disabled\"}"}
                """#, code: .restUnauthorized, says: "application passwords"),
        Case(
            name: "the web server's own password",
            rule: #"""
                {\#(me), "status": 401, "headers": {"WWW-Authenticate": "Basic realm=x"},
                "body": "<html>No"}
                """#, code: .restUnauthorized, says: ".htpasswd"),
        Case(
            name: "forbidden by a plugin",
            rule: #"{\#(me), "status": 403, "body": "{\"code\": \"rest_login_required\"}"}"#,
            code: .restForbidden, says: "security plugin"),
        Case(
            name: "firewall with 403",
            rule:
                #"{\#(me), "status": 403, \#(page): "<html><title>Attention Required! | Cloudflare"}"#,
            code: .restBlocked, says: "Cloudflare"),
        Case(
            name: "mod_security",
            rule:
                #"{\#(me), "status": 406, \#(page): "<html><head><title>Not Acceptable!</title>"}"#,
            code: .restBlocked, says: "mod_security"),
        Case(
            name: "browser check with 200",
            rule: #"{\#(me), "status": 200, \#(page): "<!DOCTYPE html><title>Just a moment..."}"#,
            code: .restBlocked, says: "Cloudflare"),
        Case(
            name: "browser check with 503",
            rule: #"{\#(me), "status": 503, \#(page): "<!DOCTYPE html><title>Just a moment..."}"#,
            code: .restBlocked, says: "Cloudflare"),
        Case(
            name: "login page with 200",
            rule: #"{\#(me), "status": 200, \#(page): "\n <html lang=en><form>"}"#,
            code: .restBlocked, says: "instead of JSON"),
        Case(
            name: "warnings before JSON",
            rule: #"{\#(me), "rewrite": "<br />\n<b>Warning</b>: x"}"#,
            code: .malformedAnswer, says: "prints warnings"),
        Case(
            name: "REST switched off",
            rule: #"{\#(me), "status": 404, "body": "{\"code\": \"rest_no_route\"}"}"#,
            code: .restMissing, says: "switched off"),
        Case(
            name: "moved to https",
            rule: #"{\#(me), "status": 301, "headers": {"Location": "https://example.com/x"}}"#,
            code: .restRedirected, says: "https://example.com"),
        Case(
            name: "too long a wait",
            rule: #"{\#(me), "status": 429, "headers": {"Retry-After": "3600"}}"#,
            code: .rateLimited, says: "3600 s"),
        Case(
            name: "maintenance",
            rule: #"{\#(me), "status": 503, \#(page): "<html>Briefly unavailable"}"#,
            code: .restFailed, says: "try again later"),
        Case(
            name: "error of the site",
            rule: #"{\#(me), "status": 500, \#(page): "<html>Critical"}"#,
            code: .restFailed, says: "error log"),
        Case(
            name: "too large", rule: #"{\#(me), "status": 413}"#, code: .restTooLarge,
            says: "shorten"),
        Case(
            name: "the front page redirects",
            rule:
                #"{"on": "GET / ", "status": 200}, {"on": "GET /", "status": 302, "headers": {"Location": "https://www.example.com/"}}"#,
            code: .restRedirected, says: "https://www.example.com"),
        Case(
            name: "the API is on another server",
            rule: #"""
                {"on": "GET /", "status": 200, "body": "x", "headers":
                {"Link": "<https://evil.example/wp-json/>; rel=\"https://api.w.org/\""}}
                """#, code: .restRedirected, says: "https://evil.example"),
        Case(
            name: "the API is on another port",
            rule: #"""
                {"on": "GET /", "status": 200, "body": "x", "headers":
                {"Link": "<http://127.0.0.1:1/wp-json/>; rel=\"https://api.w.org/\""}}
                """#, code: .restRedirected, says: "http://127.0.0.1:1"),
    ]

    @Test("Each has its code and a remedy, without the password", arguments: cases)
    func failures(of example: Case) async throws {
        let site = try await StubSite("[\(example.rule)]")
        let error = try await failure { try await site.connect() }
        #expect(error.code == example.code, "\(error)")
        #expect(error.message.contains(example.says), "\(error)")
        #expect(!"\(error) \(error.details)".contains("EFGH"))
        // Nobody but the named server was told the password, and that one only at its API.
        for entry in try await site.log() where !entry.path.hasPrefix("/wp-json/wp/v2") {
            #expect(entry.headers["authorization"] == nil, "\(entry.path)")
        }
    }

    @Test("A busy site is asked again after the wait that it wants")
    func retries() async throws {
        let site = try await StubSite(
            """
            [{"on": "GET /wp-json/wp/v2/users/me", "times": 1, "status": 429,
              "headers": {"Retry-After": "7"}},
             {"on": "GET /wp-json/wp/v2/users/me", "times": 1, "status": 503,
              "headers": {"Retry-After": "Tue, 14 Nov 2023 22:13:30 GMT"}},
             {"on": "GET /wp-json/wp/v2/users/me", "times": 1, "status": 502}]
            """)
        let remote = try await site.connect()
        #expect(remote.account.name == "Editor" && remote.language == "de-DE")
        // 1,700,000,000 is 22:13:20 of that day, and some milliseconds have passed.
        #expect(site.clock.waits == [.seconds(7), .seconds(9), .seconds(4)])
    }

    @Test("The password is in no message, no value, no file")
    func canary() async throws {
        let echo =
            #""body": "{\"code\": \"x\", \"message\": \"@AUTHORIZATION@ abcdEFGH1234ijklMNOP5678 abcd EFGH 1234 ijkl MNOP 5678\"}""#
        let site = try await StubSite(#"[{"on": "POST", "status": 400, \#(echo)}]"#)
        let settings = try site.settings()
        let remote = try await site.connect()
        let report = try await remote.write([change(1, [.alt: "New"])])
        var text = "\(settings) \(report) \(remote)"
        dump(settings, to: &text)
        dump(remote, to: &text)
        dump(report, to: &text)
        try #require(text.contains("•••"))
        let basic = Data("editor:\(StubSite.password)".utf8).base64EncodedString()
        let canaries = [StubSite.password, "abcdEFGH1234ijklMNOP5678", basic, "EFGH"]
        for canary in canaries { #expect(!text.contains(canary), "\(canary)") }
        let files = try FileManager.default.contentsOfDirectory(atPath: site.home.path)
        #expect(files.contains("remote.sqlite"))
        for file in files {
            let data = try Data(contentsOf: URL(fileURLWithPath: site.home.path + "/" + file))
            for canary in canaries { #expect(data.range(of: Data(canary.utf8)) == nil, "\(file)") }
        }
        // It was sent, and in the right place.
        #expect(try await site.writes().first?.headers["authorization"] == "Basic " + basic)
    }

    @Test("Requests look like a browser's, and writes are forms")
    func appearance() async throws {
        let site = try await StubSite()
        let remote = try await site.connect()
        _ = try await remote.write([change(2, [.alt: "a&b=c d\n%é", .title: "T"])])
        let writes = try await site.writes()
        #expect(writes.map(\.path).allSatisfy { $0.hasPrefix("/wp-json/wp/v2/media/2?") })
        #expect(writes.map(\.body) == ["alt_text=a%26b%3Dc%20d%0A%25%C3%A9&title=T"])
        #expect(
            writes.first?.headers["content-type"]
                == "application/x-www-form-urlencoded; charset=UTF-8")
        for entry in try await site.log() where !entry.path.hasPrefix("/stub") {
            #expect(entry.headers["user-agent"]?.hasPrefix("Mozilla/5.0 ") == true)
        }
    }

    @Test(
        "Plain http goes to this machine only",
        arguments: [
            "http://example.com", "http://127.evil.example", "http://127.0.0.1.evil.example",
            "http://localhost.evil.example", "http://192.168.0.1/", "http://[::2]",
        ])
    func plainHTTP(url: String) async throws {
        let site = try await StubSite()
        var settings = try site.settings()
        settings.url = url
        let error = try await failure { [settings] in
            try await RemoteSite.connect(settings, home: site.home.path, client: site.client)
        }
        #expect(error.code == .insecureAddress)
    }

    @Test(arguments: ["ftp://example.com", "https://user:secret@example.com", "https://", "x"])
    func unusableAddresses(url: String) async throws {
        let site = try await StubSite()
        var settings = try site.settings()
        settings.url = url
        let error = try await failure { [settings] in
            try await RemoteSite.connect(settings, home: site.home.path, client: site.client)
        }
        #expect(error.code == .invalidArgument)
    }

    @Test("Only files on the site's own server are fetched, up to a size, and no pages")
    func pictures() async throws {
        let site = try await StubSite(
            """
            [{"on": "GET /wp-content/uploads/image-2", "status": 302,
              "headers": {"Location": "http://169.254.169.254/"}},
             {"on": "GET /wp-content/uploads/image-3", "status": 200, "body": "<html>Check",
              "headers": {"Content-Type": "text/html"}},
             {"on": "GET /wp-content/uploads/image-4", "status": 404}]
            """, images: 4)
        var settings = try site.settings()
        settings.pictureLimit = 64
        let remote = try await RemoteSite.connect(
            settings, home: site.home.path, client: site.client, clock: site.clock)
        let images = try await remote.images()
        #expect(try await remote.picture(of: images[0]).starts(with: Array("\u{FF}".utf8)))
        let codes: [ErrorCode] = [.restRedirected, .restBlocked, .fileMissing]
        for (image, code) in zip(images.dropFirst(), codes) {
            #expect(try await failure { try await remote.picture(of: image) }.code == code)
        }
        for url in [
            "https://cdn.example.com/a.jpg", "http://169.254.169.254/latest",
            "http://127.0.0.1:1/a",
            "http://127.0.0.1@evil.example/a.jpg",
        ] {
            var image = images[0]
            image.sourceURL = url
            let code = try await failure { [image] in try await remote.picture(of: image) }.code
            #expect(code == (url.contains("@") ? .fileMissing : .externalFile), "\(url)")
        }
        for entry in try await site.log() where entry.path.hasPrefix("/wp-content/") {
            #expect(entry.headers["authorization"] == nil)
        }
    }

    @Test("Files of passwords are only read where nobody else can")
    func passwordFiles() throws {
        let home = try TemporaryHome()
        let path = home.path + "/password"
        func code() throws -> ErrorCode? {
            do throws(MonikerError) {
                _ = try ApplicationPassword.from(file: path)
                return nil
            } catch { return error.code }
        }
        #expect(try code() == .passwordMissing)
        try Data("abcd EFGH 1234\n".utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        #expect(try code() == .passwordFileUnsafe)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        #expect(try code() == nil)
        try FileManager.default.moveItem(atPath: path, toPath: path + "2")
        try FileManager.default.createSymbolicLink(
            atPath: path, withDestinationPath: path + "2")
        #expect(try code() == .passwordFileUnsafe)
        #expect(try ApplicationPassword.from(environment: ["MONIKER_REST_PASSWORD": "x"]) != nil)
        #expect(try ApplicationPassword.from(environment: [:]) == nil)
    }
}
