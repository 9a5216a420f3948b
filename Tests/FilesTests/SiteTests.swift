import Files
import Foundation
import Model
import Testing

@Suite("The site's lock, its file system, and the system's clock")
struct SiteTests {
    @Test("One holder at a time; the lock is free with its last reference")
    func lock() throws {
        let sandbox = try Sandbox()
        let home = Array(sandbox.home.utf8)
        var lock: SiteLock? = try SiteLock.acquire(home: home, uploads: home)
        #expect(lock != nil)
        #expect(
            code { () throws(MonikerError) in _ = try SiteLock.acquire(home: home, uploads: home) }
                == "busy")
        // Another process sees it too.
        try sandbox.run("sh", "-c", "! flock -n '\(sandbox.home)/site.lock' true")
        lock = nil
        try sandbox.run("flock", "-n", sandbox.home + "/site.lock", "true")
        lock = try SiteLock.acquire(home: home, uploads: home)
        #expect(lock != nil)
    }

    @Test("Two homes of one uploads folder exclude each other")
    func twoHomes() throws {
        let sandbox = try Sandbox()
        let uploads = Array(sandbox.uploads.utf8)
        let home = Array(sandbox.home.utf8)
        var lock: SiteLock? = try SiteLock.acquire(home: home, uploads: uploads)
        #expect(lock != nil)
        let another = Array((sandbox.path + "/another-home").utf8)
        #expect(
            code { () throws(MonikerError) in
                _ = try SiteLock.acquire(home: another, uploads: uploads)
            } == "busy")
        lock = nil
        _ = try SiteLock.acquire(home: another, uploads: uploads)
    }

    @Test("F14 an uploads folder that is none is refused; one behind a link is fine")
    func uploadsFolder() throws {
        let sandbox = try Sandbox()
        try sandbox.write("a.jpg")
        for path in [sandbox.path + "/none", sandbox.uploads + "/a.jpg"] {
            let bytes = Array(path.utf8)
            #expect(
                code { () throws(MonikerError) in
                    _ = try LocalMediaFiles(uploads: bytes, home: bytes)
                } == "uploads-unreadable")
        }
        try sandbox.run("ln", "-s", sandbox.uploads, sandbox.path + "/link")
        let files = try LocalMediaFiles(
            uploads: Array((sandbox.path + "/link").utf8), home: Array(sandbox.home.utf8))
        #expect(try files.entries(of: nil).count == 2)
        let none = try MediaPath("none")
        #expect(
            code { () throws(MonikerError) in _ = try files.entries(of: none) } == "file-missing")
    }

    @Test("What the file system can do is found out without a trace in uploads")
    func capabilities() throws {
        let sandbox = try Sandbox()
        let files = try sandbox.files()
        let before = try sandbox.run("find", sandbox.uploads, "-printf", "%P %T@\n")
        let capabilities = try files.capabilities()
        #expect(capabilities.hardLinks)
        #expect(capabilities.homeOnSameDevice)
        #expect(capabilities.isWritable)
        #expect(try sandbox.run("find", sandbox.uploads, "-printf", "%P %T@\n") == before)
        #expect(try sandbox.run("find", sandbox.home, "-type", "f") == "")
    }

    @Test("The clock is the wall clock, and randomness does not repeat")
    func environment() throws {
        let sandbox = try Sandbox()
        let before = try #require(Int64(try sandbox.run("date", "+%s%N")))
        let now = SystemClock().now()
        let after = try #require(Int64(try sandbox.run("date", "+%s%N")))
        #expect((before...after).contains(now))
        #expect(Set((0..<100).map { _ in SystemRandom().next() }).count == 100)
    }
}
