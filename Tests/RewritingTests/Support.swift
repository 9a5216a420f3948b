import Model
import Rewriting

/// The site and the renames that most tests of this target use.
enum Sample {
    static let pairs: [(String, String)] = [
        ("2024/05/IMG_1.jpg", "2024/05/red-bike.jpg"),
        ("2024/05/IMG_1-300x200.jpg", "2024/05/red-bike-300x200.jpg"),
        ("2024/05/IMG_1-1024x683.jpg", "2024/05/red-bike-1024x683.jpg"),
        ("2024/05/legacy photo.jpg", "2024/05/old-harbour.jpg"),
        ("2024/05/photo%20encoded.jpg", "2024/05/encoded.jpg"),
        ("2024/05/東京.jpg", "2024/05/tokyo.jpg"),
        ("2024/05/Café.jpg", "2024/05/cafe.jpg"),
        ("2024/05/double--dash.jpg", "2024/05/dash.jpg"),
        ("2024/05/a(1)+[x].jpg", "2024/05/brackets.jpg"),
        ("2024/05/05.jpg", "2024/05/five.jpg"),
        ("2024/05/plain.jpg", "2024/05/b(1)+[x].jpg"),
        ("2024/05/ascii.jpg", "2024/05/大阪.jpg"),
    ]

    static func map(_ pairs: [(String, String)] = pairs) throws -> RenameMap {
        try RenameMap(pairs.map { (old: try MediaPath($0.0), new: try MediaPath($0.1)) })
    }

    static let location = UploadsLocation(
        hosts: ["example.com"], urlPaths: ["/wp-content/uploads"],
        directories: [Array("/var/www/html/wp-content/uploads".utf8)],
        assumesUsualServerFolders: false)

    static func rewriter(
        _ pairs: [(String, String)] = pairs, location: UploadsLocation = location
    ) throws -> Rewriter {
        try Rewriter(map: try map(pairs), location: location)
    }
}

extension Rewriter {
    /// The value after rewriting.
    func result(_ value: String, role: ValueRole = .ordinary) -> String {
        let bytes = Array(value.utf8)
        return String(
            decoding: rewrite(bytes, role: role).splices.applied(to: bytes), as: UTF8.self)
    }
}

/// A PHP-serialized string, with its length in bytes.
func s(_ text: String) -> String { "s:\(text.utf8.count):\"\(text)\";" }
