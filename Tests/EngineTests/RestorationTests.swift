import Model
import Testing

@testable import Engine

/// What a revert puts back where rewriting the references alone would not.
@Suite struct RestorationTests {
    /// Spellings of one path of which a rename to a plain name keeps nothing.
    private static let spellings = [
        "/wp-content/uploads/2024/05/%49MG_1.jpg",
        "/wp-content/uploads/2024/05/IMG%5f1.jpg",
        "/wp-content/uploads/2024/05/&#73;MG_1.jpg",
        "/wp-content/uploads/2024/05/IMG_1.jpg",
    ]

    private func renamedSite() throws -> (site: EngineSite, id: JournalID, before: String) {
        let site = try EngineSite()
        // A part with a row without a key would be written row by row.
        try site.sql("DELETE FROM wp_log")
        for (index, spelling) in Self.spellings.enumerated() {
            try site.sql("INSERT INTO wp_posts VALUES (\(10 + index), '<img src=\"\(spelling)\">')")
        }
        let before = try site.snapshot()
        let id = try site.rename(from: "IMG_1", to: "red-bike").id
        let after = try site.snapshot()
        #expect(!after.contains("MG_1.jpg") && !after.contains("IMG%5f1"), "\(after)")
        return (site, id, before)
    }

    @Test("every spelling comes back, beside values whose spelling is the usual one")
    func spellings() throws {
        let (site, id, before) = try renamedSite()
        _ = try site.revert(id)
        #expect(try site.snapshot() == before)
    }

    @Test("what was edited since keeps the edit, and what was not comes back as it was")
    func edited() throws {
        let (site, id, before) = try renamedSite()
        try site.sql(
            "UPDATE wp_posts SET post_content = post_content || ' edited' WHERE ID IN (10, 13)")
        _ = try site.revert(id)
        let expected = before.split(separator: "\n").map { (line: Substring) -> String in
            let isEdited = line.hasPrefix("10|") || line.hasPrefix("13|")
            let line = String(line)
            return isEdited
                ? line.replacing("%49MG_1", with: "IMG_1").replacing(">'", with: "> edited'")
                : line
        }
        #expect(try site.snapshot().split(separator: "\n").map(String.init) == expected)
    }
}
