import Engine
import Files
import Foundation
import Glibc
import Model
import TestSupport
import Testing

@Suite("Recovery of a large batch", .serialized) struct CustodyRecoveryTests {
    /// How many files the batch has.
    private static let files = 10_000

    /// What recovery may take: in a build without optimization, with other tests beside it, three
    /// times what is promised.
    private static let limit: Duration = {
        #if DEBUG
            .seconds(15)
        #else
            .seconds(5)
        #endif
    }()

    /// Where the process is killed.
    enum Moment: String, CaseIterable, CustomTestStringConvertible {
        case linking = "in the middle of linking"
        case committed = "right after the commit"
        var testDescription: String { rawValue }

        /// How many effects get through: the markers and the incarnation id, the originals and
        /// their folder, the links and their folders, the begin and the end of the transaction.
        func effects(_ files: Int) -> Int {
            switch self {
            case .linking: 2 + files + 1 + files / 2
            case .committed: 2 + files + 1 + files + 1 + 2
            }
        }
    }

    @Test("A batch of 10,000 files recovers in seconds", arguments: Moment.allCases)
    func largeBatch(_ moment: Moment) throws {
        let site = try EngineSite()
        let originals = try Originals()
        let files = try LocalMediaFiles(
            uploads: Array(site.root.appendingPathComponent("uploads").path.utf8),
            home: Array(originals.path.utf8))
        let moves = try makeFiles(site)
        let baseline = try linkAll(site)
        let before = try site.tree()
        let interruption = Interruption(after: moment.effects(Self.files))
        do {
            let proposal = ChangeProposal(
                kind: .rename, moves: moves, policy: EverythingPolicy(), textFiles: [],
                oldNames: .none)
            var ports = site.ports(interruption)
            ports.files = InterruptedFiles(files, interruption)
            let plan = try Planner(ports: ports, scope: EngineSite.scope).plan(proposal)
            _ = try Engine(ports: ports, scope: EngineSite.scope).apply(plan)
            Issue.record("has to be killed")
        } catch {
            #expect(Interruption.caused(error), "\(error)")
        }
        let record = try #require(try site.journal.unfinished().first)
        var ports = site.ports()
        ports.files = files
        let clock = ContinuousClock()
        let start = clock.now
        let recovered = try Engine(ports: ports, scope: EngineSite.scope).recover(
            policy: EverythingPolicy(), textFiles: [])
        let seconds = clock.now - start
        #expect(recovered.map(\.id) == [record.id])
        let ratio = seconds / baseline
        print(
            "Recovery of \(Self.files) files, killed \(moment.rawValue): \(seconds), \(ratio) times as long as \(Self.files) bare links and one fsync (\(baseline))"
        )
        // A disk that others keep busy slows the yardstick down as well.
        #expect(
            seconds < Self.limit || ratio < 25,
            "killed \(moment.rawValue): \(seconds), \(ratio) times the yardstick")
        let after = try site.tree()
        switch moment {
        case .linking:
            #expect(recovered.map(\.state) == [.aborted])
            #expect(after == before)
        case .committed:
            #expect(recovered.map(\.state) == [.done])
            #expect(after == before.replacing("/old-", with: "/new-"))
        }
        #expect(try site.recover().isEmpty)
    }

    /// A place for originals in memory where there is one: storing them waits for the disk ten
    /// thousand times, and recovery does not look at them.
    private final class Originals {
        let path: String

        init() throws {
            let memory = "/dev/shm"
            let parent =
                FileManager.default.isWritableFile(atPath: memory)
                ? memory : FileManager.default.temporaryDirectory.path
            path = "\(parent)/moniker-originals-\(UInt64.random(in: 0 ... .max))"
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: false)
        }

        deinit {
            do {
                try FileManager.default.removeItem(atPath: path)
            } catch {
                print("left behind: \(path)")
            }
        }
    }

    /// Makes the files of the batch, each with its own content, a thousand a folder.
    private func makeFiles(_ site: EngineSite) throws -> [ProposedMove] {
        // Foundation would make each file durable, one after the other.
        _ = try EngineSite.run(
            "/bin/sh",
            [
                "-c",
                """
                cd "$0" && mkdir batch && cd batch && mkdir $(seq 0 $((($1 - 1) / 1000))) &&
                awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) {
                    f = int(i / 1000) "/old-" i ".jpg"; printf "picture %d", i > f; close(f) } }'
                """,
                site.root.appendingPathComponent("uploads").path, "\(Self.files)",
            ])
        return (0..<Self.files).map { index in
            ProposedMove(
                attachment: AttachmentID(Int64(index + 1)), role: "attached",
                old: EngineSite.path("batch/\(index / 1000)/old-\(index).jpg"),
                new: EngineSite.path("batch/\(index / 1000)/new-\(index).jpg"))
        }
    }

    /// The yardstick: as many links, and the fsync of one folder, in bare calls.
    private func linkAll(_ site: EngineSite) throws -> Duration {
        let folder = site.root.appendingPathComponent("yardstick").path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false)
        let source = site.root.appendingPathComponent("uploads/" + EngineSite.names[0]).path
        let clock = ContinuousClock()
        let start = clock.now
        for index in 0..<Self.files {
            let isLinked = unsafe link(source, "\(folder)/\(index)") == 0
            try #require(isLinked)
        }
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY)
        try #require(fsync(descriptor) == 0)
        close(descriptor)
        let time = clock.now - start
        try FileManager.default.removeItem(atPath: folder)
        return time
    }
}

extension EngineSite {
    /// Every name below uploads with its content, by `find` and `sha256sum`.
    func tree() throws -> String {
        try Self.run(
            "/bin/sh",
            [
                "-c", "cd \"$0\" && find . -type f -exec sha256sum {} + | sort",
                root.appendingPathComponent("uploads").path,
            ])
    }
}
