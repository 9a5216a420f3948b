import Files
import Foundation
import Hashing
import Model
import Testing

@Suite("Contents and originals")
struct ContentTests {
    private func sha256sum(_ sandbox: Sandbox, _ path: String) throws -> String {
        String(try sandbox.run("sha256sum", path).prefix(64))
    }

    @Test("A content is replaced if it is the expected one, keeping mode and owner")
    func replacing() throws {
        let sandbox = try Sandbox()
        let path = try sandbox.write("style.css", "old")
        let absolute = sandbox.uploads + "/style.css"
        try sandbox.run("chmod", "664", absolute)
        if getuid() == 0 { try sandbox.run("chown", "1234:4321", absolute) }
        let before = try sandbox.stat("%a %u %g", absolute)
        let files = try sandbox.files()
        let old = SHA256.digest(of: Array("old".utf8))
        let time: Int64 = 1_500_000_000_000_000_001
        #expect(
            try !files.replaceContents(
                of: path, expected: SHA256.digest(of: [1]), with: [2], modified: nil))
        #expect(sandbox.text(path) == "old")
        #expect(
            try files.replaceContents(
                of: path, expected: old, with: Array("new".utf8), modified: time))
        #expect(sandbox.text(path) == "new")
        #expect(try sandbox.stat("%a %u %g", absolute) == before)
        #expect(try files.status(of: path)?.modified == time)
        // No temporary file stays behind.
        #expect(try files.entries(of: nil).count == 2)
        #expect(
            code { () throws(MonikerError) in _ = try files.contents(of: path, limit: 2) }
                == "file-changed")
        #expect(try files.contents(of: path, limit: 3) == Array("new".utf8))
        let missing = try MediaPath("missing.css")
        #expect(
            code { () throws(MonikerError) in
                _ = try files.replaceContents(of: missing, expected: old, with: [], modified: nil)
            } == "file-missing")
    }

    @Test(
        "F14 originals are stored under what sha256sum says of them",
        arguments: [0, 1, 4096, 1 << 20, (1 << 20) + 1, 3_000_000], ["/tmp", "/dev/shm"])
    func storing(size: Int, homeBase: String) throws {
        let sandbox = try Sandbox(homeBase: homeBase)
        let path = try sandbox.write(
            Array("a.jpg".utf8), (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        let expected = try sha256sum(sandbox, sandbox.uploads + "/a.jpg")
        let files = try sandbox.files()
        #expect(try files.digest(of: path).description == expected)
        #expect(try files.originals() == [])
        let digest = try files.storeOriginal(path)
        #expect(try files.storeOriginal(path) == digest)
        try files.synchronizeOriginals()
        #expect(digest.description == expected)
        let stored = sandbox.home + "/originals/\(expected.prefix(2))/\(expected)"
        #expect(try sha256sum(sandbox, stored) == expected)
        #expect(try sandbox.stat("%a", sandbox.home + "/originals") == "700")
        #expect(try files.originals() == [digest])
        #expect(try files.hasOriginal(digest, readingData: true))
    }

    @Test("F16 a restored original has the status's mode, owner and time, and replaces nothing")
    func restoring() throws {
        let sandbox = try Sandbox(homeBase: "/dev/shm")
        let path = try sandbox.write("a.jpg", "photo")
        let absolute = sandbox.uploads + "/a.jpg"
        try sandbox.run("chmod", "4750", absolute)
        if getuid() == 0 {
            try sandbox.run("chown", "1234:4321", absolute)
            try sandbox.run("chmod", "4750", absolute)
        }
        try sandbox.run("touch", "-d", "2001-02-03 04:05:06.987654321 UTC", absolute)
        let files = try sandbox.files()
        let status = try #require(try files.status(of: path))
        let before = try sandbox.stat("%a %u %g %.9Y", absolute)
        let digest = try files.storeOriginal(path)
        #expect(
            code { () throws(MonikerError) in
                try files.restoreOriginal(digest, as: path, status: status)
            } == "name-taken")
        try sandbox.run("rm", absolute)
        try files.restoreOriginal(digest, as: path, status: status)
        #expect(try sandbox.stat("%a %u %g %.9Y", absolute) == before)
        #expect(sandbox.text(path) == "photo")

        #expect(try files.removeOriginals([digest]) == 1)
        #expect(try files.removeOriginals([digest]) == 0)
        #expect(try !files.hasOriginal(digest, readingData: false))
        #expect(try files.originals() == [])
        let other = try MediaPath("b.jpg")
        #expect(
            code { () throws(MonikerError) in
                try files.restoreOriginal(digest, as: other, status: status)
            } == "file-missing")
    }

    @Test("A damaged original is noticed, not restored, and replaced by the next copy")
    func damaged() throws {
        let sandbox = try Sandbox()
        let path = try sandbox.write("a.jpg", "photo")
        let files = try sandbox.files()
        let status = try #require(try files.status(of: path))
        let digest = try files.storeOriginal(path)
        let name = digest.description
        try sandbox.run(
            "truncate", "-s", "2", sandbox.home + "/originals/\(name.prefix(2))/\(name)")
        #expect(try files.hasOriginal(digest, readingData: false))
        #expect(try !files.hasOriginal(digest, readingData: true))
        let other = try MediaPath("b.jpg")
        #expect(
            code { () throws(MonikerError) in
                try files.restoreOriginal(digest, as: other, status: status)
            } == "file-changed")
        #expect(try files.status(of: other) == nil)
        #expect(try files.storeOriginal(path) == digest)
        #expect(try files.hasOriginal(digest, readingData: true))
    }

    @Test("F14 the disk of the originals is full: an error, and nothing half stored")
    func full() throws {
        let sandbox = try Sandbox()
        guard getuid() == 0 else {
            print("skipped: mounting needs root")
            return
        }
        try sandbox.run("mkdir", "-p", sandbox.home)
        try sandbox.run("mount", "-t", "tmpfs", "-o", "size=64k", "none", sandbox.home)
        defer { _ = try? sandbox.run("umount", sandbox.home) }
        let path = try sandbox.write(Array("a.jpg".utf8), [UInt8](repeating: 1, count: 200_000))
        let files = try sandbox.files()
        #expect(
            code { () throws(MonikerError) in _ = try files.storeOriginal(path) } == "disk-full")
        #expect(try files.originals() == [])
    }
}
