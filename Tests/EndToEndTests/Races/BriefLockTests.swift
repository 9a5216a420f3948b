import Foundation
import Testing

extension EndToEnd.Races {
    @Suite("A site that somebody else has for a moment") struct BriefLockTests {
        /// Locks the uploads folder, as another process does, for so many seconds.
        private func hold(_ site: TestSite, seconds: Double) throws -> Process {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = [
                "flock", "--no-fork", site.uploads.path, "sleep", "\(seconds)",
            ]
            try process.run()
            let deadline = Date() + 10
            while try !site.isLocked() {
                try #require(Date() < deadline && process.isRunning)
            }
            return process
        }

        @Test("is waited for; one that is had for longer is busy")
        func patience() throws {
            try TestSite.with(.sqlite) { site in
                let photo = try site.id("photo")
                func rename(_ name: String) throws -> CommandResult {
                    try site.moniker(["rename", "\(photo)", name, "--keep-old", "none"])
                }
                #expect(try rename("first").status == 0)
                let brief = try hold(site, seconds: 0.2)
                let patient = try rename("second")
                brief.waitUntilExit()
                #expect(patient.status == 0, "\(patient.errors)")
                try site.expectRenamed([NewName(photo, "second")])

                let long = try hold(site, seconds: 60)
                defer { long.terminate() }
                let refused = try rename("third")
                #expect(refused.status == 75, "\(refused.errors)")
                try site.expectRenamed([NewName(photo, "second")])
            }
        }
    }
}
