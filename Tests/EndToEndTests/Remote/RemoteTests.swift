import Foundation
import Testing

extension EndToEnd {
    @Suite("A site without database access, over REST") struct RemoteTests {
        private func with(
            role: String = "editor", _ body: (RestSite) throws -> Void
        ) throws {
            try TestSite.with(.mariadb) { site in try body(try RestSite(site, role: role)) }
        }

        /// Takes the alternatives of some images away; three of their files say what they show.
        private func strip(_ rest: RestSite) throws -> (said: [Int64: String], silent: [Int64]) {
            let silent = try ["alpha", "june"].map { Int64(try rest.site.id($0)) }
            let said = [
                Int64(try rest.site.id("photo")): "A red bicycle beside a brick wall",
                Int64(try rest.site.id("umlaut")): "Two “white” boats & a lighthouse in fog",
                Int64(try rest.site.id("space")): "An old wooden bridge over a narrow river",
            ]
            let ids = (said.keys + silent).map(String.init).joined(separator: ",")
            try rest.site.sql(
                """
                DELETE FROM wp_postmeta WHERE post_id IN (\(ids))
                    AND meta_key = '_wp_attachment_image_alt'
                """)
            let result = try rest.site.php(
                "rest/embed.php", said.flatMap { ["\($0.key)", $0.value] })
            try #require(result.status == 0, "\(result.errors)")
            return (said, silent.sorted())
        }

        private static let offline = ["generate", "--all", "--provider", "offline"]

        /// Expects every text of every image to be what it was, but for alternatives named here.
        private func expect(
            _ rest: RestSite, _ before: [Int64: RestSite.Texts],
            alternatives: [Int64: String] = [:],
            sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            let now = try rest.texts()
            #expect(now.keys == before.keys, sourceLocation: sourceLocation)
            for (id, old) in before {
                var wanted = old.byField
                wanted["alt"] = alternatives[id] ?? wanted["alt"]
                #expect(now[id]?.byField == wanted, "\(id)", sourceLocation: sourceLocation)
            }
        }

        @Test(
            "generate --all writes just what is missing; revert puts every text back; the password is nowhere"
        )
        func roundTrip() throws {
            try with { rest in
                let (said, silent) = try strip(rest)
                let before = try rest.texts()
                let tree = try rest.site.snapshot().tree
                var results = [try rest.rest(Self.offline + ["--json", "--verbose"])]
                try #require(results[0].status == 0, "\(results[0].errors)")
                let report = try JSONDecoder().decode(
                    RestSite.Generated.self, from: Data(results[0].output.utf8))
                let journal = try #require(report.journal)
                #expect(journal.hasPrefix("R") && report.state == "done")
                #expect(report.attachments == 3 && report.cells == 3 && report.described == 5)
                #expect(report.review.map(\.attachment).sorted() == silent)
                #expect(report.review.allSatisfy { $0.reason == "low-confidence" })
                #expect(report.failed.isEmpty && report.skipped.count > 20)
                try expect(rest, before, alternatives: said)
                #expect(try rest.site.snapshot().tree == tree)

                // Nothing is missing any more but what waits for a person.
                let again = try rest.json(RestSite.Generated.self, Self.offline)
                #expect(again.journal == nil && again.cells == 0 && again.review.count == 2)

                results.append(try rest.rest(["history"]))
                results.append(try rest.rest(["history", journal]))
                #expect(results[1].output.contains(journal) && results[1].output.contains("done"))
                #expect(results[2].output.contains("by offline offline"))
                let entry = try rest.json(RestSite.Entry.self, ["history", journal.lowercased()])
                #expect(
                    Dictionary(
                        uniqueKeysWithValues: try #require(entry.texts).map {
                            ($0.attachment, $0.after)
                        }) == said)
                #expect(entry.texts?.allSatisfy { $0.field == "alt" && $0.before == "" } == true)

                results.append(try rest.rest(["revert", journal]))
                #expect(results[3].status == 0, "\(results[3].errors)")
                #expect(
                    results[3].output.contains("Took back \(journal): 3 texts of 3 attachments"))
                try expect(rest, before)
                #expect(try rest.site.snapshot().tree == tree)
                results.append(try rest.rest(["revert", journal, "--json"]))
                #expect(results[4].status == 1)
                #expect(results[4].output.contains("\"already-reverted\""))
                let entries = try rest.json([RestSite.Entry].self, ["history"])
                #expect(entries.map(\.state) == ["done", "reverted"])
                #expect(entries[0].reverts == journal && entries[0].journal != journal)

                try expectNoPassword(rest, results)
            }
        }

        /// Expects the password in nothing that was printed and in no file of the home, in any form.
        private func expectNoPassword(_ rest: RestSite, _ results: [CommandResult]) throws {
            let login = Data("\(rest.user):\(rest.password)".utf8).base64EncodedString()
            // As WordPress shows it, in groups of four.
            let characters = Array(rest.password)
            let grouped = stride(from: 0, to: 24, by: 4)
                .map { String(characters[$0..<($0 + 4)]) }.joined(separator: " ")
            var searched = 0
            for secret in [rest.password, grouped, login] {
                for result in results {
                    #expect(!result.output.contains(secret) && !result.errors.contains(secret))
                }
                for file in try FileManager.default.subpathsOfDirectory(
                    atPath: rest.site.home.path)
                {
                    let url = rest.site.home.appendingPathComponent(file)
                    guard try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true
                    else { continue }
                    searched += 1
                    #expect(
                        try Data(contentsOf: url).range(of: Data(secret.utf8)) == nil, "\(file)")
                }
            }
            // remote.sqlite and generation.sqlite at least.
            #expect(searched >= 6)
        }

        @Test("A dry run writes nothing and says what it would write")
        func dryRun() throws {
            try with { rest in
                let (said, _) = try strip(rest)
                let before = try rest.texts()
                let report = try rest.json(RestSite.Change.self, Self.offline + ["--dry-run"])
                #expect(report.state == "planned" && report.journal == nil)
                let planned = try #require(report.changes)
                #expect(
                    Dictionary(uniqueKeysWithValues: planned.map { ($0.attachment, $0.after) })
                        == said)
                #expect(planned.allSatisfy { $0.field == "alt" && $0.before.isEmpty })
                try expect(rest, before)
                #expect(try rest.json([RestSite.Entry].self, ["history"]).isEmpty)

                let limited = try rest.json(
                    RestSite.Generated.self,
                    ["generate", "--missing", "alt", "--limit", "1", "--provider", "offline"])
                #expect(limited.described == 1)
                let named = try rest.json(
                    RestSite.Generated.self,
                    [
                        "generate", "\(try rest.site.id("umlaut"))", "999999", "--provider",
                        "offline",
                    ],
                    status: 3)
                #expect(named.attachments == 1)
                #expect(named.failed.map(\.reason) == ["unknown-attachment"])
            }
        }

        @Test("What a person wrote since stays, and --only takes back the rest")
        func people() throws {
            try with { rest in
                let (said, _) = try strip(rest)
                let ids = said.keys.sorted()
                let before = try rest.texts()
                let journal = try #require(
                    try rest.json(RestSite.Generated.self, Self.offline).journal)

                let one = try rest.json(
                    RestSite.Change.self, ["revert", journal, "--only", "\(ids[0])"])
                #expect(one.cells == 1 && one.reverts == journal)
                var left = said
                left[ids[0]] = nil
                try expect(rest, before, alternatives: left)
                #expect(
                    try rest.json(RestSite.Entry.self, ["history", journal]).state
                        == "partly-reverted")

                try rest.edit(ids[1], "alt", "What a person wrote")
                let rest2 = try rest.json(RestSite.Change.self, ["revert", journal], status: 3)
                #expect(rest2.state == "partial" && rest2.cells == 1)
                #expect(rest2.conflicts.map(\.attachment) == [ids[1]])
                #expect(rest2.conflicts.map(\.reason) == ["changed-meanwhile"])
                #expect(rest2.conflicts.map(\.field) == ["alt"])
                try expect(rest, before, alternatives: [ids[1]: "What a person wrote"])
            }
        }

        @Test("Writes that the site refuses are told, and go on with the next call")
        func refusals() throws {
            try with { rest in
                let (said, _) = try strip(rest)
                let ids = said.keys.sorted()
                let before = try rest.texts()
                let refuse = { (condition: String) in
                    """
                    add_filter('rest_pre_dispatch', fn ($result, $server, $request) =>
                        $request->get_method() === 'POST' && (\(condition))
                            ? new WP_Error('rest_cannot_edit', 'Not you.', ['status' => 403])
                            : $result, 10, 3);
                    """
                }
                try rest.install(plugin: refuse("true"))
                let none = try rest.json(RestSite.Change.self, Self.offline, status: 1)
                #expect(none.state == "refused" && none.attachments == 0)
                let refused = none.skipped.filter { $0.reason == "rest-forbidden" }
                #expect(refused.map(\.attachment).sorted() == ids)
                try expect(rest, before)

                try rest.install(
                    plugin: refuse("str_ends_with($request->get_route(), '/\(ids[1])')"))
                let part = try rest.json(RestSite.Change.self, Self.offline, status: 3)
                #expect(part.state == "partial" && part.attachments == 2)
                var alternatives = said
                alternatives[ids[1]] = nil
                try expect(rest, before, alternatives: alternatives)

                try rest.install(plugin: "")
                let last = try rest.json(RestSite.Change.self, Self.offline)
                #expect(last.state == "done" && last.attachments == 1)
                try expect(rest, before, alternatives: said)
            }
        }

        @Test("What the gate holds back waits for a person, apart from the list of other sites")
        func review() throws {
            try with { rest in
                let (said, silent) = try strip(rest)
                let before = try rest.texts()
                _ = try rest.json(RestSite.Generated.self, Self.offline)
                let list = try rest.json(
                    [RestSite.Generated.Review].self, ["review", "list"])
                #expect(list.map(\.attachment) == silent && list.allSatisfy { !$0.alt.isEmpty })
                // The list of a site with database access is another one.
                #expect(
                    try rest.site.moniker(["review", "list"]).output
                        == "Nothing waits for a review.\n")

                let held = try rest.rest([
                    "review", "edit", "\(silent[0])", "--alt", "<b>A tower</b> by the sea",
                    "--json",
                ])
                #expect(held.status == 1 && held.output.contains("\"held-back\""))
                let edited = try rest.json(
                    RestSite.Change.self,
                    ["review", "edit", "\(silent[0])", "--alt", "A white tower by the sea"])
                #expect(edited.cells == 1)
                let approved = try rest.json(
                    RestSite.Change.self, ["review", "approve", "\(silent[1])"])
                #expect(approved.cells == 1)
                var alternatives = said
                alternatives[silent[0]] = "A white tower by the sea"
                alternatives[silent[1]] = list[1].alt
                try expect(rest, before, alternatives: alternatives)
                #expect(
                    try rest.rest(["review", "list"]).output == "Nothing waits for a review.\n")
                let entries = try rest.json([RestSite.Entry].self, ["history"])
                #expect(entries.count == 3)
            }
        }
    }
}
