import Foundation
import Model
import Testing

@testable import Access

@Suite("Password and sessions") struct SessionTests {
    private static let password = "correct horse battery staple"

    @Test("The password that was set is the one, and is kept as Argon2id")
    func password() throws {
        let scene = try AccessScene()
        #expect(try !scene.store.hasPassword())
        #expect(try !scene.store.isPassword(Self.password))
        try scene.store.setPassword(Self.password)
        #expect(try scene.store.hasPassword())
        #expect(try scene.store.isPassword(Self.password))
        for wrong in ["", "correct horse battery stapl", Self.password + " ", "CORRECT HORSE"] {
            #expect(try !scene.store.isPassword(wrong))
        }
        let bytes = try scene.bytes()
        #expect(bytes.range(of: Data(Self.password.utf8)) == nil)
        #expect(bytes.range(of: Data("$argon2id$v=19$m=65536,".utf8)) != nil)
    }

    @Test("Short passwords are refused, and the old one stays")
    func short() throws {
        let scene = try AccessScene()
        try scene.store.setPassword(Self.password)
        let error = #expect(throws: MonikerError.self) {
            try scene.store.setPassword("elevenchars")
        }
        #expect(error?.code == .weakPassword)
        #expect(try scene.store.isPassword(Self.password))
    }

    @Test("A session ends half an hour after its last request")
    func idle() throws {
        let scene = try AccessScene()
        let cookie = try scene.store.beginSession().cookie
        for _ in 0..<4 {
            scene.time.pass(1799)
            #expect(try scene.store.session(cookie: cookie) != nil)
        }
        scene.time.pass(1800)
        #expect(try scene.store.session(cookie: cookie) == nil)
        scene.time.pass(-1800)
        #expect(try scene.store.session(cookie: cookie) == nil, "what has ended stays so")
    }

    @Test("A session ends twelve hours after its login, however busy it was")
    func absolute() throws {
        let scene = try AccessScene()
        let cookie = try scene.store.beginSession().cookie
        for _ in 0..<42 {
            scene.time.pass(1000)
            #expect(try scene.store.session(cookie: cookie) != nil)
        }
        scene.time.pass(1200)
        #expect(try scene.store.session(cookie: cookie) == nil)
    }

    @Test("Sessions end by logout and by a new password; cookies are not on disk")
    func ends() throws {
        let scene = try AccessScene()
        let (one, other) = (try scene.store.beginSession(), try scene.store.beginSession())
        #expect(one.cookie != other.cookie)
        #expect(try scene.bytes().range(of: Data(one.cookie.utf8)) == nil)
        try scene.store.endSession(cookie: one.cookie)
        #expect(try scene.store.session(cookie: one.cookie) == nil)
        #expect(try scene.store.session(cookie: other.cookie) != nil)
        try scene.store.setPassword(Self.password)
        #expect(try scene.store.session(cookie: other.cookie) == nil)
    }

    @Test("A form token belongs to one session")
    func formToken() throws {
        let scene = try AccessScene()
        let (one, other) = (try scene.store.beginSession(), try scene.store.beginSession())
        #expect(one.accepts(formToken: one.formToken))
        #expect(!one.accepts(formToken: other.formToken))
        #expect(!one.accepts(formToken: ""))
        #expect(!one.formToken.contains(one.cookie))
    }

    @Test("The cookie is for the browser's own requests alone")
    func cookie() throws {
        let session = BrowserSession(cookie: "abc", created: 0)
        #expect(
            SessionCookie.setting(session, isSecure: false)
                == "moniker=abc; Path=/; HttpOnly; SameSite=Strict")
        #expect(
            SessionCookie.setting(session, isSecure: true)
                == "__Host-moniker=abc; Path=/; HttpOnly; SameSite=Strict; Secure")
        #expect(SessionCookie.value(in: "a=1; moniker=abc; b=2", isSecure: false) == "abc")
        #expect(SessionCookie.value(in: "xmoniker=abc", isSecure: false) == nil)
        #expect(SessionCookie.value(in: "moniker=abc", isSecure: true) == nil)
    }

    @Test(
        "Only our own pages may change something",
        arguments: [
            ("http://127.0.0.1:8484", "same-origin", true),
            ("http://127.0.0.1:8484", nil, true), (nil, "same-origin", true), (nil, nil, false),
            ("http://evil.example.com", nil, false), ("null", nil, false),
            ("http://evil.example.com", "cross-site", false),
            ("http://127.0.0.1:8484", "same-site", false), (nil, "none", false),
            ("http://127.0.0.1:8485", nil, false), ("https://127.0.0.1:8484", nil, false),
        ] as [(String?, String?, Bool)])
    func origin(_ origin: String?, _ fetchSite: String?, _ isOwn: Bool) {
        #expect(
            RequestOrigin.isOwn(
                origin: origin, fetchSite: fetchSite, host: "127.0.0.1:8484", isSecure: false)
                == isOwn)
    }
}
