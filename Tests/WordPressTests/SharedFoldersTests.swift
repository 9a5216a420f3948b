import Foundation
import Model
import Testing
import WordPress

/// What is known of many attachments at once has to be what is known of each.
@Suite struct SharedFoldersTests {
    @Test(
        "the folders of attachments and of those that share their files are those of the families")
    func equalsFamilies() throws {
        let site = try LibrarySite()
        try site.write("2024/05/a.jpg", "2024/05/b.jpg", "2024/06/a.jpg", "top.jpg")
        // Two translations of one file, one of which has no metadata of its own worth mentioning.
        try site.attach(1, "2024/05/a.jpg", sizes: ["a-300x200.jpg"])
        try site.attach(2, "2024/05/a.jpg")
        try site.attach(3, "2024/05/b.jpg")
        try site.attach(4, "2024/06/a.jpg")
        try site.attach(5, "top.jpg")
        try site.attach(6, "2024/06/missing.jpg")
        // No attachment, no file, a second row of the key, one that leaves the folder.
        try site.sql(
            """
            INSERT INTO wp_posts VALUES (7, '', '', '', 'image/jpeg', 0, 'attachment'),
                (8, '', '', '', '', 0, 'post'), (9, '', '', '', 'image/jpeg', 0, 'attachment'),
                (10, '', '', '', 'image/jpeg', 0, 'attachment');
            INSERT INTO wp_postmeta (post_id, meta_key, meta_value) VALUES
                (8, '_wp_attached_file', '2024/05/a.jpg'),
                (9, '_wp_attached_file', '2024/05/b.jpg'),
                (9, '_wp_attached_file', '2024/06/a.jpg'),
                (10, '_wp_attached_file', '../../secret.jpg'),
                (3, '_WP_ATTACHED_FILE', 'top.jpg');
            """)
        for ids in [[1], [2], [3], [9], [4, 5], [6], [7], [8], [10], [11], [1, 5, 6, 9]] {
            let wanted = Set(ids.map { AttachmentID(Int64($0)) })
            var library = try site.library(.some(wanted))
            var expected: [AttachmentID: MediaPath?] = [:]
            for id in wanted {
                guard let family = try library.family(of: id) else { continue }
                for member in family.attachments {
                    expected.updateValue(family.directory, forKey: member)
                }
            }
            let shared = try SharedFolders(
                of: wanted, database: site.database, prefix: "wp_", uploads: site.uploads)
            #expect(shared.folders == expected, "\(ids)")
        }
    }
}
