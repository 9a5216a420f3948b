import Model
import Testing

@testable import Journal

/// What the journal says of the old names of a change set.
@Suite struct OldNameTests {
    private static let id = JournalID(milliseconds: 1_700_000_000_000, random: 7)
    private static let revert = JournalID(milliseconds: 1_700_000_000_001, random: 7)

    /// A journal with a change set of ten moves, of which the last has no file.
    private func withMoves(_ body: (JournalStore) throws -> Void) throws {
        let moves = try (0..<10).map { number in
            FileMoveRecord(
                sequence: number, attachment: AttachmentID(7), role: "attached",
                old: try MediaPath("2024/old-\(number).jpg"),
                new: try MediaPath("2024/new-\(number).jpg"),
                status: number == 9
                    ? nil
                    : FileStatus(
                        identity: FileIdentity(device: 1, inode: UInt64(number)), size: 3,
                        mode: 0o644, owner: 0, group: 0, modified: 5, links: 1),
                digest: nil)
        }
        try withJournal { journal, _ in
            for (id, moves) in [(Self.id, moves), (Self.revert, [])] {
                try journal.recordIntent(
                    ChangeSetRecord(
                        id: id, kind: moves.isEmpty ? .revert : .rename, state: .intent, created: 1,
                        incarnation: "i", prefix: "wp_", uploads: [0x2F],
                        reverts: moves.isEmpty ? Self.id : nil, keepOldUntil: 0, references: 0,
                        isLost: false),
                    moves: moves, assignments: [], directories: [], findings: [])
            }
            try body(journal)
        }
    }

    @Test("those wait that are there, are not needed, and have not been brought back")
    func waiting() throws {
        try withMoves { journal in
            #expect(try journal.waitingOldNames(of: Self.id) == Set(0..<9))
            #expect(try journal.waitingOldNames(of: Self.revert).isEmpty)
            try journal.setState(.done, of: Self.id)
            try journal.recordRetired([0, 4], directories: [], of: Self.id)
            try journal.recordKeepReason(.opaque, moves: [1], of: Self.id)
            try journal.finish(
                Self.revert,
                reverted: [(changeSet: Self.id, sequence: 8), (changeSet: Self.id, sequence: 9)],
                revertedAssignments: [], retiring: []
            ) { ChangeSetEnding(directories: []) }
            #expect(try journal.waitingOldNames(of: Self.id) == [2, 3, 5, 6, 7])
            #expect(try journal.changeSetsWithDueOldNames(at: 1).due.map(\.id) == [Self.id])
            try journal.recordRetired([2, 3, 5, 6, 7], directories: [], of: Self.id)
            #expect(try journal.changeSetsWithDueOldNames(at: 1).due.isEmpty)
        }
    }

    /// Finished change sets with three moves each, by when they were made and how long their old
    /// names are kept.
    private func withFinished(
        _ times: [(created: Int64, keepOldUntil: Int64)],
        _ body: (JournalStore, [JournalID]) throws -> Void
    ) throws {
        try withJournal { journal, _ in
            var ids: [JournalID] = []
            for (number, time) in times.enumerated() {
                let id = JournalID(milliseconds: 1_700_000_000_000 + UInt64(number), random: 7)
                ids.append(id)
                try journal.recordIntent(
                    ChangeSetRecord(
                        id: id, kind: .rename, state: .intent, created: time.created,
                        incarnation: "i", prefix: "wp_", uploads: [0x2F], reverts: nil,
                        keepOldUntil: time.keepOldUntil, references: 0, isLost: false),
                    moves: try (0..<3).map { move in
                        FileMoveRecord(
                            sequence: move, attachment: AttachmentID(7), role: "attached",
                            old: try MediaPath("old-\(number)-\(move).jpg"),
                            new: try MediaPath("new-\(number)-\(move).jpg"),
                            status: FileStatus(
                                identity: FileIdentity(device: 1, inode: 1), size: 3, mode: 0o644,
                                owner: 0, group: 0, modified: 5, links: 1), digest: nil)
                    }, assignments: [], directories: [], findings: [])
                try journal.setState(.done, of: id)
            }
            try body(journal, ids)
        }
    }

    @Test("of many change sets exactly those are due with old names that wait, oldest first")
    func waitingChangeSets() throws {
        try withFinished(Array(repeating: (created: 1, keepOldUntil: 0), count: 9)) {
            journal, ids in
            #expect(try journal.changeSetsWithDueOldNames(at: 1).due.map(\.id) == ids)
            for number in [0, 2, 3, 6] {
                try journal.recordRetired([0, 1, 2], directories: [], of: ids[number])
            }
            try journal.recordRetired([0, 2], directories: [], of: ids[4])
            try journal.setLost(true, of: ids[7])
            try journal.setState(.committed, of: ids[8])
            let told = try journal.changeSetsWithDueOldNames(at: 1)
            #expect(told.due.map(\.id) == [ids[1], ids[4], ids[5]])
            #expect(try told.due == [1, 4, 5].map { try journal.changeSet(ids[$0]) })
            #expect(told.next == nil)
        }
    }

    @Test("old names are due when their time is up, and the next time is told")
    func dueTimes() throws {
        let times: [(created: Int64, keepOldUntil: Int64)] = [
            (10, 50), (10, 40), (10, .max), (60, 60), (10, 41),
        ]
        try withFinished(times) { journal, ids in
            // A clock that was set back takes nothing longer than it was made for.
            let cases: [(now: Int64, due: [Int], next: Int64?)] = [
                (39, [3], 40), (40, [1, 3], 41), (49, [1, 3, 4], 50), (1000, [0, 1, 3, 4], nil),
            ]
            for (now, due, next) in cases {
                let told = try journal.changeSetsWithDueOldNames(at: now)
                #expect(told.due.map(\.id) == due.map { ids[$0] })
                #expect(told.next == next)
            }
        }
    }

    @Test("the newest change set, and how many are finished and not lost, by database")
    func tally() throws {
        try withJournal { journal, _ in
            let newest = try journal.newestChangeSet()
            #expect(newest == nil)
            #expect(try journal.committedTally(of: "i") == CommitTally())
        }
        try withFinished(Array(repeating: (created: 1, keepOldUntil: 0), count: 5)) {
            journal, ids in
            #expect(try journal.newestChangeSet() == ids[4])
            #expect(try journal.committedTally(of: "i") == CommitTally(count: 5, newest: ids[4]))
            #expect(try journal.committedTally(of: "another") == CommitTally())
            try journal.setState(.committed, of: ids[4])
            try journal.setLost(true, of: ids[0])
            #expect(try journal.committedTally(of: "i") == CommitTally(count: 3, newest: ids[3]))
            #expect(try journal.newestChangeSet() == ids[4])
        }
    }

    @Test("those that were retired as a change set ended do not wait, those that were kept do")
    func ending() throws {
        try withMoves { journal in
            try journal.finish(
                Self.id, reverted: [], revertedAssignments: [], retiring: [0, 1, 2, 5]
            ) { () throws(MonikerError) in
                // Nothing is told before it has happened.
                #expect(try journal.waitingOldNames(of: Self.id) == Set(0..<9))
                return ChangeSetEnding(directories: [], kept: [1, 5])
            }
            #expect(try journal.waitingOldNames(of: Self.id) == [1, 3, 4, 5, 6, 7, 8])
            #expect(try journal.unfinished().map(\.id) == [Self.revert])
        }
    }

    @Test("nothing is written of an end that failed")
    func failedEnding() throws {
        try withMoves { journal in
            let error = try #require(throws: MonikerError.self) {
                try journal.finish(
                    Self.revert, reverted: [(changeSet: Self.id, sequence: 3)],
                    revertedAssignments: [], retiring: []
                ) { () throws(MonikerError) in throw MonikerError(.diskFull, "full") }
            }
            #expect(error.code == .diskFull)
            #expect(try journal.waitingOldNames(of: Self.id) == Set(0..<9))
            #expect(try journal.unfinished().count == 2)
        }
    }

    @Test("those that a revert brought back are told with it")
    func broughtBack() throws {
        try withMoves { journal in
            #expect(try journal.oldNamesBroughtBack(of: Self.id).isEmpty)
            try journal.finish(
                Self.revert,
                reverted: [(changeSet: Self.id, sequence: 3), (changeSet: Self.id, sequence: 9)],
                revertedAssignments: [], retiring: []
            ) { ChangeSetEnding(directories: []) }
            let names = try journal.oldNamesBroughtBack(of: Self.id)
            #expect(names.map(\.old.description) == ["2024/old-3.jpg", "2024/old-9.jpg"])
            #expect(names.allSatisfy { $0.revert == Self.revert })
        }
    }
}
