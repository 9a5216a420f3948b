import Model
import TestSupport

/// Edits of every kind, made at random, as SQL for an engine's own client.
struct Storm {
    let engine: SiteEngine
    var random: SplitMix64

    init(_ engine: SiteEngine, seed: UInt64) {
        self.engine = engine
        random = SplitMix64(seed: seed)
    }

    static let names = (1...8).map { "2024/0\($0 % 3 + 1)/IMG_\($0).jpg" }
    static let paths = names.compactMap { MediaPath(ifValid: $0.utf8) }

    private mutating func pick<Choice>(_ choices: [Choice]) -> Choice {
        choices[Int.random(in: choices.indices, using: &random)]
    }

    /// A few of the paths.
    mutating func somePaths() -> [MediaPath] {
        (0..<Int.random(in: 1...2, using: &random)).map { _ in pick(Self.paths) }
    }

    // MARK: Values

    /// A value that names a few pictures, or none, in some dress.
    mutating func value() -> String {
        let name = pick(Self.names)
        let url = "https://example.com/wp-content/uploads/\(name)"
        let escaped = url.replacing("/", with: "\\/")
        let serialized = "s:\(url.utf8.count):\"\(url)\";"
        switch Int.random(in: 0..<17, using: &random) {
        case 0: return "<img src=\"\(url)\" srcset=\"\(url) 300w\">"
        case 1: return name
        case 2: return "{\"url\":\"\(escaped)\",\"n\":1}"
        case 3: return "a:2:{i:0;\(serialized)i:1;i:5;}"
        case 4:
            let json = "{\"url\":\"\(escaped)\"}"
            return "a:1:{i:0;s:\(json.utf8.count):\"\(json)\";}"
        case 5: return percent(url)
        case 6: return base64("<a href=\"\(url)\">x</a>")
        case 7: return "before \(base64(url)) after"
        case 8: return "url(/wp-content/uploads/\(name)) &#47;wp-content&#47;uploads&#47;\(name)"
        case 9: return "a:1:{i:0;s:9:\"\(url)\";}"
        case 10: return "{\"broken\":\"\(escaped)"
        case 11: return "https://elsewhere.org/wp-content/uploads/\(name)"
        case 12: return "<!-- wp:image {\"url\":\"\(url)\"} --><p>\(url)</p><!-- /wp:image -->"
        case 13: return "a:1:{\(serialized)i:1;}"
        case 14: return base64(name)
        case 15: return "nothing to see"
        default: return "x" + name + "y"
        }
    }

    private func percent(_ text: String) -> String {
        text.utf8.map { byte in
            let isWord = byte >= 0x30 && byte <= 0x39 || (0x61...0x7A).contains(byte | 0x20)
            let digits = String(byte, radix: 16, uppercase: true)
            return isWord ? String(UnicodeScalar(byte)) : "%" + digits
        }.joined()
    }

    private func base64(_ text: String) -> String {
        let alphabet = Array(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var result = ""
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let group = rest.prefix(3)
            rest = rest.dropFirst(3)
            let number =
                group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0...group.count {
                result.append(alphabet[number >> (18 - 6 * place) & 63])
            }
            result += String(repeating: "=", count: 3 - group.count)
        }
        return result
    }

    /// A value as a literal: bytes, which both engines take for text.
    private mutating func literal() -> String {
        let digits = value().utf8.map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }.joined()
        return engine == .sqlite
            ? "CAST(X'\(digits)' AS TEXT)" : "CONVERT(X'\(digits)' USING utf8mb4)"
    }

    // MARK: Edits

    /// Some edits, one after another.
    mutating func edits(_ count: Int) -> String {
        (0..<count).map { _ in edit() }.joined(separator: "\n") + "\n"
    }

    private mutating func number() -> Int { Int.random(in: 1...40, using: &random) }

    private mutating func edit() -> String {
        switch Int.random(in: 0..<16, using: &random) {
        case 0: return "REPLACE INTO wp_posts VALUES (\(number()), \(literal()), \(literal()));"
        case 1: return "UPDATE wp_posts SET body = \(literal()) WHERE id = \(number());"
        case 2: return "UPDATE wp_posts SET title = \(literal()) WHERE id % 7 = \(number() % 7);"
        case 3: return "DELETE FROM wp_posts WHERE id = \(number());"
        case 4:
            // A unique key other than the primary one makes another row go.
            return
                "REPLACE INTO wp_settings VALUES (\(number()), 'o\(number() % 20)', \(literal()));"
        case 5:
            let change =
                engine == .sqlite
                ? "ON CONFLICT (name) DO UPDATE SET body = excluded.body"
                : "ON DUPLICATE KEY UPDATE body = VALUES(body)"
            return
                "INSERT INTO wp_settings (id, name, body) SELECT coalesce(max(id), 0) + 1, 'o\(number() % 20)', \(literal()) FROM wp_settings WHERE 1 = 1 \(change);"
        case 6: return "REPLACE INTO wp_text VALUES ('Key \(number()) ü', \(literal()));"
        case 7:
            return
                "UPDATE \(ignoring) wp_text SET k = 'Key \(number()) ü' WHERE k = 'Key \(number()) ü';"
        case 8:
            return
                "REPLACE INTO wp_pair VALUES (\(number() % 5), 'b,\(number() % 5)', \(literal()));"
        case 9:
            return
                "UPDATE \(ignoring) wp_pair SET a = \(number() % 5), b = 'b,\(number() % 5)' WHERE a = \(number() % 5) AND b = 'b,\(number() % 5)';"
        case 10: return "REPLACE INTO wp_bytes VALUES (\(number()), \(literal()));"
        case 11: return "INSERT INTO wp_nokey VALUES (\(number()), \(literal()));"
        case 12: return "DELETE FROM wp_nokey WHERE id = \(number());"
        case 13:
            return
                "\(begin); UPDATE wp_posts SET body = \(literal()) WHERE id = \(number()); DELETE FROM wp_bytes WHERE id = \(number()); ROLLBACK;"
        case 14:
            return
                "\(begin); UPDATE wp_posts SET body = \(literal()) WHERE id < \(number()); UPDATE wp_settings SET body = upper(body) WHERE id = \(number()); COMMIT;"
        default:
            return
                "UPDATE \(ignoring) wp_posts SET id = \(number()) WHERE id = \(number()); UPDATE wp_posts SET title = 'IMG' WHERE id = \(number());"
        }
    }

    private var ignoring: String { engine == .sqlite ? "OR IGNORE" : "IGNORE" }
    private var begin: String { engine == .sqlite ? "BEGIN IMMEDIATE" : "START TRANSACTION" }
}
