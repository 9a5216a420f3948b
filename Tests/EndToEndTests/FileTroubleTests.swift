import Foundation
import Testing

extension EndToEnd {
    @Suite("Trouble with the files changes nothing") struct FileTroubleTests {
        /// Whether this machine lets the tests mount, each in a namespace of its own.
        static let canMount: Bool = {
            do {
                return try run("unshare", ["-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).status
                    == 0
            } catch { return false }
        }()

        /// Whether a user without rights could run the program here.
        static let canDropRights: Bool = {
            do {
                return try run(
                    asNobody[0],
                    Array(asNobody.dropFirst()) + ["test", "-x", MonikerBinary.path]
                ).status == 0
            } catch { return false }
        }()

        /// Runs what follows as a user whom permissions bind: root is never refused.
        static let asNobody =
            getuid() == 0
            ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : ["env"]

        @Test("A read-only file system", .enabled(if: canMount))
        func readOnlyFileSystem() throws {
            try expect(
                "file-system-read-only",
                mounting: {
                    "mount --bind '\($0.uploads.path)' '\($0.uploads.path)' && "
                        + "mount -o remount,ro,bind '\($0.uploads.path)'"
                })
        }

        @Test("A home without space", .enabled(if: canMount))
        func homeWithoutSpace() throws {
            try expect(
                "disk-full",
                mounting: {
                    "mkdir -p '\($0.home.path)' && "
                        + "mount -t tmpfs -o size=700k tmpfs '\($0.home.path)'"
                })
        }

        @Test("An uploads folder without space", .enabled(if: canMount))
        func uploadsWithoutSpace() throws {
            // A copy of the uploads on a file system without a free inode: no link can be made.
            try expect(
                "disk-full",
                mounting: {
                    let uploads = $0.uploads.path
                    return "mkdir /mnt/full && "
                        + "mount -t tmpfs -o nr_inodes=$(( $(find '\(uploads)' | wc -l) + 1 )) "
                        + "tmpfs /mnt/full && cp -a '\(uploads)/.' /mnt/full/ && "
                        + "touch /mnt/full/last 2>/dev/null; "
                        + "mount --bind /mnt/full '\(uploads)'"
                })
        }

        /// Renames the library inside a mount namespace and expects a refusal.
        private func expect(
            _ code: String, mounting: (TestSite) -> String,
            sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            try TestSite.with(.sqlite) { site in
                let before = try site.snapshot()
                // /mnt is only a mount point inside the namespace.
                let script = "mount -t tmpfs tmpfs /mnt && { \(mounting(site)); } && exec \"$@\""
                let result = try run(
                    "unshare",
                    ["-m", "sh", "-c", script, "sh", MonikerBinary.path] + site.siteArguments
                        + ["--json", "rename", "--map", site.libraryMap.path])
                try expectRefusal(result, code: code, sourceLocation: sourceLocation)
                try site.expectUnchanged(since: before, sourceLocation: sourceLocation)
            }
        }

        @Test("Uploads that may not be read", .enabled(if: canDropRights))
        func unreadableUploads() throws {
            try expectAsNobody("uploads-unreadable") { "chmod 000 '\($0.uploads.path)'" }
        }

        @Test("Uploads that may not be written", .enabled(if: canDropRights))
        func unwritableUploads() throws {
            try expectAsNobody("permission-denied") {
                "chmod -R a+rX,a-w '\($0.uploads.path)'; "
                    + "chmod -R a+rwX '\($0.wordpress.path)/wp-content/database'"
            }
        }

        @Test("An SQLite file that may not be written", .enabled(if: canDropRights))
        func unwritableDatabase() throws {
            try expectAsNobody("database-read-only") {
                "chmod -R a+rwX '\($0.uploads.path)'; "
                    + "chmod -R a+rX,a-w '\($0.wordpress.path)/wp-content/database'"
            }
        }

        private func expectAsNobody(
            _ code: String, sourceLocation: SourceLocation = #_sourceLocation,
            preparing: (TestSite) -> String
        ) throws {
            try TestSite.with(.sqlite) { site in
                // Without a write-ahead log beside it, the database can be read where nothing may
                // be written.
                try site.sql("PRAGMA journal_mode = DELETE;")
                try FileManager.default.createDirectory(
                    at: site.home, withIntermediateDirectories: true)
                try runHelper("chmod", ["777", site.home.path])
                try runHelper("sh", ["-c", preparing(site)])
                let tables = try site.snapshot().tables
                let result = try run(
                    Self.asNobody[0],
                    Array(Self.asNobody.dropFirst()) + [MonikerBinary.path] + site.siteArguments
                        + ["--json", "rename", "\(try site.id("photo"))", "name-a"])
                try runHelper("chmod", ["-R", "u+rwX", site.wordpress.path])
                try expectRefusal(result, code: code, sourceLocation: sourceLocation)
                #expect(try site.snapshot().tables == tables, sourceLocation: sourceLocation)
                let folder = site.uploads.appendingPathComponent("2024/05").path
                let names = try FileManager.default.contentsOfDirectory(atPath: folder)
                #expect(names.contains("IMG_1.jpg"), sourceLocation: sourceLocation)
                #expect(
                    !names.contains { $0.hasPrefix("name-a") }, sourceLocation: sourceLocation)
            }
        }

        @Test("A file that no attachment knows holds the new name: refused (F12)")
        func strangerHasName() throws {
            try TestSite.with(.sqlite) { site in
                let stranger = site.uploads.appendingPathComponent("2024/05/name-a-300x200.jpg")
                try Data("mine".utf8).write(to: stranger)
                let before = try site.snapshot()
                let result = try site.moniker(
                    ["--json", "rename", "\(try site.id("photo"))", "name-a"])
                try expectRefusal(result, code: "name-taken")
                try site.expectUnchanged(since: before)
            }
        }

        @Test("A folder of uploads that is a symbolic link out of them is not followed")
        func linkOutside() throws {
            try TestSite.with(.sqlite) { site in
                let outside = site.live.appendingPathComponent("outside")
                let month = site.uploads.appendingPathComponent("2024/06")
                try FileManager.default.moveItem(at: month, to: outside)
                try FileManager.default.createSymbolicLink(at: month, withDestinationURL: outside)
                let before = try site.snapshot()
                let names = try FileManager.default.contentsOfDirectory(atPath: outside.path)
                let result = try site.moniker(
                    ["--json", "rename", "\(try site.id("june"))", "name-a"])
                try expectRefusal(result, code: "unsafe-path")
                try site.expectUnchanged(since: before)
                #expect(
                    try FileManager.default.contentsOfDirectory(atPath: outside.path).sorted()
                        == names.sorted())
            }
        }
    }
}
