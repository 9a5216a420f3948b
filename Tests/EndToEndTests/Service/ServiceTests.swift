import Foundation
import Testing

extension EndToEnd {
    @Suite("serve, asked over HTTP") struct ServiceTests {
        @Test(
            "Change filename and revert: planned, applied as planned, taken back byte for byte",
            arguments: Engine.allCases)
        func renameAndRevert(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                let before = try site.snapshot()
                let (id, token) = try RunningService.token(site, "write")
                let service = try RunningService(site)
                let photo = try site.id("photo")
                let address = "/v1/attachments/\(photo)/filename"

                let plan = try service.ask(
                    "POST", address, token: token,
                    body: #"{"name":"red-mountain-bike","dry_run":true}"#)
                let planned = try plan.json
                #expect(plan.status == 200)
                #expect(planned["state"] as? String == "planned")
                #expect(try #require(planned["changes"] as? [Any]).count > 10)
                try site.expectUnchanged(since: before, "by a dry run")
                let hash = try #require(planned["plan_hash"] as? String)

                let stale = try service.ask(
                    "POST", address, token: token,
                    body: "{\"name\":\"blue-bike\",\"expected_plan\":\"\(hash)\"}")
                #expect(stale.status == 409)
                #expect(try stale.code == "stale-plan")
                #expect(try site.journalIDs().isEmpty)

                let done = try service.ask(
                    "POST", address, token: token,
                    body:
                        "{\"name\":\"red-mountain-bike\",\"keep_old\":\"none\",\"expected_plan\":\"\(hash)\"}"
                )
                #expect(done.status == 200, "\(done.body)")
                let journal = try #require(try done.json["journal"] as? String)
                try site.expectRenamed([NewName(photo, "red-mountain-bike")])
                try site.expectWordPressIsContent()

                let entry = try service.ask("GET", "/v1/journal/\(journal)", token: token)
                let asked = try #require(try entry.json["requested_by"] as? [String: Any])
                #expect(asked["caller"] as? String == id)

                let revert = try service.ask(
                    "POST", "/v1/journal/\(journal)/revert", token: token)
                #expect(revert.status == 200, "\(revert.body)")
                #expect(try revert.json["reverts"] as? String == journal)
                try site.expectUnchanged(since: before, "by a rename and its revert")
                let again = try service.ask(
                    "POST", "/v1/journal/\(journal)/revert", token: token, body: "{}")
                #expect(again.status == 409)

                for path in [
                    "/v1/attachments", "/v1/attachments/\(photo)", "/v1/journal?limit=1",
                    "/health/live", "/health/ready", "/metrics",
                ] {
                    #expect(try service.ask("GET", path, token: token).status == 200, "\(path)")
                }
                try service.expectAnswersAsDescribed()
            }
        }

        @Test(
            "Images that are asked for at once are told as each is alone",
            arguments: Engine.allCases)
        func manyAtOnce(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                let (_, token) = try RunningService.token(site, "read")
                let service = try RunningService(site)
                let list = try service.ask("GET", "/v1/attachments?limit=500", token: token)
                let items = try #require(try list.json["items"] as? [[String: Any]])
                let ids = items.compactMap { $0["id"] as? Int }
                #expect(ids.count > 5)
                var alone: [Int: String] = [:]
                for id in ids {
                    let answer = try service.ask("GET", "/v1/attachments/\(id)", token: token)
                    #expect(answer.status == 200)
                    alone[id] = answer.body
                }
                let names = ids.map(String.init).joined(separator: ",")
                let folder = site.root.appendingPathComponent("answers").path
                try runHelper(
                    "curl",
                    [
                        "-s", "--parallel", "--parallel-immediate", "--parallel-max", "300",
                        "--unix-socket", service.socket, "-H", "Authorization: Bearer \(token)",
                        "--create-dirs", "--output", "\(folder)/#1-#2",
                        "http://localhost/v1/attachments/{\(names)}#[1-3]",
                    ])
                for id in ids {
                    for turn in 1...3 {
                        let told = try String(
                            contentsOfFile: "\(folder)/\(id)-\(turn)", encoding: .utf8)
                        #expect(told == alone[id], "\(id), \(turn)")
                    }
                }
            }
        }

        @Test("Texts are generated offline; those that are not certain wait for a person")
        func metadata() throws {
            try TestSite.with(.sqlite) { site in
                let before = try site.snapshot()
                let (_, token) = try RunningService.token(site, "write")
                let service = try RunningService(site)
                let photo = try site.id("photo")
                let answer = try service.ask(
                    "POST", "/v1/attachments/\(photo)/metadata", token: token,
                    body: #"{"fields":["alt"],"mode":"seo","overwrite":true}"#)
                #expect(answer.status == 200, "\(answer.body)")
                #expect(try answer.json["described"] as? Int == 1)
                let review = try #require(try answer.json["review"] as? [[String: Any]])
                #expect(review.map { $0["attachment"] as? Int } == [photo])
                #expect(review.first?["reason"] as? String == "low-confidence")
                try site.expectUnchanged(since: before, "by texts that are not certain")
                try service.expectAnswersAsDescribed()
            }
        }

        @Test("A job renames, tells how it goes on, and is reverted by its journal id")
        func job() throws {
            try TestSite.with(.sqlite) { site in
                let before = try site.snapshot()
                let (_, token) = try RunningService.token(site, "write")
                let service = try RunningService(site)
                let photo = try site.id("photo")
                let body =
                    "{\"kind\":\"rename-map\",\"options\":{\"names\":[{\"id\":\(photo),\"name\":\"green-bike\"}],\"keep_old\":\"none\"}}"
                let key = ["Idempotency-Key: job-1"]
                let queued = try service.ask(
                    "POST", "/v1/jobs", token: token, body: body, headers: key)
                #expect(queued.status == 202, "\(queued.body)")
                let id = try #require(try queued.json["id"] as? String)
                #expect(queued.headers["location"] == "/v1/jobs/\(id)")
                let same = try service.ask(
                    "POST", "/v1/jobs", token: token, body: body, headers: key)
                #expect(same.body == queued.body)

                // The stream ends with the job.
                let events = try service.ask("GET", "/v1/jobs/\(id)/events", token: token)
                #expect(events.headers["content-type"] == "text/event-stream")
                let blocks = events.body.components(separatedBy: "\n\n").filter {
                    $0.hasPrefix("id: ")
                }
                #expect(blocks.last?.contains("\nevent: end\n") == true)
                let first = try #require(blocks.first?.split(separator: "\n").first?.dropFirst(4))
                let rest = try service.ask(
                    "GET", "/v1/jobs/\(id)/events", token: token,
                    headers: ["Last-Event-ID: \(first)"])
                #expect(
                    rest.body.components(separatedBy: "\n\n").filter { $0.hasPrefix("id: ") }
                        == Array(blocks.dropFirst()))

                let job = try service.ask("GET", "/v1/jobs/\(id)", token: token)
                #expect(try job.json["state"] as? String == "done")
                let journal = try #require(try job.json["journal"] as? String)
                try site.expectRenamed([NewName(photo, "green-bike")])
                #expect(
                    try service.ask("POST", "/v1/jobs/\(id)/pause", token: token).code
                        == "job-state")
                let revert = try service.ask(
                    "POST", "/v1/journal/\(journal)/revert", token: token)
                #expect(revert.status == 200)
                try site.expectUnchanged(since: before, "by a job and its revert")
                #expect(
                    try service.ask(
                        "POST", "/v1/uploads", token: token, body: "{\"attachments\":[\(photo)]}"
                    ).status == 202)
                for path in ["/v1/jobs", "/v1/jobs/\(id)/items"] {
                    #expect(try service.ask("GET", path, token: token).status == 200)
                }
                try service.expectAnswersAsDescribed()
            }
        }
    }
}

extension TestSite {
    /// The ids of all change sets, as the command line lists them.
    func journalIDs() throws -> [String] {
        let result = try moniker(["--json", "journal"])
        let entries = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        let list = try #require(entries as? [[String: Any]], "\(result.output)")
        return list.compactMap { $0["journal"] as? String }
    }
}
