import Foundation
import Secrets
import Testing

@Suite("Files of secrets") struct SecretFileTests {
    private func with(_ bytes: Data?, mode: Int = 0o600, _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("moniker-secret-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer {
            do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) }
        }
        let path = folder.appendingPathComponent("secret").path
        if let bytes {
            try bytes.write(to: URL(fileURLWithPath: path))
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        }
        try body(path)
    }

    private func refusal(_ path: String) -> SecretFile.Refusal? {
        do throws(SecretFile.Refusal) {
            _ = try SecretFile.text(of: path, limit: 16)
            return nil
        } catch {
            return error
        }
    }

    @Test("What only its owner can read is read as it is", arguments: [0o600, 0o400, 0o700])
    func own(mode: Int) throws {
        try with(Data(" open sesame\n".utf8), mode: mode) { path in
            let text = try SecretFile.text(of: path, limit: 16)
            #expect(text == " open sesame\n")
        }
    }

    @Test("What anybody else can use is refused", arguments: (0..<6).map { 0o600 | 1 << $0 })
    func exposed(mode: Int) throws {
        try with(Data("x".utf8), mode: mode) {
            #expect(refusal($0) == .exposed(mode: String(mode, radix: 8)))
        }
    }

    @Test("A file of another user is refused, where root can make one")
    func foreign() throws {
        try with(Data("x".utf8)) { path in
            guard geteuid() == 0 else { return }
            try FileManager.default.setAttributes([.ownerAccountID: 12345], ofItemAtPath: path)
            #expect(refusal(path) == .notOwn)
        }
    }

    @Test("Links are not followed, and what is no file is not read")
    func kinds() throws {
        try with(Data("x".utf8)) { path in
            try FileManager.default.createSymbolicLink(
                atPath: path + "-link", withDestinationPath: path)
            #expect(refusal(path + "-link") == .unopened(isLink: true))
            #expect(refusal(path + "-none") == .unopened(isLink: false))
            #expect(refusal("/dev/null") == .notOwn)
            // Would wait for a writer, were it opened as a file.
            // SAFETY: the system only reads the path.
            let made = unsafe mkfifo(path + "-pipe", 0o600)
            #expect(made == 0)
            #expect(refusal(path + "-pipe") == .notOwn)
        }
    }

    @Test("Nothing, and too much, is no secret", arguments: [(0, false), (15, true), (16, false)])
    func lengths(count: Int, isRead: Bool) throws {
        try with(Data(repeating: 65, count: count)) {
            #expect(refusal($0) == (isRead ? nil : .noSecret))
        }
    }
}
