import Foundation
import Testing

extension EndToEnd {
    /// The dashboard over HTTP, without a browser: who gets in, and what a page may do.
    @Suite("serve, asked for pages") struct ServicePagesTests {
        private static let password = "a horse, a battery and a staple"
        private static let origin = "Origin: http://localhost"
        private static let form = "Content-Type: application/x-www-form-urlencoded"

        private func pages(_ image: Int) -> [String] {
            [
                "/", "/images", "/images?missing=alt&q=&used=true", "/images/\(image)",
                "/images/\(image)/references", "/review", "/jobs", "/jobs?state=done", "/history",
                "/analysis", "/settings", "/settings/data",
            ]
        }

        private func setPassword(_ site: TestSite) throws {
            let result = try run(
                MonikerBinary.path, site.siteArguments + ["password"], input: Self.password + "\n")
            try #require(result.status == 0, "\(result.errors)")
        }

        /// Logs in; the header that carries the cookie.
        private func logIn(_ service: RunningService) throws -> String {
            let answer = try service.ask(
                "POST", "/login", token: nil,
                body: "password=\(Self.password.replacing(" ", with: "+"))&next=%2Fimages",
                headers: [Self.origin, Self.form])
            try #require(answer.status == 303, "\(answer.body)")
            #expect(answer.headers["location"] == "/images")
            let cookie = try #require(answer.headers["set-cookie"])
            for attribute in ["HttpOnly", "SameSite=Strict", "Path=/"] {
                #expect(cookie.contains(attribute), "\(cookie)")
            }
            #expect(!cookie.contains("Secure"), "there is no TLS")
            return "Cookie: \(cookie.prefix { $0 != ";" })"
        }

        private func formToken(_ page: RunningService.Answer) throws -> String {
            try #require(page.status == 200, "\(page.body)")
            let start = try #require(
                page.body.firstRange(of: "name=\"moniker-form-token\" content=\"")?.upperBound)
            return String(page.body[start...].prefix { $0 != "\"" })
        }

        @Test("Pages are for who is logged in; everybody else is sent to do so")
        func sessions() throws {
            try TestSite.with(.sqlite) { site in
                let admin = try RunningService.token(site, "admin").token
                let service = try RunningService(site)
                let photo = try site.id("photo")

                let without = try service.ask("GET", "/login", token: nil)
                #expect(without.status == 200)
                #expect(without.body.contains("no password has been set"))
                let early = try service.ask(
                    "POST", "/login", token: nil, body: "password=",
                    headers: [Self.origin, Self.form])
                #expect(early.status == 401)

                try setPassword(site)
                let cookie = try logIn(service)
                for path in pages(photo) + ["/thumbnails/\(photo)"] {
                    let stranger = try service.ask("GET", path, token: nil)
                    #expect(stranger.status == 303, "\(path)")
                    #expect(stranger.headers["location"]?.hasPrefix("/login?next=/") == true)
                    #expect(stranger.body.isEmpty)
                    let program = try service.ask("GET", path, token: admin)
                    #expect(program.status == 303, "a token opens no page: \(path)")
                    let page = try service.ask("GET", path, token: nil, headers: [cookie])
                    #expect(page.status == 200, "\(path) \(page.body)")
                }
                // The inventory may still be taken: the list comes by itself.
                for _ in 0..<200 {
                    let list = try service.ask("GET", "/images", token: nil, headers: [cookie])
                    if list.headers["refresh"] == nil { break }
                }
                let list = try service.ask("GET", "/images", token: nil, headers: [cookie])
                #expect(list.body.contains("data-image=\"\(photo)\""))

                let token = try formToken(list)
                let forged = try service.ask(
                    "POST", "/logout", token: nil, body: "form_token=x",
                    headers: [Self.origin, Self.form, cookie])
                #expect(forged.status == 403)
                #expect(
                    try service.ask("GET", "/", token: nil, headers: [cookie]).status == 200)
                let out = try service.ask(
                    "POST", "/logout", token: nil, body: "form_token=\(token)",
                    headers: [Self.origin, Self.form, cookie])
                #expect(out.status == 303)
                #expect(out.headers["set-cookie"]?.contains("Max-Age=0") == true)
                for path in pages(photo) {
                    let after = try service.ask("GET", path, token: nil, headers: [cookie])
                    #expect(after.status == 303, "\(path) after logging out")
                }
            }
        }

        @Test("A page loads nothing from elsewhere and runs nothing inline")
        func headers() throws {
            try TestSite.with(.sqlite) { site in
                try setPassword(site)
                let service = try RunningService(site)
                let cookie = try logIn(service)
                let photo = try site.id("photo")
                for path in pages(photo) + ["/login", "/nothing-here"] {
                    let page = try service.ask(
                        "GET", path, token: nil, headers: [cookie, "Accept: text/html"])
                    let policy = try #require(page.headers["content-security-policy"])
                    let directives = Set(
                        policy.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
                    )
                    #expect(
                        directives == [
                            "default-src 'none'", "script-src 'self'", "style-src 'self'",
                            "img-src 'self'", "connect-src 'self'", "form-action 'self'",
                            "frame-ancestors 'none'", "base-uri 'none'",
                        ], "\(path)")
                    #expect(page.headers["x-content-type-options"] == "nosniff")
                    #expect(page.headers["cache-control"] == "no-store")
                    #expect(page.headers["content-type"] == "text/html; charset=utf-8")
                    // With no-referrer, browsers send our own forms with `Origin: null`.
                    #expect(page.headers["referrer-policy"] == "same-origin")
                }
                let thumbnail = try service.ask(
                    "HEAD", "/thumbnails/\(photo)", token: nil, headers: [cookie])
                #expect(thumbnail.status == 200)
                #expect(thumbnail.headers["content-type"] == "image/jpeg")
                #expect(thumbnail.headers["x-content-type-options"] == "nosniff")
                #expect(
                    thumbnail.headers["content-security-policy"]?.contains("sandbox") == true)
                let drawing = try service.ask(
                    "GET", "/thumbnails/\(try site.id("svg"))", token: nil, headers: [cookie])
                #expect(drawing.status == 404, "SVG is a document")
                for path in ["/thumbnails/0", "/thumbnails/../wp-config.php", "/thumbnails/99999"] {
                    let answer = try service.ask("GET", path, token: nil, headers: [cookie])
                    #expect(answer.status == 404, "\(path)")
                }
                let page = try service.ask("GET", "/login", token: nil)
                let start = try #require(page.body.firstRange(of: "/assets/")?.lowerBound)
                let asset = String(page.body[start...].prefix { $0 != "\"" })
                let answer = try service.ask("GET", asset, token: nil)
                #expect(answer.status == 200)
                #expect(answer.headers["cache-control"]?.contains("immutable") == true)
                #expect(
                    try service.ask("GET", "/assets/0000/style.css", token: nil).status == 404)
            }
        }

        @Test("Passwords are guessed five times, then slowly; from our own page alone")
        func guesses() throws {
            try TestSite.with(.sqlite) { site in
                try setPassword(site)
                let service = try RunningService(site)
                let right = "password=\(Self.password.replacing(" ", with: "+"))"
                for headers in [
                    [Self.form], [Self.form, "Origin: http://evil.example"],
                    [Self.form, "Origin: null"],
                    [Self.form, Self.origin, "Sec-Fetch-Site: cross-site"],
                ] {
                    let answer = try service.ask(
                        "POST", "/login", token: nil, body: right, headers: headers)
                    #expect(answer.status == 403, "\(headers)")
                    #expect(answer.headers["set-cookie"] == nil)
                }
                let json = try service.ask(
                    "POST", "/login", token: nil, body: "{}", headers: [Self.origin])
                #expect(json.status == 415)
                var statuses: [Int] = []
                for _ in 0..<5 {
                    let answer = try service.ask(
                        "POST", "/login", token: nil, body: "password=wrong",
                        headers: [Self.form, Self.origin])
                    statuses.append(answer.status)
                    #expect(answer.body.contains("This is not the password."))
                }
                #expect(statuses == [401, 401, 401, 401, 401])
                let late = try service.ask(
                    "POST", "/login", token: nil, body: right, headers: [Self.form, Self.origin])
                #expect(late.status == 429, "the right one has to wait as well")
                #expect(late.headers["set-cookie"] == nil)
                #expect(Int(late.headers["retry-after"] ?? "") ?? 0 > 0)
            }
        }

        @Test("Behind a proxy that is trusted, one guesser does not make the others wait")
        func guessesBehindProxy() throws {
            try TestSite.with(.sqlite) { site in
                try setPassword(site)
                func attempt(_ service: RunningService, _ forwarded: String?) throws -> Int {
                    try service.ask(
                        "POST", "/login", token: nil, body: "password=wrong",
                        headers: [Self.form, Self.origin]
                            + (forwarded.map { ["X-Forwarded-For: \($0)"] } ?? [])
                    ).status
                }
                let trusting = try RunningService(site, ["--trusted-proxy", "local"])
                for number in 1...5 {
                    // What the guesser says itself stands before what the proxy adds.
                    let status = try attempt(trusting, "198.51.100.\(number), 203.0.113.7")
                    #expect(status == 401)
                }
                #expect(try attempt(trusting, "192.0.2.9, 203.0.113.7") == 429)
                #expect(try attempt(trusting, "203.0.113.8") == 401)
                #expect(try attempt(trusting, nil) == 401)

                let other = try RunningService(site)
                for number in 1...5 { #expect(try attempt(other, "203.0.113.\(number)") == 401) }
                #expect(try attempt(other, "203.0.113.99") == 429, "nobody is believed by default")
                let refused = try run(
                    MonikerBinary.path, site.siteArguments + ["serve", "--trusted-proxy", "nginx"])
                #expect(refused.status != 0 && refused.errors.contains("--trusted-proxy"))
            }
        }

        @Test(
            "A page's session changes a filename as planned and takes it back; forged requests do not",
            arguments: Engine.allCases)
        func change(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                try setPassword(site)
                let before = try site.snapshot()
                let service = try RunningService(site)
                let cookie = try logIn(service)
                let photo = try site.id("photo")
                let page = try service.ask(
                    "GET", "/images/\(photo)", token: nil, headers: [cookie])
                let token = "X-Moniker-Form-Token: \(try formToken(page))"
                let address = "/v1/attachments/\(photo)/filename"
                let body = #"{"name":"red-mountain-bike","keep_old":"none"}"#
                for headers in [
                    [cookie, Self.origin], [cookie, token],
                    [cookie, token, "Origin: http://evil.example"],
                    [cookie, Self.origin, "X-Moniker-Form-Token: x"], [token, Self.origin],
                ] {
                    let forged = try service.ask(
                        "POST", address, token: nil, body: body, headers: headers)
                    #expect([401, 403].contains(forged.status), "\(headers)")
                }
                try site.expectUnchanged(since: before, "by forged requests")

                let own = [cookie, token, Self.origin]
                let plan = try service.ask(
                    "POST", address, token: nil,
                    body: #"{"name":"red-mountain-bike","dry_run":true}"#, headers: own)
                let hash = try #require(try plan.json["plan_hash"] as? String, "\(plan.body)")
                let done = try service.ask(
                    "POST", address, token: nil,
                    body: String(body.dropLast()) + ",\"expected_plan\":\"\(hash)\"}",
                    headers: own)
                let journal = try #require(try done.json["journal"] as? String, "\(done.body)")
                let after = try service.ask(
                    "GET", "/images/\(photo)", token: nil, headers: [cookie])
                #expect(after.body.contains("red-mountain-bike"))
                #expect(after.body.contains("data-revert=\"\(journal)\""))
                let references = try service.ask(
                    "GET", "/images/\(photo)/references", token: nil, headers: [cookie])
                #expect(references.body.contains("red-mountain-bike"))
                let overview = try service.ask("GET", "/", token: nil, headers: [cookie])
                #expect(overview.body.contains(journal))

                let revert = try service.ask(
                    "POST", "/v1/journal/\(journal)/revert", token: nil, body: "{}", headers: own)
                #expect(revert.status == 200, "\(revert.body)")
                try site.expectUnchanged(since: before, "by a rename and its revert")
            }
        }
    }
}
