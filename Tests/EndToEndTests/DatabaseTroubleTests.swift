import Foundation
import Testing

extension EndToEnd {
    @Suite("Trouble with the database changes nothing") struct DatabaseTroubleTests {
        @Test("A read-only server")
        func readOnlyServer() throws {
            try TestSite.with(.mariadb) { site in
                let before = try site.snapshot()
                try site.sql("SET GLOBAL read_only = 1;")
                let result = try site.moniker(
                    ["--json", "rename", "\(try site.id("photo"))", "name-a"])
                try site.sql("SET GLOBAL read_only = 0;")
                try expectRefusal(result, code: "database-read-only")
                try site.expectUnchanged(since: before)
            }
        }

        @Test("A user who may only read")
        func readOnlyUser() throws {
            try TestSite.with(.mariadb) { site in
                let before = try site.snapshot()
                try site.sql(
                    """
                    REVOKE ALL ON wordpress.* FROM 'wordpress'@'localhost';
                    GRANT SELECT ON wordpress.* TO 'wordpress'@'localhost';
                    """)
                let result = try site.moniker(
                    ["--json", "rename", "\(try site.id("photo"))", "name-a"])
                #expect(result.status == 1)
                let code = try FailureReport(json: result.output).error.code
                #expect(
                    ["database-read-only", "access-denied", "permission-denied"].contains(code))
                try site.expectUnchanged(since: before)
            }
        }

        @Test("A user who may not create tables can rename all the same (options rows)")
        func noCreate() throws {
            try TestSite.with(.mariadb) { site in
                let before = try site.snapshot()
                try site.sql(
                    """
                    REVOKE ALL ON wordpress.* FROM 'wordpress'@'localhost';
                    -- TRIGGER because the test site has a trigger that this user defined.
                    GRANT SELECT, INSERT, UPDATE, DELETE, TRIGGER ON wordpress.* TO 'wordpress'@'localhost';
                    """)
                let names = [NewName(try site.id("photo"), "name-a")]
                let journal = try site.rename(names)
                try site.expectRenamed(names)
                try site.change(["revert", journal])
                let left = try site.sql(
                    "SELECT COUNT(*) FROM wp_options WHERE option_name LIKE 'moniker\\_tx\\_%' "
                        + "AND autoload = 'yes';")
                #expect(left == "0\n")
                try site.sql("DELETE FROM wp_options WHERE option_name LIKE 'moniker\\_tx\\_%';")
                try site.expectUnchanged(since: before)
            }
        }

        @Test(
            "A table, or a row, that somebody else has locked",
            arguments: [
                "LOCK TABLES wp_posts WRITE", "LOCK TABLES wp_acme_myisam READ",
                "SELECT * FROM wp_posts WHERE post_title = 'classic' FOR UPDATE",
            ])
        func locked(_ statement: String) throws {
            try TestSite.with(.mariadb) { site in
                let before = try site.snapshot()
                let holder = try RunningCommand(
                    "php",
                    [
                        TestSite.package.path + "/Tests/Support/wordpress/hold.php",
                        site.live.path, statement,
                    ])
                try holder.waitForOutput("held")
                let arguments =
                    site.siteArguments
                    + ["--json", "rename", "\(try site.id("photo"))", "name-a"]
                // However long the other one works: Moniker must not wait for hours.
                let result = try run("timeout", ["90", MonikerBinary.path] + arguments)
                holder.killAtOnce()
                #expect([1, 75].contains(result.status), "\(result.errors)")
                let code = try FailureReport(json: result.output).error.code
                #expect(["database-locked", "busy"].contains(code), "\(result.output)")
                #expect(result.errorLines.count == 1)
                _ = try holder.finish()
                try site.expectUnchanged(since: before)
            }
        }

        @Test("An SQLite file that somebody else has locked")
        func lockedFile() throws {
            try TestSite.with(.sqlite) { site in
                let before = try site.snapshot()
                let holder = try RunningCommand(
                    "php",
                    [
                        TestSite.package.path + "/Tests/Support/wordpress/hold.php",
                        site.live.path, "BEGIN EXCLUSIVE",
                    ])
                try holder.waitForOutput("held")
                let arguments =
                    site.siteArguments
                    + ["--json", "rename", "\(try site.id("photo"))", "name-a"]
                let result = try run("timeout", ["90", MonikerBinary.path] + arguments)
                holder.killAtOnce()
                #expect([1, 75].contains(result.status), "\(result.errors)")
                let code = try FailureReport(json: result.output).error.code
                #expect(["database-locked", "busy"].contains(code), "\(result.output)")
                _ = try holder.finish()
                try site.expectUnchanged(since: before)
            }
        }

        @Test("A trigger that refuses an update: rolled back, its words are passed on (W50)")
        func refusingTrigger() throws {
            try TestSite.with(.mariadb) { site in
                try site.sql(
                    """
                    CREATE TRIGGER wp_acme_refuse BEFORE UPDATE ON wp_acme_textkey FOR EACH ROW
                    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'this table is frozen';
                    """)
                let before = try site.snapshot()
                let result = try site.moniker(
                    ["--json", "rename", "\(try site.id("photo"))", "name-a"])
                #expect(result.status == 1)
                #expect(result.errors.contains("frozen"), "\(result.errors)")
                #expect(result.errors.contains("wp_acme_textkey"), "\(result.errors)")
                try site.expectUnchanged(since: before)
            }
        }

        @Test("`site` warns of tables without transactions (T15)")
        func warnsOfMyISAM() throws {
            try TestSite.with(.mariadb) { site in
                let result = try site.moniker(["site"])
                #expect(result.status == 0, "\(result.errors)")
                #expect((result.output + result.errors).contains("wp_acme_myisam"))
            }
        }
    }
}
