import Access
import Foundation
import HTTPTypes
import Model
import Testing

@testable import WebAPI

@Suite("Addresses, forms and sessions of pages") struct PageTests {
    @Test(
        "After a login one stays on this service",
        arguments: [
            "//evil.example", "https://evil.example/", "/\\evil.example", "/\t/evil.example",
            "javascript:alert(1)", "", "evil", "/a b", "/login", "/logout", "/ü", "/\r\nX: y",
        ])
    func foreignAddresses(_ address: String) {
        #expect(PageMaker.ownAddress(address) == "/")
    }

    @Test("Addresses of our own are kept, through the query and back")
    func ownAddresses() throws {
        for address in ["/", "/images?q=a%20b&missing=alt", "/images/7#history"] {
            #expect(PageMaker.ownAddress(address) == address)
            let query = "next=\(PageMaker.escapingQuery(address))"
            #expect(try FormFields.parse(query)["next"] == address)
        }
    }

    @Test(
        "Any text comes back from a query",
        arguments: ["a&b=c", "100 %", "ä ö ü €", "\"<script>'", "a+b", "#?/;", "\u{1F600}\n"])
    func queries(_ text: String) throws {
        #expect(try FormFields.parse("q=\(PageMaker.escapingQuery(text))") == ["q": text])
    }

    @Test("What is no form is refused")
    func wrongForms() {
        #expect(throws: MonikerError.self) { try FormFields.parse("a=%FF") }
        #expect(throws: MonikerError.self) { try FormFields.parse("a=1&a=2") }
    }

    private func withStore(
        _ body: (AccessStore, Clock) async throws -> Void
    ) async throws {
        let home = FileManager.default.temporaryDirectory
            .appendingPathComponent("moniker-pages-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        let clock = Clock()
        do {
            try await body(try AccessStore(home: home.path, clock: { clock.seconds }), clock)
        } catch {
            Issue.record(error)
        }
        try FileManager.default.removeItem(at: home)
    }

    /// A clock that is put forward by hand; used by one test at a time.
    private final class Clock: @unchecked Sendable {
        var seconds: Int64 = 1_800_000_000
    }

    private func request(
        _ method: HTTPRequest.Method, cookie: String?, _ more: HTTPFields = [:]
    ) -> HTTPRequest {
        var request = HTTPRequest(
            method: method, scheme: "http", authority: "127.0.0.1:8484", path: "/",
            headerFields: more)
        if let cookie { request.headerFields[.cookie] = "moniker=\(cookie)" }
        return request
    }

    @Test("A session opens pages until it ends; a token opens none")
    func sessions() async throws {
        try await withStore { store, clock in
            let authenticator = Authenticator(
                store: store, worker: Worker("test"), isSecure: false)
            let session = try store.beginSession()
            let found = try await authenticator.session(
                request(.get, cookie: session.cookie), address: "a")
            #expect(found.formToken == session.formToken)

            let token = try store.createToken(name: "t", scope: .admin).token
            await #expect(throws: MonikerError.self) {
                try await authenticator.session(
                    request(.get, cookie: nil, [.authorization: "Bearer \(token)"]), address: "a")
            }
            await #expect(throws: MonikerError.self) {
                try await authenticator.session(request(.get, cookie: token), address: "a")
            }
            clock.seconds += 1801
            await #expect(throws: MonikerError.self) {
                try await authenticator.session(
                    request(.get, cookie: session.cookie), address: "a")
            }
            await #expect(throws: MonikerError.self) {
                try await authenticator.caller(
                    request(
                        .post, cookie: session.cookie,
                        [
                            .origin: "http://127.0.0.1:8484",
                            .formToken: session.formToken,
                        ]),
                    isWriting: true, address: "a")
            }
        }
    }

    @Test("Writing with a session needs its form token and our own origin")
    func forged() async throws {
        try await withStore { store, _ in
            let authenticator = Authenticator(
                store: store, worker: Worker("test"), isSecure: false)
            let session = try store.beginSession()
            let other = try store.beginSession()
            let own = "http://127.0.0.1:8484"
            let good: HTTPFields = [.origin: own, .formToken: session.formToken]
            let caller = try await authenticator.caller(
                request(.post, cookie: session.cookie, good), isWriting: true, address: "a")
            #expect(caller.id == "dashboard")
            let forged: [HTTPFields] = [
                [.origin: own], [.formToken: session.formToken],
                [.origin: own, .formToken: other.formToken],
                [.origin: "http://evil.example", .formToken: session.formToken],
                [.origin: "null", .formToken: session.formToken],
                [.origin: "https://127.0.0.1:8484", .formToken: session.formToken],
                [.origin: own, .formToken: session.formToken, .secFetchSite: "same-site"],
            ]
            for fields in forged {
                await #expect(throws: MonikerError.self, "\(fields)") {
                    try await authenticator.caller(
                        request(.post, cookie: session.cookie, fields), isWriting: true,
                        address: "a")
                }
            }
        }
    }

    @Test("The month begins when date(1) says", arguments: [1_709_164_800, 1_711_929_599, 0])
    func months(_ now: Int64) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "sh", "-c", "date -u -d \"$(date -u -d @\(now) +%Y-%m-01)\" +%s",
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let told = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect("\(LibraryWatch.startOfMonth(now))\n" == told)
    }
}
