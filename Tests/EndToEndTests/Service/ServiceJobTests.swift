import Foundation
import Testing

extension EndToEnd {
    @Suite("Jobs over HTTP: planned first, and who asked") struct ServiceJobTests {
        /// Waits until a job has ended.
        private func ended(_ service: RunningService, _ id: String, _ token: String) throws
            -> [String: Any]
        {
            // The stream of events ends with the job.
            _ = try service.ask("GET", "/v1/jobs/\(id)/events", token: token)
            return try service.ask("GET", "/v1/jobs/\(id)", token: token).json
        }

        private func submit(_ service: RunningService, _ token: String, _ body: String) throws
            -> String
        {
            let answer = try service.ask("POST", "/v1/jobs", token: token, body: body)
            try #require(answer.status == 202, "\(answer.body)")
            return try #require(try answer.json["id"] as? String)
        }

        @Test(
            "Two attachments that share a file: it is renamed once, and the second is no failure",
            arguments: Engine.allCases)
        func sharedFile(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                let (_, token) = try RunningService.token(site, "write")
                let service = try RunningService(site)
                let (photo, shared) = (try site.id("photo"), try site.id("shared"))
                let id = try submit(
                    service, token,
                    "{\"kind\":\"rename-map\",\"options\":{\"names\":[{\"id\":\(photo),\"name\":\"lighthouse\"},{\"id\":\(shared),\"name\":\"windmill\"}],\"keep_old\":\"none\"}}"
                )
                let job = try ended(service, id, token)
                #expect(job["state"] as? String == "done", "\(job)")
                let items = try service.ask("GET", "/v1/jobs/\(id)/items", token: token)
                let told = try #require(try items.json["items"] as? [[String: Any]])
                let second = try #require(told.first { $0["attachment"] as? Int == shared })
                #expect(second["state"] as? String == "skipped")
                #expect(second["reason"] as? String == "file-shared")
                try site.expectRenamed([NewName(photo, "lighthouse")])
                for attachment in [photo, shared] {
                    #expect(
                        try site.sql(
                            "SELECT meta_value FROM wp_postmeta WHERE post_id = \(attachment) AND meta_key = '_wp_attached_file';"
                        ).contains("/lighthouse."))
                }
            }
        }

        @Test(
            "A dry run changes nothing and tells the plan's hash; another plan is not carried out")
        func dryRun() throws {
            try TestSite.with(.sqlite) { site in
                let before = try site.snapshot()
                let (caller, token) = try RunningService.token(site, "write")
                let service = try RunningService(site)
                let photo = try site.id("photo")
                func body(_ name: String, _ more: String) -> String {
                    "{\"kind\":\"rename-map\",\"options\":{\"names\":[{\"id\":\(photo),\"name\":\"\(name)\"}],\"keep_old\":\"none\"}\(more)}"
                }
                let planned = try submit(service, token, body("lighthouse", ",\"dry_run\":true"))
                #expect(
                    try service.ask("GET", "/v1/jobs/\(planned)/report", token: token).status
                        != 500)
                let plannedJob = try ended(service, planned, token)
                #expect(plannedJob["state"] as? String == "done")
                #expect(plannedJob["journal"] is NSNull)
                let report = try service.ask("GET", "/v1/jobs/\(planned)/report", token: token)
                #expect(report.status == 200)
                #expect(try report.json["state"] as? String == "planned")
                #expect(try #require(try report.json["changes"] as? [Any]).count > 5)
                let hash = try #require(try report.json["plan_hash"] as? String)
                try site.expectUnchanged(since: before, "by a job that only plans")
                #expect(try site.journalIDs().isEmpty)

                let other = try submit(
                    service, token, body("windmill", ",\"expected_plan\":\"\(hash)\""))
                let stale = try ended(service, other, token)
                #expect(stale["state"] as? String == "failed")
                #expect((stale["error"] as? [String: Any])?["code"] as? String == "stale-plan")
                try site.expectUnchanged(since: before, "by a job whose plan is another one")

                let right = try submit(
                    service, token, body("lighthouse", ",\"expected_plan\":\"\(hash)\""))
                let done = try ended(service, right, token)
                #expect(done["state"] as? String == "done", "\(done)")
                try site.expectRenamed([NewName(photo, "lighthouse")])
                let journal = try #require(done["journal"] as? String)

                // Who asked for the job asked for its change set.
                let entry = try service.ask("GET", "/v1/journal/\(journal)", token: token).json
                let asked = try #require(entry["requested_by"] as? [String: Any])
                #expect(asked["caller"] as? String == caller)
                let shown = try site.moniker(["journal", journal]).output
                #expect(shown.contains("Asked for over HTTP by test (\(caller))"), "\(shown)")

                let reading = try service.ask(
                    "POST", "/v1/jobs", token: token, body: #"{"kind":"scan","dry_run":true}"#)
                #expect(reading.status == 422)
                try service.expectAnswersAsDescribed()
            }
        }

        @Test("However many addresses and methods are asked, metrics do not grow")
        func boundedMetrics() throws {
            try TestSite.with(.sqlite) { site in
                let token = try RunningService.token(site, "read").token
                let service = try RunningService(site)
                func series() throws -> [Substring] {
                    try service.ask("GET", "/metrics", token: nil).body.split(separator: "\n")
                        .filter { !$0.hasPrefix("#") }.map { $0.prefix { $0 != " " } }
                }
                // Methods that the parser of HTTP knows and the service does not, and others.
                let methods = ["PROPFIND", "LOCK", "MKCOL", "PURGE", "REPORT", "SEARCH", "TRACE"]
                func ask(_ number: Int) throws {
                    for method in [
                        "GET", "BREW", "X\(number)", methods[number % methods.count],
                    ] {
                        _ = try service.ask(method, "/strange/\(number)", token: nil)
                    }
                    _ = try service.ask("GET", "/v1/attachments/9\(number)", token: token)
                    _ = try service.ask("GET", "/v1/jobs/none\(number)?x=\(number)", token: token)
                    _ = try service.ask("GET", "/v1/journal/J\(number)", token: token)
                }
                try ask(0)
                _ = try series()
                let before = try series()
                for number in 1...25 { try ask(number) }
                #expect(try series() == before)
                #expect(before.count > 20)
            }
        }
    }
}
