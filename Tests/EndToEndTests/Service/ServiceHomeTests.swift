import Foundation
import Testing

extension EndToEnd {
    @Suite("serve: files of the home that another process makes anew") struct ServiceHomeTests {
        /// Renames a picture by the service; what became of the index, and the change set.
        private func rename(
            _ site: TestSite, _ service: RunningService, _ token: String, to name: String
        ) throws -> (index: String?, journal: String) {
            let photo = try site.id("photo")
            let answer = try service.ask(
                "POST", "/v1/attachments/\(photo)/filename", token: token,
                body: "{\"name\":\"\(name)\",\"keep_old\":\"none\"}")
            try #require(answer.status == 200, "\(answer.body)")
            try site.expectRenamed([NewName(photo, name)])
            return (
                try answer.json["index"] as? String,
                try #require(try answer.json["journal"] as? String)
            )
        }

        @Test(
            "A service goes on with an index that was turned off, and off and on, meanwhile",
            arguments: Engine.allCases)
        func index(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                let (_, token) = try RunningService.token(site, "write")
                #expect(try site.moniker(["index", "on"]).status == 0)
                let service = try RunningService(site)
                #expect(try rename(site, service, token, to: "first").index == "used")
                #expect(try rename(site, service, token, to: "second").index == "used")
                #expect(try site.moniker(["index", "off"]).status == 0)
                #expect(try rename(site, service, token, to: "third").index == nil)
                let files = try FileManager.default.contentsOfDirectory(atPath: site.home.path)
                #expect(files.filter { $0.hasPrefix("index.sqlite") } == [])
                #expect(try site.moniker(["index", "on"]).status == 0)
                #expect(try rename(site, service, token, to: "fourth").index == "used")
                // What the service took in is in the file that others open.
                let other = try site.moniker([
                    "rename", "\(site.id("photo"))", "fifth", "--keep-old", "none",
                ])
                #expect(other.status == 0, "\(other.errors)")
                #expect(try rename(site, service, token, to: "sixth").index == "used")
            }
        }

        @Test(
            "A service takes in what has changed when nobody waits for it",
            arguments: Engine.allCases)
        func upkeep(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                struct Status: Decodable { var pending: Int }
                let (_, token) = try RunningService.token(site, "write")
                #expect(try site.moniker(["index", "on"]).status == 0)
                let service = try RunningService(site)
                #expect(try rename(site, service, token, to: "first").index == "used")
                try wait(for: "all changes to be taken in") {
                    let result = try site.moniker(["--json", "index", "status"])
                    return try JSONDecoder().decode(Status.self, from: Data(result.output.utf8))
                        .pending == 0
                }
                #expect(try rename(site, service, token, to: "second").index == "used")
            }
        }

        @Test("A service writes to a journal that was rebuilt meanwhile, not to the old one")
        func journal() throws {
            try TestSite.with(.sqlite) { site in
                let before = try site.snapshot()
                let (_, token) = try RunningService.token(site, "write")
                let service = try RunningService(site)
                let first = try rename(site, service, token, to: "first").journal
                for suffix in ["", "-wal", "-shm"] {
                    let file = site.home.appendingPathComponent("journal.sqlite" + suffix)
                    if FileManager.default.fileExists(atPath: file.path) {
                        try FileManager.default.removeItem(at: file)
                    }
                }
                let rebuilt = try site.moniker(["recover", "--rebuild-journal"])
                #expect(rebuilt.status == 0, "\(rebuilt.errors)")
                let second = try rename(site, service, token, to: "second").journal
                #expect(Set(try site.journalIDs()) == [first, second])
                for journal in [second, first] {
                    let revert = try site.moniker(["revert", journal])
                    #expect(revert.status == 0, "\(revert.errors)")
                }
                try site.expectUnchanged(since: before, "by two renames and their reverts")
            }
        }
    }
}
