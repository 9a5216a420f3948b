import Engine
import Foundation
import Journal
import Model
import SiteDatabase
import TestSupport
import Testing

/// Text alternatives in the contents of posts, beside those of the images: SQLite and real files.
@Suite("Contents in change sets", .serialized) struct ContentAssignmentTests {
    private static let before =
        "<img class=\"wp-image-7\" src=\"/wp-content/uploads/2024/05/IMG_1.jpg\"> wp-image-8"
    private static let after = before + " seven eight"

    /// A site with the texts of two images, a post that shows both and one that shows the first.
    private func site() throws -> EngineSite {
        let site = try EngineSite()
        try site.sql(
            """
            CREATE TABLE wp_media (ID INTEGER PRIMARY KEY, title TEXT);
            CREATE TABLE wp_texts (ID INTEGER PRIMARY KEY, post_content TEXT);
            INSERT INTO wp_media VALUES (7, 'seven'), (8, 'eight');
            INSERT INTO wp_texts VALUES (1, '\(Self.before)'), (2, 'of seven');
            """)
        return site
    }

    private func rows(_ site: EngineSite) throws -> String {
        try site.snapshot() + texts(site)
    }

    private func texts(_ site: EngineSite) throws -> String {
        try EngineSite.run(
            "/usr/bin/sqlite3",
            [
                site.root.appendingPathComponent("site.sqlite").path,
                "SELECT ID, quote(title) FROM wp_media; SELECT ID, quote(post_content) FROM wp_texts;",
            ])
    }

    private func set(
        _ table: String, _ column: String, _ row: Int64, _ before: String, _ after: String,
        of ids: [Int64], isContent: Bool = false
    ) -> CellAssignment {
        CellAssignment(
            attachment: AttachmentID(ids[0]), field: .alt, source: .human,
            action: .set(
                CellAddress(
                    table: table,
                    key: RowKey(
                        parts: [RowKey.Part(column: "ID", value: .integer(row))], isPrimary: true),
                    column: column), before: .string(before), after: .string(after)),
            shown: isContent ? ids.map { AttachmentID($0) } : [])
    }

    private func alt(_ id: Int64, _ before: String, _ after: String) -> CellAssignment {
        set("wp_media", "title", id, before, after, of: [id])
    }

    private func content(
        _ row: Int64, _ before: String, _ after: String, of ids: [Int64]
    ) -> CellAssignment {
        set("wp_texts", "post_content", row, before, after, of: ids, isContent: true)
    }

    private var assignments: [CellAssignment] {
        [
            alt(7, "seven", "SEVEN"), content(1, Self.before, Self.after, of: [7, 8]),
            content(2, "of seven", "of SEVEN", of: [7]), alt(8, "eight", "EIGHT"),
        ]
    }

    private func plan(
        _ site: EngineSite, _ texts: [CellAssignment], to name: String? = nil
    ) throws -> ChangePlan {
        let moves = name.map { name in
            ["", "-300x200"].map {
                ProposedMove(
                    attachment: AttachmentID(7), role: "attached",
                    old: EngineSite.path("2024/05/IMG_1\($0).jpg"),
                    new: EngineSite.path("2024/05/\(name)\($0).jpg"))
            }
        }
        return try Planner(ports: site.ports(), scope: EngineSite.scope).plan(
            ChangeProposal(
                kind: .generate, moves: moves ?? [], assignments: texts, policy: EverythingPolicy(),
                textFiles: moves == nil ? [] : [EngineSite.css], oldNames: .none))
    }

    private func revert(
        _ site: EngineSite, _ id: JournalID, only: Set<AttachmentID>? = nil
    ) throws -> ChangeOutcome {
        let revert = try RevertProposer(ports: site.ports()).proposal(reverting: id, only: only)
        return try site.engine().apply(
            try Planner(ports: site.ports(), scope: EngineSite.scope).plan(
                ChangeProposal(
                    kind: .revert, moves: revert.moves, assignments: revert.assignments,
                    policy: EverythingPolicy(),
                    textFiles: revert.moves.isEmpty ? [] : [EngineSite.css], oldNames: .none,
                    findings: revert.findings, undoing: revert.undoing)))
    }

    private func reasons(_ outcome: ChangeOutcome) -> [String] {
        outcome.findings.map { "\($0.reason) \($0.address?.key.parts[0].value.integer ?? 0)" }
    }

    @Test("with a rename: the new name is in it, written once; back byte for byte, and again")
    func roundTrips() throws {
        let site = try site()
        let before = try rows(site)
        let outcome = try site.engine().apply(try plan(site, assignments, to: "red-bike"))
        let after = try rows(site)
        #expect(outcome.attachments == 2)
        #expect(after.contains("/red-bike.jpg\"> wp-image-8 seven eight'"))
        #expect(!after.contains("IMG_1"))
        let cells = try site.journal.cellEdits(of: outcome.id).filter {
            $0.address.table == "wp_texts"
        }
        #expect(cells.count == 2, "the pass does not touch them")
        #expect(
            try site.journal.assignments(of: outcome.id).map(\.shown.count) == [0, 2, 1, 0])

        let reverted = try revert(site, outcome.id)
        #expect(reverted.findings.isEmpty)
        #expect(try rows(site) == before)
        let written = try site.journal.assignments(of: outcome.id)
        #expect(written.allSatisfy { $0.revertedBy == reverted.id })
        let again = try revert(site, reverted.id)
        #expect(try rows(site) == after)
        #expect(try site.journal.assignments(of: outcome.id).allSatisfy { $0.revertedBy == nil })
        _ = try revert(site, again.id)
        #expect(try rows(site) == before)
        #expect(
            try site.engine().verify(
                policy: EverythingPolicy(), readingData: true, repairing: false
            ).filter { !$0.isInformation }.isEmpty)
    }

    @Test("a lost journal is rebuilt with them")
    func rebuilt() throws {
        let site = try site()
        let before = try rows(site)
        let outcome = try site.engine().apply(try plan(site, assignments, to: "red-bike"))
        let known = try site.journalRows()
        try site.loseJournal()
        #expect(try JournalStore.rebuild(path: site.journalPath) != nil)
        #expect(try site.journalRows() == known)
        try site.openJournal()
        _ = try revert(site, outcome.id)
        #expect(try rows(site) == before)
    }

    @Test("a post that somebody edits meanwhile is left alone; the texts of its images are not")
    func conflict() throws {
        let site = try site()
        let plan = try plan(site, assignments)
        try site.sql("UPDATE wp_texts SET post_content = 'edited' WHERE ID = 1")
        let outcome = try site.engine().apply(plan)
        #expect(reasons(outcome) == ["changed-meanwhile 1"])
        #expect(
            try texts(site) == "7|'SEVEN'\n8|'EIGHT'\n1|'edited'\n2|'of SEVEN'\n")
    }

    @Test("the text of an image that somebody edits meanwhile does not hold back the post")
    func otherConflict() throws {
        let site = try site()
        let plan = try plan(site, assignments)
        try site.sql("UPDATE wp_media SET title = 'mine' WHERE ID = 7")
        #expect(reasons(try site.engine().apply(plan)) == ["changed-meanwhile 7"])
        #expect(try texts(site).contains("2|'of SEVEN'"))
    }

    @Test("a post that somebody edited since stays, and counts as standing")
    func editedSince() throws {
        let site = try site()
        let outcome = try site.engine().apply(try plan(site, assignments))
        try site.sql("UPDATE wp_texts SET post_content = post_content || '!' WHERE ID = 1")
        let reverted = try revert(site, outcome.id)
        #expect(reasons(reverted) == ["changed-meanwhile 1"])
        #expect(
            try texts(site) == "7|'seven'\n8|'eight'\n1|'\(Self.after)!'\n2|'of seven'\n")
        #expect(
            try site.journal.assignments(of: outcome.id).filter { $0.revertedBy == nil }
                .map(\.sequence) == [1])
    }

    @Test("one image of several: its posts come back once all their images do")
    func partly() throws {
        let site = try site()
        let before = try rows(site)
        let outcome = try site.engine().apply(try plan(site, assignments, to: "red-bike"))
        let first = try revert(site, outcome.id, only: [AttachmentID(7)])
        #expect(reasons(first) == ["shows-others 1"])
        let half = try texts(site)
        #expect(half.contains("7|'seven'\n8|'EIGHT'") && half.contains("2|'of seven'"))
        #expect(half.contains("IMG_1.jpg\"> wp-image-8 seven eight'"), "only its name is back")
        let error = #expect(throws: MonikerError.self) {
            try revert(site, outcome.id, only: [AttachmentID(7)])
        }
        #expect(error?.code.rawValue == "shows-others")
        let second = try revert(site, outcome.id, only: [AttachmentID(8)])
        #expect(second.findings.isEmpty)
        #expect(try rows(site) == before)
    }

    @Test("a later text of another image in the same post is not lost; one of the same is")
    func later() throws {
        let site = try site()
        let first = try site.engine().apply(
            try plan(site, [content(2, "of seven", "of SEVEN", of: [7]), alt(7, "seven", "7")]))
        let second = try site.engine().apply(
            try plan(site, [content(2, "of SEVEN", "of SEVEN and EIGHT", of: [8])]))
        #expect(reasons(try revert(site, first.id)) == ["changed-meanwhile 2"])
        #expect(try texts(site).contains("2|'of SEVEN and EIGHT'"))
        _ = try revert(site, second.id)
        _ = try revert(site, first.id)
        #expect(try texts(site).contains("2|'of seven'"))

        let third = try site.engine().apply(
            try plan(site, [content(2, "of seven", "a", of: [7, 8])]))
        let fourth = try site.engine().apply(try plan(site, [content(2, "a", "b", of: [8])]))
        let reverted = try revert(site, third.id)
        #expect(try texts(site).contains("2|'of seven'"))
        #expect(
            try site.journal.assignments(of: fourth.id).map(\.revertedBy) == [reverted.id])
    }
}
