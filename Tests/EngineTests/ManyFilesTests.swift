import Engine
import Files
import Foundation
import Model
import TestSupport
import Testing

/// So many files that more than one thread works on them.
@Suite struct ManyFilesTests {
    private static let count = 1203

    /// A site with that many files in two folders, each with content of its own.
    private func site() throws -> EngineSite {
        let site = try EngineSite()
        let uploads = site.root.appendingPathComponent("uploads")
        for number in 0..<Self.count {
            let file = uploads.appendingPathComponent(name(number, "old"))
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("picture \(number)".utf8).write(to: file)
        }
        return site
    }

    private func name(_ number: Int, _ stem: String) -> String {
        "\(number % 2 == 0 ? "2023/01" : "2024/09")/\(stem)-\(number).jpg"
    }

    private func proposal() -> ChangeProposal {
        ChangeProposal(
            kind: .rename,
            moves: (0..<Self.count).map { number in
                ProposedMove(
                    attachment: AttachmentID(Int64(number)), role: "attached",
                    old: EngineSite.path(name(number, "old")),
                    new: EngineSite.path(name(number, "new")))
            }, policy: EverythingPolicy(), textFiles: [], oldNames: .none)
    }

    /// The names and SHA-256 of all files in the two folders, by sha256sum.
    private func files(_ site: EngineSite) throws -> [String: String] {
        let uploads = site.root.appendingPathComponent("uploads").path
        let text = try EngineSite.run(
            "/bin/sh", ["-c", "cd '\(uploads)' && sha256sum 2023/01/* 2024/09/*"])
        var files: [String: String] = [:]
        for line in text.split(separator: "\n") {
            files[String(line.dropFirst(66))] = String(line.prefix(64))
        }
        return files
    }

    /// The files in the store of originals, by their names.
    private func storedFiles(_ site: EngineSite) throws -> [String] {
        let store = site.root.appendingPathComponent("home/originals").path
        return try EngineSite.run("/bin/sh", ["-c", "cd '\(store)' && find . -type f | sort"])
            .split(separator: "\n").map(String.init)
    }

    /// Fails unless the body ends with an error of this code that names the file.
    private func expectFailure(
        _ code: ErrorCode, naming file: String, _ body: () throws(MonikerError) -> Void
    ) throws {
        let error = try #require(throws: MonikerError.self) { try body() }
        #expect(error.code == code)
        #expect(error.message.contains(file))
    }

    @Test("each file gets its own new name, and its old one back")
    func renames() throws {
        let site = try site()
        let before = try files(site)
        try #require(before.count == Self.count)
        let plan = try Planner(ports: site.ports(), scope: EngineSite.scope).plan(proposal())
        #expect(plan.moves.map(\.sequence) == Array(0..<Self.count))
        let outcome = try site.engine().apply(plan)
        #expect(outcome.files == Self.count)
        let expected = (0..<Self.count).map { (name($0, "new"), before[name($0, "old")] ?? "") }
        #expect(try files(site) == Dictionary(uniqueKeysWithValues: expected))
        #expect(try site.files.originals().count == Self.count)
        _ = try site.revert(outcome.id)
        #expect(try files(site) == before)
    }

    @Test(
        "a file that was replaced since the plan stops everything",
        arguments: [0, 600, 601, 1202], [1000, 4000])
    func replaced(_ number: Int, packedFrom: Int) throws {
        let site = try site()
        let plan = try Planner(ports: site.ports(), scope: EngineSite.scope).plan(proposal())
        let file = site.root.appendingPathComponent("uploads/" + name(number, "old"))
        try FileManager.default.removeItem(at: file)
        try Data("another".utf8).write(to: file)
        let before = try files(site)
        let engine = Engine(
            ports: site.ports(), scope: EngineSite.scope, packedFrom: packedFrom)
        try expectFailure(.fileChanged, naming: name(number, "old")) { () throws(MonikerError) in
            _ = try engine.apply(plan)
        }
        #expect(try files(site) == before)
        #expect(try site.journal.unfinished().isEmpty)
    }

    /// Names are made while the originals become durable: neither may be left halfway.
    @Test(
        "a name that was taken since the plan stops everything, and the next rename finds no trace",
        arguments: [0, 601, 1202], [1000, 4000])
    func takenSince(_ number: Int, packedFrom: Int) throws {
        let site = try site()
        let plan = try Planner(ports: site.ports(), scope: EngineSite.scope).plan(proposal())
        let foreign = site.root.appendingPathComponent("uploads/" + name(number, "new"))
        try Data("somebody's".utf8).write(to: foreign)
        let before = try files(site)
        let engine = Engine(
            ports: site.ports(), scope: EngineSite.scope, packedFrom: packedFrom)
        try expectFailure(.nameTaken, naming: name(number, "new")) { () throws(MonikerError) in
            _ = try engine.apply(plan)
        }
        #expect(try files(site) == before)
        #expect(try site.files.originals().count == Self.count)
        #expect(try site.journal.unfinished().isEmpty)
        try FileManager.default.removeItem(at: foreign)
        let stored = try storedFiles(site)
        let outcome = try engine.apply(
            Planner(ports: site.ports(), scope: EngineSite.scope).plan(proposal()))
        #expect(outcome.files == Self.count)
        #expect(try storedFiles(site) == stored)
    }

    @Test("thousands of originals lie in packs, and bring back what is gone")
    func packed() throws {
        let site = try site()
        let long = 7
        try Data(repeating: 0x61, count: 1 << 20 + 1).write(
            to: site.root.appendingPathComponent("uploads/" + name(long, "old")))
        let before = try files(site)
        let plan = try Planner(ports: site.ports(), scope: EngineSite.scope).plan(proposal())
        let engine = Engine(ports: site.ports(), scope: EngineSite.scope, packedFrom: Self.count)
        let outcome = try engine.apply(plan)
        let digest = try #require(before[name(long, "old")])
        // A pack of each thread, and what is too long for one.
        #expect(
            try storedFiles(site) == [
                "./\(digest.prefix(2))/\(digest)", "./packs/000000001", "./packs/000000002",
            ])
        #expect(
            try Set(site.files.originals().map(\.description)) == Set(before.values))
        let gone = [0, 3, long, 601, 1202]
        for number in gone {
            try FileManager.default.removeItem(
                at: site.root.appendingPathComponent("uploads/" + name(number, "new")))
        }
        let revert = try site.revert(outcome.id)
        #expect(try files(site) == before)
        // Nobody needs them any more but the change sets that are young.
        #expect(try site.engine().tidy(retention: .max).removedOriginals == 0)
        #expect(try site.engine().tidy(retention: 0).removedOriginals == Self.count)
        #expect(try storedFiles(site) == [])
        // The files are there, so no original is needed.
        #expect(try site.revert(revert.id).files == Self.count)
    }

    /// Originals are packed while the intent is written.
    @Test("an intent that cannot be written leaves no original, and the next rename none too few")
    func intentFails() throws {
        let site = try site()
        let before = try files(site)
        let plan = try Planner(ports: site.ports(), scope: EngineSite.scope).plan(proposal())
        let engine = Engine(ports: site.ports(), scope: EngineSite.scope, packedFrom: 1000)
        let manifests = site.root.appendingPathComponent("home/manifests")
        try Data().write(to: manifests)
        try expectFailure(.fileSystemFailed, naming: "manifests") { () throws(MonikerError) in
            _ = try engine.apply(plan)
        }
        #expect(try storedFiles(site) == [])
        #expect(try files(site) == before)
        #expect(try site.journal.changeSets().isEmpty)
        try FileManager.default.removeItem(at: manifests)
        #expect(try engine.apply(plan).files == Self.count)
        #expect(try Set(site.files.originals().map(\.description)) == Set(before.values))
    }

    /// The journal is written while old names go: of what fails halfway it may say nothing.
    @Test("a failure while old names go leaves the end to recovery", arguments: [0, 1, 700, 1203])
    func retiring(_ number: Int) throws {
        let site = try site()
        let before = try files(site)
        let plan = try Planner(ports: site.ports(), scope: EngineSite.scope).plan(proposal())
        // Marker and incarnation id, originals, links, begin and end of the transaction, the folders
        // of text files.
        let earlier = 2 + Self.count + 1 + Self.count + 1 + 2 + 1
        let error = try #require(throws: MonikerError.self) {
            _ = try site.engine(Interruption(after: earlier + number)).apply(plan)
        }
        #expect(error.code == .unfinished)
        let record = try #require(try site.journal.unfinished().first)
        #expect(record.state == .committed)
        #expect(try site.journal.waitingOldNames(of: record.id).count == Self.count)
        let left = try files(site).keys.filter { $0.contains("/old-") }.count
        #expect(left == Self.count - number)
        #expect(try site.recover().map(\.state) == [.done])
        let expected = (0..<Self.count).map { (name($0, "new"), before[name($0, "old")] ?? "") }
        #expect(try files(site) == Dictionary(uniqueKeysWithValues: expected))
        #expect(try site.journal.waitingOldNames(of: record.id).isEmpty)
        _ = try site.revert(record.id)
        #expect(try files(site) == before)
    }

    @Test("a name that is taken is told, wherever it is", arguments: [0, 601, 1202])
    func taken(_ number: Int) throws {
        let site = try site()
        try Data("somebody's".utf8).write(
            to: site.root.appendingPathComponent("uploads/" + name(number, "new")))
        try expectFailure(.nameTaken, naming: name(number, "new")) { () throws(MonikerError) in
            _ = try Planner(ports: site.ports(), scope: EngineSite.scope).plan(proposal())
        }
    }
}
