import Foundation

/// The forms in which redirects can be written.
public enum RedirectFormat: String, CaseIterable, Sendable {
    /// `location = …` blocks to include in a server block.
    case nginx
    /// mod_alias rules for .htaccess or a virtual host.
    case apache
    /// A Caddyfile snippet.
    case caddy
    /// The CSV that the Redirection plugin imports.
    case redirectionCSV = "redirection-csv"
    /// The JSON that the Redirection plugin imports.
    case redirectionJSON = "redirection-json"

    /// Writes redirects, one permanent redirect from each old path to its new one.
    ///
    /// Names are literals in every form: quoted, percent-encoded or escaped as the form needs.
    public func text(for redirects: [Redirect]) -> String {
        switch self {
        case .nginx:
            redirects.map {
                "location = \"\(Self.quoted($0.old))\" { return 301 \"\(Self.encoded($0.new))\"; }\n"
            }.joined()
        case .apache:
            // mod_alias matches the decoded path, with its slash, in every place it is written.
            redirects.map {
                "RedirectMatch 301 \"^\(Self.expression($0.old))$\" \"\(Self.encoded($0.new))\"\n"
            }.joined()
        case .caddy:
            redirects.map {
                "redir \"\(Self.quoted(Self.encoded($0.old)))\" \"\(Self.quoted(Self.encoded($0.new)))\" permanent\n"
            }.joined()
        case .redirectionCSV:
            "source,target,regex,code,type,hits,title,status\n"
                + redirects.map {
                    "\(Self.csv(Self.encoded($0.old))),\(Self.csv(Self.encoded($0.new))),0,301,url,0,,active\n"
                }.joined()
        case .redirectionJSON: Self.redirectionJSON(redirects)
        }
    }

    /// RFC 3986: everything but unreserved characters and the slash is percent-encoded.
    private static func encoded(_ path: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func quoted(_ text: String) -> String {
        text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(
            of: "\"", with: "\\\"")
    }

    /// A literal as a PCRE expression, inside double quotes.
    private static func expression(_ text: String) -> String {
        var result = ""
        for character in text {
            if "\\^$.|?*+()[]{}\"#".contains(character) || character == " " { result += "\\" }
            result.append(character)
        }
        return result
    }

    private static func csv(_ field: String) -> String {
        field.contains { ",\"\n\r;|".contains($0) }
            ? "\"" + field.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : field
    }

    private struct RedirectionFile: Encodable {
        struct Plugin: Encodable {
            var version: String
            var date: String
        }
        struct Group: Encodable {
            var id: Int
            var name: String
            var redirects: Int
            var module_id: Int
            var moduleName: String
            var enabled: Bool
        }
        struct Action: Encodable { var url: String }
        struct Source: Encodable {
            var flag_case: Bool
            var flag_regex: Bool
        }
        struct Match: Encodable { var source: Source }
        struct Item: Encodable {
            var id: Int
            var url: String
            var match_url: String
            var match_data: Match
            var action_code: Int
            var action_type: String
            var action_data: Action
            var match_type: String
            var title: String
            var hits: Int
            var regex: Bool
            var group_id: Int
            var position: Int
            var enabled: Bool
        }
        var plugin: Plugin
        var groups: [Group]
        var redirects: [Item]
    }

    private static func redirectionJSON(_ redirects: [Redirect]) -> String {
        let file = RedirectionFile(
            plugin: .init(version: "5.4.2", date: "Thu, 01 Jan 1970 00:00:00 +0000"),
            groups: [
                .init(
                    id: 1, name: "Moniker", redirects: redirects.count, module_id: 1,
                    moduleName: "WordPress", enabled: true)
            ],
            redirects: redirects.enumerated().map { index, redirect in
                .init(
                    id: index + 1, url: encoded(redirect.old), match_url: encoded(redirect.old),
                    match_data: .init(source: .init(flag_case: false, flag_regex: false)),
                    action_code: 301, action_type: "url",
                    action_data: .init(url: encoded(redirect.new)), match_type: "url", title: "",
                    hits: 0, regex: false, group_id: 1, position: index, enabled: true)
            })
        return JSONText.pretty(file) + "\n"
    }
}
