import Access
import Foundation
import Synchronization
import Testing

extension EndToEnd {
    @Suite("serve, asked by browsers") struct ServiceSessionTests {
        /// Seconds since 1970 that a test chooses.
        private final class Clock: Sendable {
            private let seconds: Mutex<Int64>
            init(secondsAgo: Int64) {
                seconds = Mutex(Int64(Date().timeIntervalSince1970) - secondsAgo)
            }
            var now: Int64 { seconds.withLock { $0 } }
            func pass(_ more: Int64) { seconds.withLock { $0 += more } }
        }

        private static let origin = "Origin: http://localhost"
        private static let ownPage = "Sec-Fetch-Site: same-origin"

        private func cookie(_ session: BrowserSession, isSecure: Bool = false) -> String {
            "Cookie: \(SessionCookie.name(isSecure: isSecure))=\(session.cookie)"
        }

        private func form(_ token: String) -> String { "X-Moniker-Form-Token: \(token)" }

        @Test(
            "A request that another page forges changes nothing, whatever it leaves out or guesses")
        func forged() throws {
            try TestSite.with(.sqlite) { site in
                let before = try site.snapshot()
                let service = try RunningService(site)
                let store = try AccessStore(home: site.home.path)
                let (session, other) = (try store.beginSession(), try store.beginSession())
                let cookie = cookie(session)
                let form = form(session.formToken)
                let address = "/v1/attachments/\(try site.id("photo"))/filename"
                let body = #"{"name":"forged","keep_old":"none"}"#
                #expect(
                    try service.ask("GET", "/v1/jobs", token: nil, headers: [cookie]).status == 200)
                let forgeries: [(String, [String], Int)] = [
                    ("nothing but the cookie", [cookie], 403),
                    ("no form token", [cookie, Self.origin, Self.ownPage], 403),
                    ("an empty form token", [cookie, Self.origin, "X-Moniker-Form-Token;"], 403),
                    ("a wrong form token", [cookie, Self.origin, self.form("wrong")], 403),
                    (
                        "the form token of another session",
                        [cookie, Self.origin, self.form(other.formToken)], 403
                    ),
                    ("no Origin", [cookie, form], 403),
                    ("a foreign Origin", [cookie, form, "Origin: https://evil.example.com"], 403),
                    ("the Origin null", [cookie, form, "Origin: null"], 403),
                    ("the Origin of TLS", [cookie, form, "Origin: https://localhost"], 403),
                    ("another port", [cookie, form, "Origin: http://localhost:81"], 403),
                    (
                        "a page of another site",
                        [cookie, form, Self.origin, "Sec-Fetch-Site: cross-site"], 403
                    ),
                    (
                        "a page of a sister site",
                        [cookie, form, Self.origin, "Sec-Fetch-Site: same-site"], 403
                    ),
                    (
                        "the body of a form",
                        [
                            cookie, form, Self.origin,
                            "Content-Type: application/x-www-form-urlencoded",
                        ], 415
                    ),
                    (
                        "the body of a form with a file",
                        [cookie, form, Self.origin, "Content-Type: multipart/form-data"], 415
                    ),
                    ("no cookie", [form, Self.origin, Self.ownPage], 401),
                    ("a cookie that was made up", ["Cookie: moniker=x", form, Self.origin], 401),
                    (
                        "the cookie of TLS", ["Cookie: __Host-moniker=\(session.cookie)", form],
                        401
                    ),
                ]
                for (what, headers, status) in forgeries {
                    let answer = try service.ask(
                        "POST", address, token: nil, body: body, headers: headers)
                    #expect(answer.status == status, "\(what): \(answer.body)")
                }
                try site.expectUnchanged(since: before, "by forged requests")
                #expect(try site.journalIDs().isEmpty)

                // The same request from our own page, so that it was not refused for another reason.
                let own = try service.ask(
                    "POST", address, token: nil, body: body,
                    headers: [cookie, form, Self.origin, Self.ownPage])
                #expect(own.status == 200, "\(own.body)")
                let entry = try service.ask(
                    "GET", "/v1/journal/\(try site.journalIDs()[0])", token: nil,
                    headers: [cookie])
                let asked = try #require(try entry.json["requested_by"] as? [String: Any])
                #expect(asked["caller"] as? String == "dashboard")
                try service.expectAnswersAsDescribed()
            }
        }

        @Test("Every operation that writes refuses a session without its form token")
        func everyWrite() throws {
            try TestSite.with(.sqlite) { site in
                let before = try site.snapshot()
                let service = try RunningService(site)
                let session = try AccessStore(home: site.home.path).beginSession()
                let document = try service.ask("GET", "/openapi.json", token: nil).json
                let paths = try #require(document["paths"] as? [String: [String: Any]])
                var asked = 0
                for (path, operations) in paths {
                    let address = path.replacing(
                        "{id}", with: path.contains("journal") ? "J0123456789ABC" : "1")
                    for method in ["post", "put", "delete"] where operations[method] != nil {
                        let answer = try service.ask(
                            method.uppercased(), address, token: nil, body: "{}",
                            headers: [cookie(session), Self.origin])
                        #expect(answer.status == 403, "\(method) \(address) \(answer.body)")
                        asked += 1
                    }
                }
                #expect(asked >= 15)
                try site.expectUnchanged(since: before, "without form tokens")
            }
        }

        @Test(
            "A session ends after half an hour of rest, after twelve hours, and with a new password"
        )
        func ends() throws {
            try TestSite.with(.sqlite) { site in
                let service = try RunningService(site)
                func status(_ session: BrowserSession) throws -> Int {
                    try service.ask(
                        "GET", "/v1/jobs", token: nil, headers: [cookie(session)]
                    ).status
                }
                func store(_ clock: Clock) throws -> AccessStore {
                    try AccessStore(home: site.home.path, clock: { clock.now })
                }
                // A minute on either side, for a machine that is busy.
                let resting = try store(Clock(secondsAgo: 1740)).beginSession()
                #expect(try status(resting) == 200)
                let rested = try store(Clock(secondsAgo: 1801)).beginSession()
                #expect(try status(rested) == 401)

                for (age, expected) in [(43_140 as Int64, 200), (43_201, 401)] {
                    let clock = Clock(secondsAgo: age)
                    let access = try store(clock)
                    let busy = try access.beginSession()
                    let now = Clock(secondsAgo: 0).now
                    while clock.now + 1000 < now {
                        clock.pass(1000)
                        #expect(try access.session(cookie: busy.cookie) != nil)
                    }
                    #expect(try status(busy) == expected, "\(age)")
                }

                let session = try AccessStore(home: site.home.path).beginSession()
                #expect(try status(session) == 200)
                let password = try run(
                    MonikerBinary.path, site.siteArguments + ["password"],
                    input: "correct horse battery staple\n")
                #expect(password.status == 0, "\(password.errors)")
                #expect(
                    password.output == "The password is set, and every session has ended.\n")
                #expect(try status(session) == 401)
            }
        }

        @Test("Behind TLS only the cookie counts that was bound to TLS and to this host")
        func behindTLS() throws {
            try TestSite.with(.sqlite) { site in
                let service = try RunningService(site, ["--behind-tls"])
                let session = try AccessStore(home: site.home.path).beginSession()
                func ask(_ headers: [String], _ method: String = "GET") throws -> Int {
                    try service.ask(
                        method, "/v1/jobs", token: nil,
                        body: method == "POST" ? #"{"kind":"scan"}"# : nil, headers: headers
                    ).status
                }
                let secure = cookie(session, isSecure: true)
                #expect(try ask([cookie(session)]) == 401)
                #expect(try ask([secure]) == 200)
                let form = form(session.formToken)
                #expect(try ask([secure, form, "Origin: http://localhost"], "POST") == 403)
                #expect(try ask([secure, form, "Origin: https://localhost"], "POST") == 202)
            }
        }
    }
}
