import Foundation
import Testing

extension EndToEnd {
    @Suite("serve, and who asked") struct ServiceAuditTests {
        @Test("Whatever a request changes, a note says who asked for it and what came of it")
        func notes() throws {
            try TestSite.with(.sqlite) { site in
                let admin = try RunningService.token(site, "admin")
                let service = try RunningService(site)
                let photo = try site.id("photo")
                func ask(_ method: String, _ path: String, _ body: String?) throws -> [String: Any]
                {
                    let answer = try service.ask(method, path, token: admin.token, body: body)
                    try #require((200..<300).contains(answer.status), "\(path) \(answer.body)")
                    return try answer.json
                }
                _ = try ask(
                    "POST", "/v1/attachments/\(photo)/metadata",
                    #"{"fields":["alt"],"overwrite":true}"#)
                _ = try ask("POST", "/v1/review/\(photo)/reject", "{}")
                let done = try ask(
                    "POST", "/v1/attachments/\(photo)/filename",
                    #"{"name":"red-bike","keep_old":"none"}"#)
                let journal = try #require(done["journal"] as? String)
                _ = try ask("POST", "/v1/journal/\(journal)/revert", "{}")
                let job = try #require(
                    try ask("POST", "/v1/jobs", #"{"kind":"scan"}"#)["id"] as? String)
                _ = try ask("POST", "/v1/uploads", "{\"attachments\":[\(photo)]}")
                let schedule = try #require(
                    try ask(
                        "POST", "/v1/schedules", #"{"kind":"scan","cron":"0 3 * * *"}"#)["id"]
                        as? String)
                _ = try ask("DELETE", "/v1/schedules/\(schedule)", nil)
                _ = try ask("PUT", "/v1/settings", "{}")
                let made = try #require(
                    try ask("POST", "/v1/tokens", #"{"name":"a","scope":"read"}"#)["id"] as? String)
                _ = try ask("DELETE", "/v1/tokens/\(made)", nil)
                // What did not come to pass was asked for all the same.
                let stale = try service.ask(
                    "POST", "/v1/attachments/\(photo)/filename", token: admin.token,
                    body:
                        "{\"name\":\"x\",\"expected_plan\":\"\(String(repeating: "0", count: 64))\"}"
                )
                #expect(stale.status == 409)

                let notes = try runHelper(
                    "sqlite3",
                    [
                        "-separator", " ", site.home.appendingPathComponent("service.sqlite").path,
                        ".timeout 10000",
                        """
                        SELECT operation, target, coalesce(outcome, 'begun') FROM audit
                        WHERE caller = '\(admin.id)' AND name = 'test' AND request != ''
                        AND at > unixepoch() - 600 ORDER BY id
                        """,
                    ]
                ).split(separator: "\n").map(String.init)
                #expect(
                    notes == [
                        "metadata \(photo) done", "review-reject \(photo) done",
                        "filename \(photo) done", "revert \(journal) done", "job \(job) queued",
                        "uploads \(photo) waiting", "schedule \(schedule) done",
                        "unschedule \(schedule) done", "settings  done",
                        "token-create read done", "token-revoke \(made) done",
                        "filename \(photo) stale-plan",
                    ])
            }
        }
    }
}
