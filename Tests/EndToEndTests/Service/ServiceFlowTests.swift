import Foundation
import Testing

extension EndToEnd {
    @Suite("serve, from picture to words and back") struct ServiceFlowTests {
        /// The whole events of a stream, in order: what stands between two empty lines.
        private func events(_ text: String) -> [String] {
            let blocks = text.replacing("\r\n", with: "\n").components(separatedBy: "\n\n")
            // What comes after the last empty line is an event that has not arrived whole.
            return blocks.dropLast().filter { $0.hasPrefix("id: ") }
        }

        private func id(of event: String) throws -> Int {
            try #require(Int(event.split(separator: "\n")[0].dropFirst(4)))
        }

        private func kind(of event: String) -> String {
            String(event.split(separator: "\n")[1].dropFirst(7))
        }

        /// The job that the last event tells of.
        private func job(in event: String) throws -> [String: Any] {
            let data = event.split(separator: "\n")[2].dropFirst(6)
            return try #require(
                try JSONSerialization.jsonObject(with: Data(data.utf8)) as? [String: Any])
        }

        @Test(
            "Generate ALL + SEO filename offline: its events can be heard in two parts, and its journal id takes every byte back",
            arguments: Engine.allCases)
        func everything(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                let before = try site.snapshot()
                let token = try RunningService.token(site, "write").token
                let service = try RunningService(site, ["--provider", "offline"])
                let queued = try service.ask(
                    "POST", "/v1/jobs", token: token,
                    body:
                        #"{"kind":"metadata-and-filename","options":{"keep_old":"none"}}"#
                )
                #expect(queued.status == 202, "\(queued.body)")
                let job = try #require(try queued.json["id"] as? String)
                let address = "/v1/jobs/\(job)/events"

                // A listener that loses its connection after the first event.
                let listener = try RunningCommand(
                    "curl", service.curl("GET", address, token: token) + ["--no-buffer"])
                try listener.waitForOutput("event: progress")
                listener.killAtOnce()
                let heard = events(
                    try listener.finish().output.components(
                        separatedBy: "retry: 1000"
                    ).last ?? "")
                let last = try heard.last.map(id) ?? 0
                let rest = events(
                    try service.ask(
                        "GET", address, token: token, headers: ["Last-Event-ID: \(last)"]
                    ).body)
                let all = events(try service.ask("GET", address, token: token).body)
                #expect(Set(heard + rest) == Set(all))
                #expect(heard.count + rest.count == all.count, "nothing lost, nothing twice")
                let ids = try all.map(id)
                #expect(ids == ids.sorted())
                #expect(Set(ids).count == ids.count)
                #expect(all.filter { kind(of: $0) == "end" } == [all[all.count - 1]])
                #expect(all.contains { kind(of: $0) == "item" })

                let ended = try self.job(in: all[all.count - 1])
                let state = try #require(ended["state"] as? String)
                #expect(["done", "partial"].contains(state), "\(ended)")
                let shown = try service.ask("GET", "/v1/jobs/\(job)", token: token).json
                #expect(shown["state"] as? String == state)
                #expect(shown["done"] as? Int == shown["total"] as? Int)
                let items = try #require(shown["items"] as? [String: Int])
                #expect((items["applied"] ?? 0) > 0, "\(items)")
                let journal = try #require(shown["journal"] as? String)

                // What it has changed is whole: no reference leads nowhere.
                #expect(try site.snapshot() != before)
                #expect(try site.moniker(["verify"]).status == 0)
                try site.expectWordPressIsContent()

                let planned = try service.ask(
                    "POST", "/v1/journal/\(journal)/revert", token: token,
                    body: #"{"dry_run":true}"#)
                let hash = try #require(try planned.json["plan_hash"] as? String)
                let stale = try service.ask(
                    "POST", "/v1/journal/\(journal)/revert", token: token,
                    body: "{\"expected_plan\":\"\(String(hash.reversed()))\"}")
                #expect(stale.status == 409)
                #expect(try stale.code == "stale-plan")
                let revert = try service.ask(
                    "POST", "/v1/journal/\(journal)/revert", token: token,
                    body: "{\"expected_plan\":\"\(hash)\"}")
                #expect(revert.status == 200, "\(revert.body)")
                #expect(try revert.json["reverts"] as? String == journal)
                try site.expectUnchanged(since: before, "by a job and its revert")
                try service.expectAnswersAsDescribed()
            }
        }

        private struct Texts: Decodable, Equatable {
            var alt: String
            var rows: Int
            var title: String
        }

        /// The texts of an image as WordPress reads them; on SQLite as the tables have them.
        private func texts(_ site: TestSite, _ id: Int) throws -> Texts {
            if site.engine == .mariadb {
                let said = try site.php("texts.php", ["\(id)"]).output
                return try #require(
                    try JSONDecoder().decode([String: Texts].self, from: Data(said.utf8))["\(id)"])
            }
            let rows = try site.sql(
                "SELECT meta_value FROM wp_postmeta WHERE post_id = \(id) AND meta_key = '_wp_attachment_image_alt';"
            ).split(separator: "\n")
            let title = try site.sql("SELECT post_title FROM wp_posts WHERE ID = \(id);")
            return Texts(
                alt: rows.first.map(String.init) ?? "", rows: rows.count,
                title: title.trimmingCharacters(in: .newlines))
        }

        @Test(
            "Generated texts are written, WordPress reads them, and a revert takes them back",
            arguments: Engine.allCases)
        func metadata(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                let stub = try ProviderStub()
                defer { do { try stub.end() } catch { Issue.record(error) } }
                let token = try RunningService.token(site, "write").token
                let service = try RunningService(
                    site, try stub.options(site, key: "sk-ant-test-0123456789abcdefghij"))
                let photo = try site.id("photo")
                let before = try site.snapshot()
                let old = try texts(site, photo)
                let address = "/v1/attachments/\(photo)/metadata"
                let body = #""fields":["alt","title"],"mode":"seo","overwrite":true"#

                let planned = try service.ask(
                    "POST", address, token: token, body: "{\(body),\"dry_run\":true}")
                #expect(planned.status == 200, "\(planned.body)")
                #expect(try stub.requests() == 0, "a dry run asks nobody")
                try site.expectUnchanged(since: before, "by a dry run")

                let key = ["Idempotency-Key: texts-1"]
                let done = try service.ask(
                    "POST", address, token: token, body: "{\(body)}", headers: key)
                #expect(done.status == 200, "\(done.body)")
                #expect(try done.json["state"] as? String == "done")
                #expect(try done.json["described"] as? Int == 1)
                let journal = try #require(try done.json["journal"] as? String)
                let asked = try stub.requests()
                #expect(asked > 0)
                let again = try service.ask(
                    "POST", address, token: token, body: "{\(body)}", headers: key)
                #expect(again.body == done.body)
                #expect(try stub.requests() == asked, "the same key asks and pays once")

                let new = try texts(site, photo)
                #expect(new.rows == 1)
                #expect(!new.alt.isEmpty)
                #expect(new.alt != old.alt)
                let entry = try service.ask("GET", "/v1/journal/\(journal)", token: token).json
                let written = try #require(entry["texts"] as? [[String: Any]])
                #expect(
                    written.first { $0["field"] as? String == "alt" }?["after"] as? String
                        == new.alt)
                let shown = try service.ask("GET", "/v1/attachments/\(photo)", token: token).json
                let attachment = try #require(shown["attachment"] as? [String: Any])
                #expect(attachment["alt"] as? String == new.alt)
                #expect(attachment["title"] as? String == new.title)

                let revert = try service.ask(
                    "POST", "/v1/journal/\(journal)/revert", token: token)
                #expect(revert.status == 200, "\(revert.body)")
                #expect(try texts(site, photo) == old)
                try site.expectUnchanged(since: before, "by texts and their revert")
                try service.expectAnswersAsDescribed()
            }
        }
    }
}
