import Engine
import Files
import Foundation
import Journal
import Model
import SiteDatabase
import TestSupport
import Testing

/// Texts of attachments as change sets, on real files and SQLite.
@Suite("Texts in change sets", .serialized) struct AssignmentTests {
    private static let alt = Array("_wp_attachment_image_alt".utf8)

    /// A site whose attachment 7 has a post row and two rows of metadata, none of them an alt.
    private func site() throws -> EngineSite {
        let site = try EngineSite()
        try site.sql(
            """
            CREATE TABLE wp_media (ID INTEGER PRIMARY KEY, post_title TEXT, post_excerpt TEXT,
                post_content TEXT);
            CREATE TABLE wp_postmeta (meta_id INTEGER PRIMARY KEY AUTOINCREMENT, post_id INTEGER,
                meta_key TEXT, meta_value TEXT);
            INSERT INTO wp_media VALUES (7, 'IMG_1', '', 'Träume – 日本'), (8, 'other', 'x', 'y');
            INSERT INTO wp_postmeta VALUES (3, 7, '_other', 'a'), (5, 8, '_wp_attachment_image_alt', 'eight');
            """)
        return site
    }

    /// Every row, by the sqlite3 shell, and every file.
    private func rows(_ site: EngineSite) throws -> String {
        try site.snapshot()
            + EngineSite.run(
                "/usr/bin/sqlite3",
                [
                    site.root.appendingPathComponent("site.sqlite").path,
                    "SELECT ID, quote(post_title), quote(post_excerpt), quote(post_content) FROM wp_media; SELECT meta_id, post_id, quote(meta_key), quote(meta_value) FROM wp_postmeta;",
                ])
    }

    private func set(
        _ column: String, _ before: String, _ after: String, of id: Int64 = 7,
        field: MetadataField = .title
    ) -> CellAssignment {
        CellAssignment(
            attachment: AttachmentID(id), field: field,
            source: .model(provider: "anthropic", model: "some-model"),
            action: .set(
                CellAddress(
                    table: "wp_media",
                    key: RowKey(
                        parts: [RowKey.Part(column: "ID", value: .integer(id))], isPrimary: true),
                    column: column), before: .string(before), after: .string(after)))
    }

    private func insertAlt(_ text: String, of id: Int64 = 7) -> CellAssignment {
        CellAssignment(
            attachment: AttachmentID(id), field: .alt, source: .human,
            action: .insert(
                table: "wp_postmeta", column: "meta_value",
                row: RowKey(
                    parts: [
                        RowKey.Part(column: "post_id", value: .integer(id)),
                        RowKey.Part(column: "meta_key", value: .text(Self.alt)),
                        RowKey.Part(column: "meta_value", value: .string(text)),
                    ], isPrimary: false)))
    }

    private func plan(
        _ site: EngineSite, _ texts: [CellAssignment], to name: String? = nil,
        oldNames: OldNamePolicy = .none
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
                textFiles: moves == nil ? [] : [EngineSite.css], oldNames: oldNames))
    }

    private func revert(
        _ site: EngineSite, _ id: JournalID, only: Set<AttachmentID>? = nil,
        with engine: Engine? = nil
    ) throws -> ChangeOutcome {
        let revert = try RevertProposer(ports: site.ports()).proposal(reverting: id, only: only)
        let plan = try Planner(ports: site.ports(), scope: EngineSite.scope).plan(
            ChangeProposal(
                kind: .revert, moves: revert.moves, assignments: revert.assignments,
                policy: EverythingPolicy(), textFiles: revert.moves.isEmpty ? [] : [EngineSite.css],
                oldNames: .none, findings: revert.findings, undoing: revert.undoing))
        return try (engine ?? site.engine()).apply(plan)
    }

    private var texts: [CellAssignment] {
        [
            set("post_title", "IMG_1", "A red bike"), insertAlt("A red bike leans on a wall"),
            set(
                "post_content", "Träume – 日本",
                "<a href=\"/wp-content/uploads/2024/05/IMG_1.jpg\">große</a> 😀",
                field: .description),
        ]
    }

    @Test("texts alone: written, taken back, taken back again, byte for byte")
    func roundTrips() throws {
        let site = try site()
        let before = try rows(site)
        let outcome = try site.engine().apply(try plan(site, texts))
        #expect(outcome.cells == 3 && outcome.files == 0 && outcome.attachments == 1)
        let after = try rows(site)
        #expect(after.contains("7|'A red bike'|''|"))
        #expect(after.contains("6|7|'_wp_attachment_image_alt'|'A red bike leans on a wall'"))
        #expect(after.contains("/IMG_1.jpg\">große</a> 😀'"))

        let reverted = try revert(site, outcome.id)
        #expect(reverted.cells == 3)
        #expect(try rows(site) == before)
        #expect(
            try site.journal.assignments(of: outcome.id).allSatisfy {
                $0.revertedBy == reverted.id
            })
        let again = try revert(site, reverted.id)
        #expect(try rows(site) == after, "the row has its number again")
        #expect(try site.journal.assignments(of: outcome.id).allSatisfy { $0.revertedBy == nil })
        _ = try revert(site, again.id)
        #expect(try rows(site) == before)
        #expect(throws: MonikerError.self) { try revert(site, outcome.id) }
    }

    @Test("texts and a rename are one change set; the new name is in the text")
    func withRename() throws {
        let site = try site()
        let before = try rows(site)
        let outcome = try site.engine().apply(try plan(site, texts, to: "red-bike"))
        let after = try rows(site)
        #expect(after.contains("/red-bike.jpg\">große</a> 😀'"))
        #expect(!after.contains("IMG_1"))
        #expect(outcome.references == 5 && outcome.cells == 8 && outcome.files == 2)
        #expect(try site.journal.changeSets().count == 1)
        _ = try revert(site, outcome.id)
        #expect(try rows(site) == before)
        #expect(
            try site.engine().verify(
                policy: EverythingPolicy(), readingData: true, repairing: false
            ).filter { !$0.isInformation }.isEmpty)
    }

    @Test("every text in a transaction of its own, killed after each effect: all or nothing")
    func killedAnywhere() throws {
        var limit = 0
        var finished = false
        while !finished {
            let site = try site()
            let before = try rows(site)
            let interruption = Interruption(after: limit)
            var isKilled = false
            do {
                let engine = Engine(
                    ports: site.ports(interruption), scope: EngineSite.scope,
                    partLimit: PartLimit(rows: 1, bytes: .max))
                _ = try engine.apply(try plan(site, texts, to: "red-bike"))
                finished = true
            } catch let error as MonikerError {
                #expect(Interruption.caused(error), "\(error)")
                isKilled = true
            }
            _ = try site.recover()
            #expect(try site.recover().isEmpty)
            let state = try rows(site)
            if state != before {
                #expect(!state.contains("IMG_1"), "killed after \(limit): a mix")
                #expect(state.contains("'A red bike leans on a wall'"), "killed after \(limit)")
                let id = try #require(try site.journal.changeSets().first).id
                #expect(
                    try site.journal.assignmentEdits(of: id).compactMap(\.assignment) == [0, 1, 2])
                _ = try revert(site, id)
                #expect(try rows(site) == before, "killed after \(limit)")
            } else {
                #expect(isKilled)
            }
            limit += 1
        }
        #expect(limit > 25)
    }

    @Test("a text that somebody changed meanwhile stays; the rest and the name go on")
    func conflicts() throws {
        let site = try site()
        let plan = try plan(site, texts, to: "red-bike")
        try site.sql(
            """
            UPDATE wp_media SET post_title = 'Mine' WHERE ID = 7;
            INSERT INTO wp_postmeta (post_id, meta_key, meta_value)
                VALUES (7, '_wp_attachment_image_alt', 'mine, too');
            """)
        let outcome = try site.engine().apply(plan)
        let conflicts = outcome.findings.filter { $0.kind == .conflict }
        #expect(conflicts.map(\.reason) == ["changed-meanwhile", "changed-meanwhile"])
        #expect(conflicts.map(\.attachment) == [AttachmentID(7), AttachmentID(7)])
        let after = try rows(site)
        #expect(after.contains("7|'Mine'|"))
        #expect(after.contains("'mine, too'") && !after.contains("leans"))
        #expect(after.contains("/red-bike.jpg\">große</a>"))
        _ = try revert(site, outcome.id)
        let reverted = try rows(site)
        #expect(reverted.contains("7|'Mine'|''|'Träume – 日本'") && reverted.contains("'mine, too'"))
    }

    @Test("a text that somebody edited since is not taken back, and says so")
    func editedSince() throws {
        let site = try site()
        let outcome = try site.engine().apply(try plan(site, texts))
        try site.sql("UPDATE wp_media SET post_title = post_title || '!' WHERE ID = 7")
        let reverted = try revert(site, outcome.id)
        #expect(
            reverted.findings.map { "\($0.kind) \($0.reason) \($0.detail)" } == [
                "conflict changed-meanwhile title"
            ])
        let after = try rows(site)
        #expect(after.contains("'A red bike!'") && !after.contains("image_alt'|'A red"))
        let standing = try site.journal.assignments(of: outcome.id).filter { $0.revertedBy == nil }
        #expect(standing.map(\.field) == [.title])
        let error = #expect(throws: MonikerError.self) { try revert(site, outcome.id) }
        #expect(error?.code.rawValue == "changed-meanwhile")
    }

    @Test("one attachment of several, then the rest; and only its texts")
    func partly() throws {
        let site = try site()
        let before = try rows(site)
        var all = texts
        all.append(set("post_title", "other", "Eight", of: 8))
        let outcome = try site.engine().apply(try plan(site, all, to: "red-bike"))
        _ = try revert(site, outcome.id, only: [AttachmentID(8)])
        let partly = try rows(site)
        #expect(partly.contains("8|'other'|") && partly.contains("'A red bike'"))
        let error = #expect(throws: MonikerError.self) {
            try revert(site, outcome.id, only: [AttachmentID(8)])
        }
        #expect(error?.code == .alreadyReverted)
        #expect(
            #expect(throws: MonikerError.self) {
                try revert(site, outcome.id, only: [AttachmentID(9)])
            }?.code == .unknownAttachment)
        _ = try revert(site, outcome.id)
        #expect(try rows(site) == before)
    }

    @Test("a chain is taken back from its beginning, through a rename in between")
    func chain() throws {
        let site = try site()
        let first = try site.engine().apply(try plan(site, texts))
        _ = try site.rename(from: "IMG_1", to: "red-bike")
        let second = try site.engine().apply(
            try plan(
                site, [set("post_title", "A red bike", "Another title", field: .title)]))
        let reverted = try revert(site, first.id)
        let after = try rows(site)
        #expect(after.contains("7|'IMG_1'|''|'Träume – 日本'"))
        #expect(
            try site.journal.assignments(of: second.id).map(\.revertedBy) == [reverted.id])
        _ = try revert(site, reverted.id)
        let again = try rows(site)
        #expect(again.contains("7|'Another title'|") && again.contains("/red-bike.jpg\">große"))
        #expect(try site.journal.assignments(of: second.id).map(\.revertedBy) == [nil])
    }

    @Test("a text that comes back names files as they are called today")
    func comesBackAfterRename() throws {
        let site = try site()
        let first = try site.engine().apply(try plan(site, [texts[2]]))
        let second = try site.engine().apply(
            try plan(
                site,
                [
                    set(
                        "post_content",
                        "<a href=\"/wp-content/uploads/2024/05/IMG_1.jpg\">große</a> 😀", "none",
                        field: .description)
                ]))
        let renamed = try site.rename(from: "IMG_1", to: "red-bike")
        _ = try revert(site, second.id)
        #expect(try rows(site).contains("/red-bike.jpg\">große</a> 😀'"))
        _ = try revert(site, renamed.id)
        #expect(try rows(site).contains("/IMG_1.jpg\">große</a> 😀'"))
        _ = try revert(site, first.id)
        #expect(try rows(site).contains("'Träume – 日本'"))
    }

    @Test("a new name that is an old one as well: a text that was written is not rewritten again")
    func onlyOnce() throws {
        let site = try site()
        // The second file is listed and not on disk.
        let names = [("IMG_1", "red-bike", 7), ("red-bike", "blue-boat", 8)]
        let plan = try Planner(ports: site.ports(), scope: EngineSite.scope).plan(
            ChangeProposal(
                kind: .generate,
                moves: names.map { old, new, id in
                    ProposedMove(
                        attachment: AttachmentID(Int64(id)), role: "attached",
                        old: EngineSite.path("2024/05/\(old).jpg"),
                        new: EngineSite.path("2024/05/\(new).jpg"))
                }, assignments: texts, policy: EverythingPolicy(), textFiles: [EngineSite.css],
                oldNames: .none))
        let outcome = try site.engine().apply(plan)
        let after = try rows(site)
        #expect(after.contains("/red-bike.jpg\">große</a> 😀'"))
        #expect(!after.contains("blue-boat"))
        _ = try revert(site, outcome.id)
        let last = try rows(site)
        #expect(last.contains("7|'IMG_1'|''|'Träume – 日本'") && !last.contains("red-bike"))
    }

    @Test(
        "a lost journal is rebuilt with its texts, before and after a revert, and what a crash left"
    )
    func rebuilt() throws {
        let site = try site()
        let before = try rows(site)
        let outcome = try site.engine().apply(try plan(site, texts, to: "red-bike"))
        func rebuild() throws {
            let known = try site.journalRows()
            #expect(known.contains("some-model"))
            try site.loseJournal()
            #expect(try JournalStore.rebuild(path: site.journalPath) != nil)
            #expect(try site.journalRows() == known)
            try site.openJournal()
        }
        try rebuild()
        let reverted = try revert(site, outcome.id)
        try rebuild()
        #expect(try rows(site) == before)
        _ = try revert(site, reverted.id)
        try rebuild()
        _ = try revert(site, outcome.id)
        #expect(try rows(site) == before)
    }
}
