import Foundation

/// SQL that makes the texts of the test site what a test needs, and that counts them.
enum Library {
    /// Alt texts of all kinds: missing on ids that 3 divides, empty on purpose where the rest is 1,
    /// white space for one, present elsewhere; captions and descriptions for some.
    static let mixedTexts = """
        DELETE FROM wp_postmeta WHERE meta_key = '_wp_attachment_image_alt' AND post_id % 3 = 0;
        UPDATE wp_postmeta SET meta_value = '' WHERE meta_key = '_wp_attachment_image_alt'
            AND post_id % 3 = 1;
        UPDATE wp_postmeta SET meta_value = '   ' WHERE meta_key = '_wp_attachment_image_alt'
            AND post_id % 3 = 1 AND post_id % 2 = 0;
        UPDATE wp_posts SET post_excerpt = 'A caption' WHERE post_type = 'attachment' AND ID % 4 = 0;
        UPDATE wp_posts SET post_content = 'A text' WHERE post_type = 'attachment' AND ID % 5 = 0;
        UPDATE wp_posts SET post_title = '' WHERE post_type = 'attachment' AND ID % 7 = 0;
        """

    /// The ids of images for which a condition is true, in order.
    static func ids(_ site: TestSite, _ condition: String) throws -> [Int] {
        try site.sql(
            """
            SELECT ID FROM wp_posts LEFT JOIN wp_postmeta ON post_id = ID
                AND meta_key = '_wp_attachment_image_alt'
            WHERE post_type = 'attachment' AND post_mime_type LIKE 'image/%' AND (\(condition))
            ORDER BY ID;
            """
        ).split(separator: "\n").compactMap { Int($0) }
    }
}

extension TestSite {
    /// Runs a reading command with `--json` that has to succeed.
    func read<Value: Decodable>(_ arguments: [String], as type: Value.Type) throws -> Value {
        let result = try moniker(["--json"] + arguments)
        guard result.status == 0 else {
            throw HelperFailure(description: "\(arguments): \(result.errors) \(result.output)")
        }
        return try JSONDecoder().decode(type, from: Data(result.output.utf8))
    }

    /// Runs a Python script of the tests on some input.
    static func python<Value: Decodable>(
        _ script: String, _ arguments: [String] = [], input: String? = nil, as type: Value.Type
    ) throws -> Value {
        let path = package.appendingPathComponent("Tests/Support/report/\(script)").path
        let output = try runHelper("python3", ["-B", path] + arguments, input: input)
        return try JSONDecoder().decode(type, from: Data(output.utf8))
    }
}

/// Images as `images --json` and `show --json` tell them.
struct ListedImage: Decodable {
    var id: Int
    var file: String
    var title: String
    var alt: String
    var fields: [String: String]
    var missing: [String]
    var uses: Int
    var language: String
    var camera_name: Bool
    var width: Int?
}
