import Files
import Foundation
import Model
import Testing

@Suite("Giving a file a second name")
struct LinkTests {
    @Test("F16 the new name is the same file: inode, mode, owner, time and link count")
    func sameFile() throws {
        let sandbox = try Sandbox()
        let old = try sandbox.write("2026/01/old.jpg")
        let oldPath = sandbox.uploads + "/2026/01/old.jpg"
        try sandbox.run("chmod", "640", oldPath)
        try sandbox.run("touch", "-d", "2020-02-03 04:05:06.123456789 UTC", oldPath)
        let files = try sandbox.files()
        let new = try MediaPath("2026/01/new.jpg")
        try files.link(old, as: new)
        let before = try sandbox.stat("%i %a %u %g %.9Y %h", oldPath)
        let after = try sandbox.stat("%i %a %u %g %.9Y %h", sandbox.uploads + "/2026/01/new.jpg")
        #expect(before == after)
        #expect(after.hasSuffix(" 1580702706.123456789 2"))
        let status = try #require(try files.status(of: new))
        #expect(status.modified == 1_580_702_706_123_456_789)
        #expect(status.mode == 0o640)
        #expect(status.links == 2)
        #expect(status.size == 7)
    }

    @Test("F12 a taken name is refused, also when it is the same file, and keeps its content")
    func taken() throws {
        let sandbox = try Sandbox()
        let one = try sandbox.write("one.jpg", "one")
        let other = try sandbox.write("other.jpg", "other")
        try sandbox.run("ln", sandbox.uploads + "/one.jpg", sandbox.uploads + "/same.jpg")
        try sandbox.run("ln", "-s", "nowhere", sandbox.uploads + "/dangling.jpg")
        let files = try sandbox.files()
        for name in ["other.jpg", "same.jpg", "one.jpg", "dangling.jpg"] {
            let new = try MediaPath(name)
            #expect(
                code { () throws(MonikerError) in try files.link(one, as: new) } == "name-taken")
        }
        #expect(sandbox.text(other) == "other")
        #expect(sandbox.text(one) == "one")
    }

    @Test("F11 a change of letter case alone is a name like any other")
    func letterCase() throws {
        let sandbox = try Sandbox()
        let files = try sandbox.files()
        let upper = try sandbox.write("A.jpg")
        let lower = try MediaPath("a.jpg")
        try files.link(upper, as: lower)
        let identity = try #require(try files.status(of: upper)).identity
        #expect(
            try files.retire(upper, identity: identity, into: sandbox.journal, as: 1))
        #expect(try files.entries(of: nil).filter { $0.kind == .file }.map(\.name) == [lower.bytes])
    }

    @Test("F12 Unicode-equivalent names are different files")
    func unicodeEquivalent() throws {
        let sandbox = try Sandbox()
        let files = try sandbox.files()
        let composed = try sandbox.write("caf\u{E9}.jpg")
        let decomposed = try MediaPath("cafe\u{301}.jpg")
        #expect(try files.status(of: decomposed) == nil)
        try files.link(composed, as: decomposed)
        #expect(try files.entries(of: nil).count { $0.kind == .file } == 2)
    }

    @Test("F14 a missing file and a missing folder are named")
    func missing() throws {
        let sandbox = try Sandbox()
        let files = try sandbox.files()
        let there = try sandbox.write("there.jpg")
        let gone = try MediaPath("gone.jpg")
        let deep = try MediaPath("no/folder.jpg")
        #expect(
            code { () throws(MonikerError) in try files.link(gone, as: deep) } == "file-missing")
        #expect(
            code { () throws(MonikerError) in try files.link(there, as: deep) } == "file-missing")
        #expect(try files.status(of: gone) == nil)
        #expect(try files.status(of: deep) == nil)
    }

    @Test("F14 pipes, folders and symbolic links are not linked, and no pipe is waited for")
    func notRegular() throws {
        let sandbox = try Sandbox()
        try sandbox.run("mkfifo", sandbox.uploads + "/pipe.jpg")
        try sandbox.write("real.jpg")
        try sandbox.run("ln", "-s", "real.jpg", sandbox.uploads + "/link.jpg")
        let files = try sandbox.files()
        let new = try MediaPath("new.jpg")
        for (name, expected) in [
            ("pipe.jpg", "file-missing"), ("2026", "file-missing"), ("link.jpg", "unsafe-path"),
        ] {
            let path = try MediaPath(name)
            #expect(try files.status(of: path) == nil)
            #expect(
                code { () throws(MonikerError) in _ = try files.digest(of: path) } == expected)
            #expect(
                code { () throws(MonikerError) in try files.link(path, as: new) } != nil)
            #expect(try files.status(of: new) == nil)
        }
        let kinds = Dictionary(
            uniqueKeysWithValues: try files.entries(of: nil).map { ($0.name, $0.kind) })
        #expect(kinds[Array("pipe.jpg".utf8)] == .other)
        #expect(kinds[Array("link.jpg".utf8)] == .other)
        #expect(kinds[Array("2026".utf8)] == .directory)
        #expect(kinds[Array("real.jpg".utf8)] == .file)
    }

    @Test("Names of 255 bytes and names that are not UTF-8 work; 256 bytes are refused")
    func oddNames() throws {
        let sandbox = try Sandbox()
        let files = try sandbox.files()
        let one = try sandbox.write([0x66, 0xFF, 0xFE, 0x2E, 0x6A], [1, 2, 3])
        let long = try MediaPath(validating: [UInt8](repeating: 0x61, count: 255))
        try files.link(one, as: long)
        #expect(sandbox.read(long) == [1, 2, 3])
        #expect(try files.contents(of: one, limit: 3) == [1, 2, 3])
        #expect(
            Set(try files.entries(of: nil).map(\.name))
                == [one.bytes, long.bytes, Array("2026".utf8)])
        let tooLong = try MediaPath(validating: [UInt8](repeating: 0x61, count: 256))
        #expect(
            code { () throws(MonikerError) in try files.link(one, as: tooLong) } == "name-too-long")
    }

    @Test("F14 across file systems a link is a copy with mode, owner and time")
    func acrossDevices() throws {
        let sandbox = try Sandbox()
        guard getuid() == 0 else {
            print("skipped: mounting needs root")
            return
        }
        let mounted = sandbox.uploads + "/mounted"
        try sandbox.run("mkdir", mounted)
        try sandbox.run("mount", "-t", "tmpfs", "-o", "size=256k", "none", mounted)
        defer { _ = try? sandbox.run("umount", mounted) }
        let old = try sandbox.write("old.jpg", String(repeating: "x", count: 5000))
        try sandbox.run("chmod", "604", sandbox.uploads + "/old.jpg")
        try sandbox.run("chown", "1234:4321", sandbox.uploads + "/old.jpg")
        try sandbox.run("touch", "-d", "@-1.000000001", sandbox.uploads + "/old.jpg")
        let files = try sandbox.files()
        let new = try MediaPath("mounted/new.jpg")
        try files.link(old, as: new)
        let format = "%a %u %g %.9Y %s"
        let copied = try sandbox.stat(format, mounted + "/new.jpg")
        #expect(try sandbox.stat(format, sandbox.uploads + "/old.jpg") == copied)
        #expect(copied.hasPrefix("604 1234 4321 "))
        #expect(sandbox.text(new) == String(repeating: "x", count: 5000))
        #expect(code { () throws(MonikerError) in try files.link(old, as: new) } == "name-taken")

        // F14 disk full: nothing stays behind.
        let big = try sandbox.write(Array("big.jpg".utf8), [UInt8](repeating: 7, count: 400_000))
        let tooBig = try MediaPath("mounted/big.jpg")
        #expect(code { () throws(MonikerError) in try files.link(big, as: tooBig) } == "disk-full")
        #expect(
            try files.entries(of: MediaPath("mounted")).map(\.name) == [Array("new.jpg".utf8)])

        // No place for the trash is on that file system.
        let identity = try #require(try files.status(of: new)).identity
        #expect(
            code { () throws(MonikerError) in
                _ = try files.retire(new, identity: identity, into: sandbox.journal, as: 1)
            } == "file-system-failed")
        #expect(try files.status(of: new)?.identity == identity)
    }

    @Test("F14 a read-only file system is named")
    func readOnly() throws {
        let sandbox = try Sandbox()
        guard getuid() == 0 else {
            print("skipped: mounting needs root")
            return
        }
        let old = try sandbox.write("old.jpg")
        try sandbox.run("mount", "--bind", sandbox.uploads, sandbox.uploads)
        defer { _ = try? sandbox.run("umount", sandbox.uploads) }
        try sandbox.run("mount", "-o", "remount,ro,bind", sandbox.uploads)
        let files = try sandbox.files()
        let new = try MediaPath("new.jpg")
        #expect(
            code { () throws(MonikerError) in try files.link(old, as: new) }
                == "file-system-read-only")
        #expect(try !files.capabilities().isWritable)
    }
}
