import Foundation
import GRDB
import Model
import Synchronization
import Testing

@testable import Access

/// A home of its own, and a clock that a test moves.
final class AccessScene {
    let home: URL
    let store: AccessStore
    let time = TestTime()

    init() throws {
        home = FileManager.default.temporaryDirectory
            .appendingPathComponent("moniker-access-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        store = try AccessStore(home: home.path, clock: { [time] in time.now })
    }

    deinit {
        do { try FileManager.default.removeItem(at: home) } catch { Issue.record(error) }
    }

    /// Every byte that the store has written, the log of SQLite too.
    func bytes() throws -> Data {
        var all = Data()
        for name in try FileManager.default.contentsOfDirectory(atPath: home.path) {
            all += try Data(contentsOf: home.appendingPathComponent(name))
        }
        return all
    }
}

/// Seconds since 1970 that a test chooses.
final class TestTime: Sendable {
    private let seconds = Mutex<Int64>(1_800_000_000)
    var now: Int64 { seconds.withLock { $0 } }
    func pass(_ more: Int64) { seconds.withLock { $0 += more } }
}

@Suite("Tokens") struct TokenTests {
    @Test("A token works, and nothing of its secret is on disk")
    func works() throws {
        let scene = try AccessScene()
        let made = try scene.store.createToken(name: "shop", scope: .write)
        let found = try scene.store.token(authenticating: made.token)
        #expect(found == made.record)
        let secret = try #require(made.token.split(separator: ".").last)
        // 256 bits in base64 are 43 characters.
        #expect(secret.count == 43)
        let bytes = try scene.bytes()
        #expect(bytes.range(of: Data(secret.utf8)) == nil)
        #expect(bytes.range(of: Data("shop".utf8)) != nil)
    }

    @Test("The file is its owner's alone, also where it was there before")
    func mode() throws {
        let scene = try AccessScene()
        let path = scene.home.appendingPathComponent("access.sqlite").path
        let before = try FileManager.default.attributesOfItem(atPath: path)
        #expect(before[.posixPermissions] as? Int == 0o600)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        _ = try AccessStore(home: scene.home.path)
        let after = try FileManager.default.attributesOfItem(atPath: path)
        #expect(after[.posixPermissions] as? Int == 0o600)
    }

    @Test("What is no token is none: every changed, cut and lengthened one")
    func wrong() throws {
        let scene = try AccessScene()
        let token = try scene.store.createToken(name: "shop", scope: .admin).token
        var wrong = ["", "mnk_", "mnk_.", "mnk_T.x", "Bearer \(token)", " \(token)", "\(token) "]
        for index in token.indices {
            var changed = token
            changed.replaceSubrange(index...index, with: token[index] == "A" ? "B" : "A")
            wrong += [changed, String(token[..<index])]
        }
        wrong += [token + "A", String(repeating: token, count: 50)]
        for text in wrong {
            #expect(try scene.store.token(authenticating: text) == nil, "\(text)")
        }
    }

    @Test("A token ends when its time is up, and not before")
    func expiry() throws {
        let scene = try AccessScene()
        let token = try scene.store.createToken(name: "a", scope: .read, lifetime: 60).token
        scene.time.pass(59)
        #expect(try scene.store.token(authenticating: token) != nil)
        scene.time.pass(1)
        #expect(try scene.store.token(authenticating: token) == nil)
    }

    @Test("A revoked token works no more, also for a store that was open before")
    func revoked() throws {
        let scene = try AccessScene()
        let made = try scene.store.createToken(name: "a", scope: .read)
        let other = try AccessStore(
            home: scene.home.path, clock: { [time = scene.time] in time.now })
        #expect(try other.token(authenticating: made.token) != nil)
        try scene.store.revokeToken(made.record.id)
        #expect(try other.token(authenticating: made.token) == nil)
        #expect(try scene.store.tokens().map(\.revoked) == [scene.time.now])
        let error = #expect(throws: MonikerError.self) { try scene.store.revokeToken("Tnothing") }
        #expect(error?.code == .unknownToken)
    }

    @Test("Names that would break a list or a log are refused", arguments: ["", "a\nb", "\u{7}"])
    func names(_ name: String) throws {
        let scene = try AccessScene()
        let error = #expect(throws: MonikerError.self) {
            try scene.store.createToken(name: name, scope: .read)
        }
        #expect(error?.code == .invalidArgument)
    }

    @Test("Scopes allow what the ones before them allow")
    func scopes() {
        #expect(TokenScope.read < .write && TokenScope.write < .admin)
        #expect(!(TokenScope.admin < .read) && !(TokenScope.read < .read))
    }

    @Test("A file of a newer version is left alone")
    func newer() throws {
        let scene = try AccessScene()
        let path = scene.home.appendingPathComponent("access.sqlite").path
        try DatabaseQueue(path: path).write { try $0.execute(sql: "PRAGMA user_version = 99") }
        let error = #expect(throws: MonikerError.self) { try AccessStore(home: scene.home.path) }
        #expect(error?.code == .accessUnusable)
    }
}
