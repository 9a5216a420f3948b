import Foundation
import Testing

extension EndToEnd {
    @Suite("From picture to words to file name") struct GenerateTests {
        /// The stub of Tests/StubServer, until `end`.
        private struct Stub {
            let process = Process()
            let input = Pipe()
            let address: String

            init() throws {
                let output = Pipe()
                process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
                process.arguments = [
                    "python3", "-B",
                    TestSite.package.appendingPathComponent("Tests/StubServer/stub.py").path,
                ]
                process.standardInput = input
                process.standardOutput = output
                try process.run()
                let line = String(
                    decoding: output.fileHandleForReading.availableData, as: UTF8.self)
                address = "http://127.0.0.1:\(line.trimmingCharacters(in: .whitespacesAndNewlines))"
            }

            func end() throws {
                try input.fileHandleForWriting.close()
                process.waitUntilExit()
            }
        }

        private struct Report: Decodable {
            struct Item: Decodable {
                var attachment: Int
                var reason: String
            }
            struct Usage: Decodable {
                var requests: Int
                var input_tokens: Int
                var output_tokens: Int
                var usd: Double
            }
            var journal: String?
            var state: String
            var described: Int
            var review: [Item]
            var failed: [Item]
            var skipped: [Item]
            var usage: Usage
        }

        private func generate(
            _ site: TestSite, _ arguments: [String]
        ) throws -> Report {
            let result = try site.moniker(["--json", "generate"] + arguments)
            #expect([0, 3].contains(result.status), "\(result.errors)")
            return try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
        }

        @Test(
            "generate --all --rename, then revert: every byte is back; again costs nothing",
            arguments: Engine.allCases)
        func wholeLibrary(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                let stub = try Stub()
                defer { do { try stub.end() } catch { Issue.record(error) } }
                let key = site.live.appendingPathComponent("key")
                try Data("sk-ant-canary-0123456789abcdefghij".utf8).write(to: key)
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o600], ofItemAtPath: key.path)
                let arguments = [
                    "--all", "--rename", "--overwrite", "--fields", "alt,title", "--keep-old",
                    "none", "--provider", "anthropic", "--base-url", stub.address, "--key-file",
                    key.path,
                ]
                let before = try site.snapshot()
                let dry = try generate(site, arguments + ["--dry-run"])
                #expect(dry.state == "planned")
                #expect(dry.usage.requests == 0)
                try site.expectUnchanged(since: before, "after the dry run")

                let report = try generate(site, arguments)
                let journal = try #require(report.journal)
                #expect(report.described > 5)
                #expect(report.usage.requests > 5)
                let alts = try site.sql(
                    "SELECT COUNT(*) FROM wp_postmeta WHERE meta_key = '_wp_attachment_image_alt' AND meta_value LIKE '% % %';"
                )
                #expect(
                    (Int(alts.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0)
                        >= report.described - report.review.count - 1)
                try site.change(["revert", journal])
                try site.expectUnchanged(since: before, "after the revert")

                let again = try generate(site, arguments)
                // Only what had no answer, because a busy machine took too long over its picture.
                #expect(
                    again.usage.requests <= report.failed.count,
                    "failed before: \(report.failed), now: \(again.failed)")
                #expect(
                    again.described >= report.described,
                    "skipped before: \(report.skipped), now: \(again.skipped)")
                try site.change(["revert", try #require(again.journal)])
                try site.expectUnchanged(since: before, "after the second revert")
            }
        }
    }
}
