import Foundation
import HTTPClient
import Inventory
import Model
import RemoteSite
import Testing

@Suite("Writing to a site that fails") struct WritingTests {
    private static let loss = #"{"on": "GET /wp-json/wp/v2/media/1?", "drops": true}"#

    @Test(
        "What a killed or cut-off process left is resolved by what the site holds",
        arguments: [
            // Sent and done, and then nothing is heard.
            (#"{"on": "POST", "acts": true, "drops": true, "times": 1}"#, "written"),
            // Sent and not done.
            (#"{"on": "POST", "drops": true, "times": 1}"#, "not-written"),
            // Not done, and then a person wrote.
            (
                #"{"on": "POST", "drops": true, "times": 1, "then": [{"id": 1, "alt_text": "Mine"}]}"#,
                "uncertain"
            ),
        ])
    func crash(post: String, outcome: String) async throws {
        // The first reading works; every later one does not.
        let site = try await StubSite(
            #"[\#(post), {"on": "GET /wp-json/wp/v2/media/1?", "skip": 1, "drops": true}]"#)
        let remote = try await site.connect()
        let report = try await remote.write([
            change(1, [.alt: "New"]), change(2, [.alt: "New"]),
        ])
        #expect(report.changes.map(\.state) == [.pending])
        #expect(report.failure?.code == .networkFailed)
        #expect(report.notReached == [AttachmentID(2)])
        let set = try #require(report.changeSet)
        #expect(try remote.changes(of: set).map(\.state) == [.pending])

        try await site.load("[]", images: 3)
        // The rules' reset made the images new as well: what was done is done again.
        if outcome == "written" { try await write(site, "alt_text=New") }
        if outcome == "uncertain" { try await write(site, "alt_text=Mine") }
        let next = try await site.connect()
        let resolved = try await next.recover()
        #expect(resolved.map(\.state.rawValue) == [outcome])
        #expect(try await next.recover().isEmpty)
        #expect(try next.changes(of: set).map(\.state.rawValue) == [outcome])
        if outcome == "written" {
            #expect(try await next.revert(set).count(.written) == 1)
            #expect(try await next.image(AttachmentID(1)).item.texts[.alt] == "")
        } else {
            #expect(try await failure { try await next.revert(set) }.code == .notApplied)
        }
    }

    private func write(_ site: StubSite, _ form: String) async throws {
        let basic = Data("editor:\(StubSite.password)".utf8).base64EncodedString()
        let answer = try await site.client.send(
            HTTPRequest(
                "POST", site.url + "/wp-json/wp/v2/media/1",
                fields: [HTTPRequest.Field("Authorization", "Basic " + basic)],
                body: Array(form.utf8)))
        try #require(answer.status == 200)
    }

    @Test("An answer that was lost is no failure where the site did it")
    func lostAnswer() async throws {
        let site = try await StubSite(#"[{"on": "POST", "acts": true, "drops": true, "times": 1}]"#)
        let remote = try await site.connect()
        let report = try await remote.write([change(1, [.alt: "New"]), change(2, [.alt: "New"])])
        #expect(report.changes.map(\.state) == [.written, .written])
        #expect(report.failure == nil)
        #expect(try await site.writes().count == 2)
    }

    @Test("A write that was refused for a while is compared again before it is repeated")
    func busyWrite() async throws {
        let site = try await StubSite(
            """
            [{"on": "POST /wp-json/wp/v2/media/1", "times": 2, "status": 503,
              "headers": {"Retry-After": "2"}},
             {"on": "POST /wp-json/wp/v2/media/2", "times": 1, "status": 503,
              "then": [{"id": 2, "alt_text": "Mine"}]},
             {"on": "POST /wp-json/wp/v2/media/3", "status": 429, "headers": {"Retry-After": "999"}}]
            """)
        let remote = try await site.connect()
        let report = try await remote.write((1...3).map { change($0, [.alt: "New"]) })
        #expect(report.changes.map(\.state) == [.written, .uncertain, .notWritten])
        #expect(report.changes[1].stored == "Mine")
        #expect(report.changes[2].failure?.code == "rate-limited")
        #expect(report.failure == nil || report.failure?.code == .rateLimited)
        #expect(site.clock.waits == [.seconds(2), .seconds(2), .seconds(1)])
        #expect(try await site.writes().count == 5)
    }

    @Test("A firewall that refuses one text ends nothing; three in a row end it")
    func firewall() async throws {
        let rule = #""status": 406, "body": "<html><title>Not Acceptable!""#
        let site = try await StubSite(
            """
            [{"on": "POST /wp-json/wp/v2/media/1", \(rule)},
             {"on": "POST /wp-json/wp/v2/media/3", \(rule)},
             {"on": "POST /wp-json/wp/v2/media/4", \(rule)},
             {"on": "POST /wp-json/wp/v2/media/5", \(rule)}]
            """, images: 6)
        let remote = try await site.connect()
        let report = try await remote.write((1...6).map { change($0, [.alt: "New"]) })
        #expect(
            report.changes.map(\.state)
                == [.notWritten, .written, .notWritten, .notWritten, .notWritten])
        #expect(report.failure?.code == .restBlocked)
        #expect(report.notReached == [AttachmentID(6)])
    }

    @Test("Who writes right after is not taken for what the site made of the text")
    func writtenOver() async throws {
        let site = try await StubSite(
            """
            [{"on": "GET /wp-json/wp/v2/media/1?", "skip": 1, "times": 1,
              "then": [{"id": 1, "alt_text": "Mine"}]}]
            """)
        let remote = try await site.connect()
        let report = try await remote.write([change(1, [.alt: "New"])])
        #expect(report.changes.map(\.state) == [.conflict])
        #expect(report.changes[0].stored == "Mine")
        let set = try #require(report.changeSet)
        #expect(try await failure { try await remote.revert(set) }.code == .notApplied)
    }

    @Test("A list that changes while it is read is read again")
    func movingList() async throws {
        let site = try await StubSite(
            #"[{"on": "GET /wp-json/wp/v2/media?", "skip": 1, "times": 1, "gone": [1]}]"#, images: 5
        )
        var settings = try site.settings()
        settings.pageSize = 2
        let remote = try await RemoteSite.connect(
            settings, home: site.home.path, client: site.client, clock: site.clock)
        #expect(try await remote.images().map(\.item.id) == [2, 3, 4, 5])
    }

    @Test("One process at a time writes; another site's history is not this one's")
    func homes() async throws {
        let site = try await StubSite()
        let other = try await StubSite()
        let remote = try await site.connect()
        let set = try #require(try await remote.write([change(1, [.alt: "New"])]).changeSet)
        let foreign = try await RemoteSite.connect(
            try other.settings(), home: site.home.path, client: other.client)
        #expect(try foreign.history().isEmpty)
        #expect(try await failure { try await foreign.revert(set) }.code == .foreignJournal)
        let unknown = RemoteChangeID(milliseconds: 1, random: 1)
        #expect(try await failure { try await remote.revert(unknown) }.code == .unknownJournal)
        #expect(RemoteChangeID("r" + set.description.dropFirst().lowercased()) == set)
        #expect(RemoteChangeID("J" + set.description.dropFirst()) == nil)

        let lock = unsafe open(site.home.path + "/remote.lock", O_RDWR)
        defer { close(lock) }
        #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
        #expect(try await failure { try await remote.write([]) }.code == .busy)
    }

    @Test("Cancelling ends after the attachment that is being written")
    func cancelling() async throws {
        let site = try await StubSite(images: 3)
        let remote = try await site.connect()
        let task = Task {
            try await remote.write((1...3).map { change($0, [.alt: "New"]) }) { done, _ in
                if done == 1 { unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } }
            }
        }
        let report = try await task.value
        #expect(report.changes.map(\.state) == [.written])
        #expect(report.failure?.code == .cancelled)
        #expect(report.notReached == [AttachmentID(2), AttachmentID(3)])
    }

    @Test("Provenance is kept")
    func provenance() async throws {
        let site = try await StubSite()
        let remote = try await site.connect()
        let model = TextSource.model(provider: "offline", model: "offline")
        let report = try await remote.write([
            change(1, [.alt: "A"], source: model), change(2, [.alt: "B"]),
        ])
        let set = try #require(report.changeSet)
        #expect(try remote.changes(of: set).map(\.source) == [model, .human])
        let taken = try #require(
            try await remote.revert(set, only: [AttachmentID(1)]).changeSet)
        #expect(try remote.changes(of: taken).map(\.source) == [nil])
        #expect(try remote.changes(of: set).map(\.revertedBy) == [taken, nil])
        let sets = try remote.history()
        #expect(sets.map(\.id) == [taken, set] && sets[0].reverts == set && sets[1].reverted == 1)
    }
}
