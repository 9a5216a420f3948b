@testable import Files
import CLinux
import Foundation
import Hashing
import Model
import Synchronization
import TestSupport
import Testing

/// A folder below uploads that is exchanged, all the time, with a symbolic link to a folder outside.
///
/// Everything in that folder outside has a twin inside, so that only following the link tells them
/// apart: the file to be retired is even the same file by another name.
private final class Swap: Sendable {
    let outside: String
    /// Names that are a folder and a link to `outside` in turns.
    private let one: String
    private let other: String
    /// The folder inside, wherever its name is at the moment.
    let inside: Int32
    private let isStopping = Atomic(false)
    private let count = Atomic(0)
    private let hasEnded = DispatchSemaphore(value: 0)

    init(_ sandbox: Sandbox) throws {
        outside = sandbox.path + "/outside"
        one = sandbox.uploads + "/2026/01"
        other = sandbox.uploads + "/2026/swap"
        try sandbox.write("2026/01/a.jpg", "inside")
        try sandbox.run("mkdir", one + "/sub", outside, outside + "/sub")
        try sandbox.write("2026/01/sub/a.jpg", "inside")
        try sandbox.write("2026/01/retired.jpg", "retired")
        try sandbox.run("ln", one + "/retired.jpg", outside + "/retired.jpg")
        for file in ["/a.jpg", "/sub/a.jpg", "/outside-only.jpg"] {
            try sandbox.run("sh", "-c", "printf secret > '\(outside)\(file)'")
        }
        try sandbox.run("ln", "-s", outside, other)
        // SAFETY: Swift passes the text with a NUL that outlives the call.
        inside = unsafe open(one, O_RDONLY | O_DIRECTORY)
        try #require(inside >= 0)
    }

    deinit { close(inside) }

    /// How often the two have been exchanged.
    var exchanges: Int { count.load(ordering: .relaxed) }

    func start() {
        Thread {
            while !self.isStopping.load(ordering: .relaxed) {
                // RENAME_EXCHANGE of <linux/fs.h>
                // SAFETY: Swift passes both texts with a NUL that outlives the call.
                if unsafe CLinux_renameat2(AT_FDCWD, self.one, AT_FDCWD, self.other, 2) == 0 {
                    self.count.add(1, ordering: .relaxed)
                }
            }
            self.hasEnded.signal()
        }.start()
    }

    func stop() {
        isStopping.store(true, ordering: .relaxed)
        hasEnded.wait()
    }

    /// What a change of anything in the folder outside changes: times, sizes and numbers of links.
    func fingerprint() -> [Int] {
        ["", "/a.jpg", "/sub", "/sub/a.jpg", "/retired.jpg", "/outside-only.jpg"].flatMap {
            var status = stat()
            // SAFETY: the text ends with NUL; the call writes one `stat`.
            guard unsafe lstat(outside + $0, &status) == 0 else { return [-1] }
            // Linking and retiring the file with two names changes its own numbers: it has to be
            // there, and the folder must not have been touched.
            guard $0 != "/retired.jpg" else { return [Int(status.st_ino)] }
            return [
                Int(status.st_ino), Int(status.st_size), Int(status.st_nlink),
                status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
            ]
        }
    }
}

/// What the rounds of a race came to.
private struct Tally {
    var successes = 0
    var refusals = 0
    var escapes: [String] = []
}

@Suite("A folder swapped for a symbolic link while we work", .serialized)
struct SymbolicLinkRaceTests {
    private static var rounds: Int { FaultLedger.isLongRun ? 100_000 : 20_000 }

    private static let path = "2026/01/a.jpg"

    @Test(
        "F14 nothing outside is read, linked or changed",
        arguments: [(false, "openat2"), (true, "folder by folder")])
    func noEscape(walkingSegments: Bool, resolution: String) throws {
        let sandbox = try Sandbox()
        let files = try LocalMediaFiles(
            uploads: Array(sandbox.uploads.utf8), home: Array(sandbox.home.utf8),
            walkingSegments: walkingSegments)
        let swap = try Swap(sandbox)
        let race = try Race(files: files, swap: swap, journal: sandbox.journal)
        var tally = Tally()
        let before = swap.fingerprint()
        swap.start()
        var rounds = 0
        while rounds < Self.rounds || swap.exchanges < Self.rounds {
            rounds += 1
            race.round(rounds, &tally)
            if swap.fingerprint() != before { tally.escapes.append("outside was changed") }
            guard tally.escapes.count < 10 else { break }
        }
        swap.stop()
        #expect(tally.escapes.isEmpty, "after \(rounds) rounds: \(tally.escapes)")
        // Otherwise the attack never met the work.
        #expect(tally.successes > rounds / 100 && tally.refusals > rounds / 100, "\(tally)")
        print(
            "\(resolution): \(rounds) rounds, \(swap.exchanges) exchanges, \(tally.successes) calls succeeded, \(tally.refusals) refused"
        )
        try FaultLedger.record(
            layer: "L8", "folder swapped for a link, \(resolution)", tried: rounds,
            violations: tally.escapes.count)
    }

    @Test("the race is real: whoever looks at the path first and opens it then is led outside")
    func naiveCheckEscapes() throws {
        let sandbox = try Sandbox()
        let swap = try Swap(sandbox)
        let path = sandbox.uploads + "/" + Self.path
        swap.start()
        defer { swap.stop() }
        var escapes = 0
        var rounds = 0
        while escapes == 0, rounds < 1_000_000 {
            rounds += 1
            // SAFETY: realpath allocates the result, which is copied and freed at once.
            guard let resolved = unsafe realpath(path, nil) else { continue }
            let isInside = unsafe String(cString: resolved).hasPrefix(sandbox.uploads + "/")
            unsafe free(resolved)
            guard isInside else { continue }
            // SAFETY: Swift passes the text with a NUL that outlives the call.
            let descriptor = unsafe open(path, O_RDONLY)
            guard descriptor >= 0 else { continue }
            var bytes = [UInt8](repeating: 0, count: 6)
            // SAFETY: the buffer is as long as it is said to be.
            let count = unsafe read(descriptor, &bytes, bytes.count)
            close(descriptor)
            if count == 6, bytes == Array("secret".utf8) { escapes += 1 }
        }
        print("check and open: outside after \(rounds) rounds")
        #expect(escapes > 0)
    }
}

/// The calls that are made while the folder is swapped.
private struct Race {
    let files: LocalMediaFiles
    let swap: Swap
    let journal: JournalID
    let path: MediaPath
    let deep: MediaPath
    let retired: MediaPath
    let linked: MediaPath
    let taken: MediaPath
    private let identity: FileIdentity
    private let insideIdentity: FileIdentity
    private let digest = SHA256.digest(of: Array("inside".utf8))

    init(files: LocalMediaFiles, swap: Swap, journal: JournalID) throws {
        self.files = files
        self.swap = swap
        self.journal = journal
        path = try MediaPath("2026/01/a.jpg")
        deep = try MediaPath("2026/01/sub/a.jpg")
        retired = try MediaPath("2026/01/retired.jpg")
        linked = try MediaPath("2026/01/linked.jpg")
        taken = try MediaPath("taken.jpg")
        identity = try #require(try files.status(of: retired)).identity
        insideIdentity = try #require(try files.status(of: path)).identity
    }

    func round(_ number: Int, _ tally: inout Tally) {
        for path in [path, deep] {
            attempt(&tally) { () throws(MonikerError) in
                try files.contents(of: path, limit: 100).elementsEqual("inside".utf8)
                    ? nil : "\(path) was read outside"
            }
        }
        attempt(&tally) { () throws(MonikerError) in
            try files.digest(of: deep) == digest ? nil : "\(deep) was hashed outside"
        }
        attempt(&tally) { () throws(MonikerError) in
            try files.entries(of: path.directory).contains {
                $0.name.elementsEqual("outside-only.jpg".utf8)
            } ? "the folder outside was listed" : nil
        }
        attempt(&tally) { () throws(MonikerError) in
            try files.setModified(directory: path.directory, to: Int64(number))
            return nil
        }
        // Into the folder, and out of it.
        attempt(&tally) { () throws(MonikerError) in
            try files.link(path, as: linked)
            return nil
        }
        // SAFETY: Swift passes the text with a NUL that outlives the call.
        _ = unsafe unlinkat(swap.inside, "linked.jpg", 0)
        attempt(&tally) { () throws(MonikerError) in
            try files.link(path, as: taken)
            return nil
        }
        attempt(&tally) { () throws(MonikerError) in
            guard let status = try files.status(of: taken) else { return nil }
            let isOurs = status.identity == insideIdentity
            _ = try files.retire(
                taken, identity: status.identity, into: journal, as: 2 + number)
            return isOurs ? nil : "a file outside was linked"
        }
        // The outer name of the same file must stay, whatever the identity says.
        attempt(&tally) { () throws(MonikerError) in
            _ = try files.retire(retired, identity: identity, into: journal, as: 2)
            return nil
        }
        bringBack(&tally)
        guard number.isMultiple(of: 100) else { return }
        // Seldom, because making the folder again makes it durable.
        attempt(&tally) { () throws(MonikerError) in
            try files.emptyTrash(of: journal)
            return nil
        }
        attempt(&tally) { () throws(MonikerError) in
            _ = try files.replaceContents(
                of: deep, expected: digest, with: Array("inside".utf8), modified: nil)
            return nil
        }
        attempt(&tally) { () throws(MonikerError) in
            try files.synchronize(directories: [path.directory])
            return nil
        }
    }

    /// Gives the retired file its name back, as often as the swap lets it fail.
    private func bringBack(_ tally: inout Tally) {
        for _ in 0..<10_000 {
            var isBack = false
            attempt(&tally) { () throws(MonikerError) in
                _ = try files.unretire(retired, from: journal, as: 2)
                isBack = true
                return nil
            }
            if isBack { return }
        }
        tally.escapes.append("the retired file did not come back")
    }

    /// Makes a call that may be refused, but for the right reason; a text is an escape.
    private func attempt(_ tally: inout Tally, _ body: () throws(MonikerError) -> String?) {
        do throws(MonikerError) {
            if let escape = try body() {
                tally.escapes.append(escape)
            } else {
                tally.successes += 1
            }
        } catch {
            tally.refusals += 1
            guard ![.unsafePath, .fileMissing].contains(error.code) else { return }
            tally.escapes.append("unexpected: \(error)")
        }
    }
}
