import Foundation
import Testing

extension EndToEnd {
    @Suite("serve, asked twice, at once, and stopped") struct ServiceRepetitionTests {
        @Test("Thirty parallel requests with one key make one change set")
        func parallel() throws {
            try TestSite.with(.sqlite) { site in
                let token = try RunningService.token(site, "write").token
                let service = try RunningService(site)
                let path = "/v1/attachments/\(try site.id("photo"))/filename"
                let body = #"{"name":"only-once"}"#
                let key = ["Idempotency-Key: once"]
                let running = try (0..<30).map { _ in
                    try RunningCommand(
                        "curl",
                        service.curl("POST", path, token: token, body: body, headers: key),
                        input: body)
                }
                let answers = try running.map { try RunningService.answer(try $0.finish().output) }
                #expect(answers.allSatisfy { $0.status == 200 || $0.status == 409 })
                for answer in answers where answer.status == 409 {
                    #expect(try answer.code == "key-in-use")
                }
                let bodies = Set(answers.filter { $0.status == 200 }.map(\.body))
                #expect(bodies.count == 1)
                let late = try service.ask("POST", path, token: token, body: body, headers: key)
                #expect(bodies == [late.body])
                #expect(try site.journalIDs().count == 1)
                let other = try service.ask(
                    "POST", path, token: token, body: #"{"name":"another"}"#, headers: key)
                #expect(other.status == 422)
                #expect(try other.code == "key-reused")
                try service.expectAnswersAsDescribed()
            }
        }

        @Test("Told to end in the middle of a change, it finishes the change and answers")
        func graceful() throws {
            try TestSite.with(.sqlite) { site in
                let token = try RunningService.token(site, "write").token
                let service = try RunningService(site)
                let photo = try site.id("photo")
                let body = #"{"name":"last-one","keep_old":"none"}"#
                let request = try RunningCommand(
                    "curl",
                    service.curl(
                        "POST", "/v1/attachments/\(photo)/filename", token: token, body: body),
                    input: body)
                // The writer is busy, or has been.
                while request.isRunning {
                    let metrics = try service.ask("GET", "/metrics", token: nil).body
                    if metrics.contains("\nmoniker_writes_waiting 1\n") { break }
                }
                service.terminate()
                let end = try service.finish()
                #expect(end.status == 0, "\(end.errors.suffix(500))")
                let answer = try RunningService.answer(try request.finish().output)
                #expect(answer.status == 200, "\(answer.body)")
                #expect(try answer.json["state"] as? String == "done")
                try site.expectRenamed([NewName(photo, "last-one")])
                #expect(try site.journalIDs().count == 1)
            }
        }

        @Test(
            "While another process has the site, it says busy, and the key may come again",
            .enabled(if: StoppedMoniker.isPossible, "strace is not installed or may not trace"))
        func busy() throws {
            try TestSite.with(.sqlite) { site in
                let token = try RunningService.token(site, "write").token
                let service = try RunningService(site)
                let photo = try site.id("photo")
                let path = "/v1/attachments/\(photo)/filename"
                let key = ["Idempotency-Key: patient"]
                let other = try StoppedMoniker(
                    site, ["rename", "\(try site.id("alpha"))", "other"], after: "linkat", number: 1
                )
                try #require(try other.waitUntilStopped())
                let refused = try service.ask(
                    "POST", path, token: token, body: #"{"name":"patient"}"#, headers: key)
                #expect(refused.status == 409)
                #expect(try refused.code == "busy")
                other.kill()
                // The killed one's change is rolled back or finished first.
                let done = try service.ask(
                    "POST", path, token: token, body: #"{"name":"patient"}"#, headers: key)
                #expect(done.status == 200, "\(done.body)")
            }
        }
    }
}
