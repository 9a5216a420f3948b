import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// A rename of thousands of rows on a real MariaDB, stopped by Ctrl-C between two transactions.
    @Suite("Several transactions") struct SeveralTransactionsTests {
        /// Enough for dozens of transactions.
        private static let posts = 20_000

        private func fill(_ site: TestSite) throws {
            try site.sql(
                """
                INSERT INTO wp_posts (post_author, post_date, post_date_gmt, post_content, post_title,
                    post_excerpt, post_status, post_name, to_ping, pinged, post_modified,
                    post_modified_gmt, post_content_filtered, guid, post_type)
                SELECT post_author, post_date, post_date_gmt,
                    CONCAT(post_content, ' ', REPEAT('filler ', 100), seq), post_title, post_excerpt,
                    post_status, CONCAT('copy-', seq), to_ping, pinged, post_modified,
                    post_modified_gmt, post_content_filtered, CONCAT('https://example.com/?copy=', seq),
                    post_type
                FROM wp_posts JOIN seq_1_to_\(Self.posts)
                WHERE ID = (SELECT MIN(ID) FROM wp_posts
                    WHERE post_content LIKE '%wp-content/uploads/%' AND post_type = 'post');
                """)
        }

        /// Runs the rename until its marker says that a part is done, and interrupts it there.
        private func interrupted(_ site: TestSite) throws -> CommandResult {
            let command = try RunningCommand(
                MonikerBinary.path,
                site.siteArguments
                    + ["--json", "rename", "--map", site.libraryMap.path, "--keep-old", "none"])
            let marker = "SELECT decision FROM wp_moniker_tx WHERE decision LIKE 'part:%';"
            try wait(for: "the first of several transactions, or the end") {
                guard command.isRunning else { return true }
                let tables = try site.sql("SHOW TABLES LIKE 'wp_moniker_tx';")
                return try !tables.isEmpty && !site.sql(marker).isEmpty
            }
            command.interrupt()
            return try command.finish()
        }

        @Test("Ctrl-C: recover --roll-back gives every byte back, recover finishes")
        func stopped() throws {
            try TestSite.with(.mariadb) { site in
                try fill(site)
                let before = try site.snapshot()

                let first = try interrupted(site)
                #expect(first.status == 3, "\(first.errors)")
                #expect(try FailureReport(json: first.output).error.code == "unfinished")
                // Both names of everything work, so WordPress misses nothing.
                try site.expectWordPressIsContent()
                let back = try site.moniker(["--json", "recover", "--roll-back"])
                #expect(back.status == 0 && back.output.contains("\"reverted\""), "\(back.errors)")
                try site.expectUnchanged(since: before, "by a rename that was taken back")

                let second = try interrupted(site)
                #expect(second.status == 3, "\(second.errors)")
                let done = try site.moniker(["--json", "recover"])
                #expect(done.status == 0 && done.output.contains("\"done\""), "\(done.errors)")
                // Each copy is what its original has become, which other tests look at.
                let alike = try site.sql(
                    """
                    SELECT COUNT(*) FROM wp_posts copy JOIN wp_posts original
                        ON original.ID = (SELECT MIN(ID) FROM wp_posts
                            WHERE post_content LIKE '%wp-content/uploads/%' AND post_type = 'post')
                    WHERE copy.post_name LIKE 'copy-%' AND LEFT(copy.post_content,
                        CHAR_LENGTH(original.post_content)) = BINARY original.post_content;
                    """)
                #expect(alike.trimmingCharacters(in: .whitespacesAndNewlines) == "\(Self.posts)")
                #expect(try site.moniker(["verify"]).status == 0)
                let journal = try site.latestJournal(
                    in: site.moniker(["--json", "journal"]).output)
                try site.change(["revert", journal])
                try site.expectUnchanged(
                    since: before, "by a rename that was finished and reverted")
            }
        }
    }
}

extension RunningCommand {
    /// Asks it to stop, as Ctrl-C does.
    fileprivate func interrupt() { send(SIGINT) }
}
