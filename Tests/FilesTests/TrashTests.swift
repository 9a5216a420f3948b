import CLinux
import CrashPoints
import Files
import Foundation
import Model
import Synchronization
import Testing

@Suite("Retiring names")
struct TrashTests {
    /// What the retired file of a number is called: 60 digits.
    private static func name(_ sequence: Int) -> String {
        let digits = String(sequence)
        return String(repeating: "0", count: 60 - digits.count) + digits
    }

    @Test("A retired file is gone, comes back the same, and its folder's time can be restored")
    func roundTrip() throws {
        let sandbox = try Sandbox()
        let path = try sandbox.write("2026/01/a.jpg", "a")
        let files = try sandbox.files()
        let folder = try MediaPath("2026/01")
        let status = try #require(try files.status(of: path))
        let time = try files.modified(directory: folder)
        #expect(
            try files.retire(path, identity: status.identity, into: sandbox.journal, as: 7))
        #expect(try files.status(of: path) == nil)
        #expect(try files.trash() == [sandbox.journal: 1])
        try files.synchronize(directories: [folder, nil])
        let trashed = sandbox.home + "/trash/\(sandbox.journal)/" + Self.name(7)
        #expect(try sandbox.stat("%i", trashed) == String(status.identity.inode))
        #expect(try sandbox.stat("%a", sandbox.home) == "700")
        #expect(try sandbox.stat("%a", sandbox.home + "/trash/\(sandbox.journal)") == "700")

        #expect(try files.unretire(path, from: sandbox.journal, as: 7))
        #expect(try files.status(of: path) == status)
        #expect(try !files.unretire(path, from: sandbox.journal, as: 7))
        try files.setModified(directory: folder, to: time)
        #expect(try files.modified(directory: folder) == time)
        let unusual: Int64 = 1_234_567_890_123_456_789
        try files.setModified(directory: nil, to: unusual)
        #expect(try sandbox.stat("%.9Y", sandbox.uploads) == "1234567890.123456789")
    }

    @Test("A name of another file, and a missing name, stay as they are")
    func wrongIdentity() throws {
        let sandbox = try Sandbox()
        let one = try sandbox.write("one.jpg", "one")
        let other = try sandbox.write("other.jpg", "other")
        let files = try sandbox.files()
        let identity = try #require(try files.status(of: other)).identity
        let tree = try sandbox.tree()
        #expect(try !files.retire(one, identity: identity, into: sandbox.journal, as: 1))
        let missing = try MediaPath("missing/file.jpg")
        #expect(try !files.retire(missing, identity: identity, into: sandbox.journal, as: 1))
        #expect(try sandbox.tree() == tree)
        #expect(sandbox.text(one) == "one")
    }

    @Test("One of two names of a file is retired, the other stays")
    func twoNames() throws {
        let sandbox = try Sandbox()
        let old = try sandbox.write("old.jpg")
        let new = try MediaPath("new.jpg")
        let files = try sandbox.files()
        try files.link(old, as: new)
        let identity = try #require(try files.status(of: old)).identity
        #expect(try files.retire(old, identity: identity, into: sandbox.journal, as: 1))
        #expect(try files.status(of: old) == nil)
        #expect(try files.status(of: new)?.links == 2)
        // A rename of one link over another is a silent no-op: the name would stay. A power cut that
        // parts the two halves of a move leaves just this.
        #expect(try files.retire(new, identity: identity, into: sandbox.journal, as: 1))
        #expect(try files.status(of: new) == nil)
        #expect(try files.unretire(new, from: sandbox.journal, as: 1))
        #expect(try files.status(of: new)?.links == 1)
    }

    @Test("F12 coming back never replaces a newer file")
    func nameTakenMeanwhile() throws {
        let sandbox = try Sandbox()
        let path = try sandbox.write("a.jpg", "old")
        let files = try sandbox.files()
        let identity = try #require(try files.status(of: path)).identity
        #expect(try files.retire(path, identity: identity, into: sandbox.journal, as: 1))
        try sandbox.write("a.jpg", "newer")
        #expect(
            code { () throws(MonikerError) in
                _ = try files.unretire(path, from: sandbox.journal, as: 1)
            } == "name-taken")
        #expect(sandbox.text(path) == "newer")
        #expect(
            try sandbox.run(
                "cat", sandbox.home + "/trash/\(sandbox.journal)/" + Self.name(1)) == "old")
    }

    @Test("What a program of before has retired under the number alone comes back, and is emptied")
    func shortNames() throws {
        let sandbox = try Sandbox()
        let files = try sandbox.files()
        let trash = sandbox.home + "/trash/\(sandbox.journal)/"
        var paths: [MediaPath] = []
        for sequence in 1...3 {
            let path = try sandbox.write("\(sequence).jpg", "file \(sequence)")
            let identity = try #require(try files.status(of: path)).identity
            #expect(
                try files.retire(path, identity: identity, into: sandbox.journal, as: sequence))
            try sandbox.run("mv", trash + Self.name(sequence), trash + "\(sequence)")
            paths.append(path)
        }
        let later = try sandbox.files()
        #expect(try later.unretire(paths[0], from: sandbox.journal, as: 1))
        #expect(sandbox.text(paths[0]) == "file 1")
        // A power cut left the second under both names.
        try sandbox.run("ln", trash + "2", sandbox.uploads + "/2.jpg")
        let identity = try #require(try later.status(of: paths[1])).identity
        #expect(try later.retire(paths[1], identity: identity, into: sandbox.journal, as: 2))
        let left = try sandbox.run("ls", trash).split(separator: "\n").map(String.init)
        #expect(Set(left) == [Self.name(2), "3"])
        try later.emptyTrash(of: sandbox.journal)
        #expect(try later.trash().isEmpty)
    }

    @Test("Emptying the trash touches that change set's files alone")
    func emptying() throws {
        let sandbox = try Sandbox()
        let files = try sandbox.files()
        let other = JournalID(milliseconds: 3, random: 4)
        for (name, journal) in [("a.jpg", sandbox.journal), ("b.jpg", other)] {
            let path = try sandbox.write(name)
            let identity = try #require(try files.status(of: path)).identity
            #expect(try files.retire(path, identity: identity, into: journal, as: 1))
        }
        let kept = try sandbox.write("kept.jpg")
        try sandbox.run(
            "mv", sandbox.uploads + "/kept.jpg",
            sandbox.home + "/trash/\(sandbox.journal)/kept-2")
        try files.emptyTrash(of: sandbox.journal)
        try files.emptyTrash(of: JournalID(milliseconds: 9, random: 9))
        try files.synchronize(directories: [])
        #expect(try files.status(of: kept) == nil)
        let trash = try sandbox.run(
            "find", sandbox.home + "/trash", "-type", "f", "-printf", "%P\n")
        #expect(
            Set(trash.split(separator: "\n").map(String.init))
                == ["\(other)/" + Self.name(1), "\(sandbox.journal)/kept-2"])
    }

    @Test("F14 with home on another device the trash is beside uploads, and closed to the web")
    func besideUploads() throws {
        let sandbox = try Sandbox(homeBase: "/dev/shm")
        let files = try sandbox.files()
        #expect(try !files.capabilities().homeOnSameDevice)
        let before = try sandbox.tree()
        let path = try sandbox.write("a.jpg", "a")
        let identity = try #require(try files.status(of: path)).identity
        #expect(try files.retire(path, identity: identity, into: sandbox.journal, as: 3))
        try files.synchronize(directories: [nil])
        let own = sandbox.path + "/wp-content/.moniker"
        #expect(try sandbox.stat("%a", own) == "700")
        #expect(try sandbox.run("cat", own + "/trash/\(sandbox.journal)/" + Self.name(3)) == "a")
        let rules = try sandbox.run("cat", own + "/.htaccess")
        #expect(rules.contains("Require all denied") && rules.contains("Deny from all"))
        #expect(try sandbox.stat("%s", own + "/index.html") == "0")
        #expect(try files.unretire(path, from: sandbox.journal, as: 3))
        #expect(sandbox.text(path) == "a")
        #expect(try files.retire(path, identity: identity, into: sandbox.journal, as: 3))
        try files.emptyTrash(of: sandbox.journal)
        // Our folder goes when nothing is in it.
        #expect(try sandbox.tree() == before)
    }

    @Test("F14 with uploads as a mount of its own the trash is inside, and not listed")
    func insideUploads() throws {
        let sandbox = try Sandbox()
        guard getuid() == 0 else {
            print("skipped: mounting needs root")
            return
        }
        try sandbox.run("mount", "--bind", sandbox.uploads, sandbox.uploads)
        defer { _ = try? sandbox.run("umount", sandbox.uploads) }
        let files = try sandbox.files()
        let path = try sandbox.write("a.jpg", "a")
        let identity = try #require(try files.status(of: path)).identity
        #expect(try files.retire(path, identity: identity, into: sandbox.journal, as: 3))
        #expect(
            try sandbox.run(
                "cat",
                sandbox.uploads + "/.moniker/trash/\(sandbox.journal)/" + Self.name(3)) == "a")
        #expect(try files.entries(of: nil).map(\.name) == [Array("2026".utf8)])
        #expect(try files.unretire(path, from: sandbox.journal, as: 3))
        try files.emptyTrash(of: sandbox.journal)
        #expect(sandbox.text(path) == "a")
    }

    @Test("A file that takes the name between looking and moving is never kept or lost")
    func exchangedMeanwhile() throws {
        let sandbox = try Sandbox()
        let path = try sandbox.write("a.jpg", "mine")
        try sandbox.write("b.jpg", "stranger")
        let files = try sandbox.files()
        let identity = try #require(try files.status(of: path)).identity
        let one = sandbox.uploads + "/a.jpg"
        let other = sandbox.uploads + "/b.jpg"
        let isDone = Mutex(false)
        let hasEnded = DispatchSemaphore(value: 0)
        let attacker = Thread {
            while !isDone.withLock({ $0 }) {
                // 2 is RENAME_EXCHANGE of <linux/fs.h>.
                // SAFETY: Swift passes both texts with a NUL that outlives the call.
                _ = unsafe CLinux_renameat2(AT_FDCWD, one, AT_FDCWD, other, 2)
            }
            hasEnded.signal()
        }
        attacker.start()
        defer { isDone.withLock { $0 = true } }
        var retired = 0
        var refused = 0
        let trash = sandbox.home + "/trash/\(sandbox.journal)/" + Self.name(1)
        for _ in 0..<5_000 {
            if try files.retire(path, identity: identity, into: sandbox.journal, as: 1) {
                retired += 1
                let moved = try FileManager.default.attributesOfItem(atPath: trash)
                try #require((moved[.systemFileNumber] as? NSNumber)?.uint64Value == identity.inode)
                try #require(try files.unretire(path, from: sandbox.journal, as: 1))
            } else {
                refused += 1
                try #require(!FileManager.default.fileExists(atPath: trash))
            }
        }
        #expect(retired > 0 && refused > 0)
        isDone.withLock { $0 = true }
        hasEnded.wait()
        let contents = [try sandbox.run("cat", one), try sandbox.run("cat", other)]
        #expect(Set(contents) == ["mine", "stranger"])
    }

    /// Puts a stranger under the name right before it is moved, and a newcomer right after.
    private final class Intruder: EffectObserver {
        private let uploads: String
        private var moves = 0

        init(_ sandbox: Sandbox) { uploads = sandbox.uploads }

        func reach(_ point: EffectPoint) -> Bool {
            guard point.effect == .move else { return true }
            moves += 1
            let (name, stranger) = (uploads + "/a.jpg", uploads + "/b.jpg")
            switch moves {
            case 1:
                // 2 is RENAME_EXCHANGE of <linux/fs.h>.
                // SAFETY: Swift passes both texts with a NUL that outlives the call.
                return unsafe CLinux_renameat2(AT_FDCWD, name, AT_FDCWD, stranger, 2) == 0
            case 2:
                // SAFETY: as above.
                return unsafe Foundation.link(uploads + "/c.jpg", name) == 0
            default: return true
            }
        }
    }

    @Test("A newcomer that cannot go back is kept, named, and survives the emptying of the trash")
    func replacedTwice() throws {
        let sandbox = try Sandbox()
        let path = try sandbox.write("a.jpg", "mine")
        let other = try sandbox.write("b.jpg", "stranger")
        try sandbox.write("c.jpg", "newcomer")
        let identity = try #require(try sandbox.files().status(of: path)).identity
        let files = try LocalMediaFiles(
            uploads: Array(sandbox.uploads.utf8), home: Array(sandbox.home.utf8),
            calls: ObservedSystemCalls(LinuxSystemCalls(), Intruder(sandbox)))
        var failure: MonikerError?
        do throws(MonikerError) {
            _ = try files.retire(path, identity: identity, into: sandbox.journal, as: 1)
        } catch {
            failure = error
        }
        #expect(failure?.code == .needsAttention)
        #expect(failure?.message.contains("kept-1") == true)
        let trash = sandbox.home + "/trash/\(sandbox.journal)"
        #expect(try sandbox.run("ls", trash) == "kept-1")
        try files.emptyTrash(of: sandbox.journal)
        #expect(try sandbox.run("cat", trash + "/kept-1") == "stranger")
        #expect(sandbox.text(path) == "newcomer")
        #expect(sandbox.text(other) == "mine")
    }

    @Test("F14 a folder that must not be changed is named, and nothing is changed")
    func immutable() throws {
        let sandbox = try Sandbox()
        let path = try sandbox.write("2026/01/a.jpg")
        let folder = sandbox.uploads + "/2026/01"
        guard getuid() == 0, (try? sandbox.run("chattr", "+i", folder)) != nil else {
            print("skipped: this user or file system has no immutable folders")
            return
        }
        defer { _ = try? sandbox.run("chattr", "-i", folder) }
        let files = try sandbox.files()
        let status = try #require(try files.status(of: path))
        let new = try MediaPath("2026/01/b.jpg")
        #expect(
            code { () throws(MonikerError) in try files.link(path, as: new) }
                == "permission-denied")
        #expect(
            code { () throws(MonikerError) in
                _ = try files.retire(
                    path, identity: status.identity, into: sandbox.journal, as: 1)
            } == "permission-denied")
        #expect(try files.status(of: path) == status)
        #expect(try files.entries(of: MediaPath("2026/01")).count == 1)
    }
}
