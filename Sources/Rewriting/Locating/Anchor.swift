import Patterns

/// One way in which the uploads folder ends in a reference, with what may stand before it.
final class Anchor: Sendable {
    /// Finds the folder's last segments and the separator behind them, in any dress.
    let pattern: Pattern
    /// The pattern's source, to be part of another.
    let expression: String
    /// The text that the pattern stands for, decoded, without the separator behind it.
    let text: [UInt8]
    /// URL paths that may stand before `text`, each beginning and ending with a slash.
    let urlLeads: [[UInt8]]
    /// Server folders that may stand before `text`, each ending with a slash.
    let directoryLeads: [[UInt8]]
    /// Whether the anchor is a host, because uploads lie at its root.
    let isHost: Bool
    /// A word of the text that a match has as it is, and where it begins there; a host has none,
    /// because its letters may be of either case.
    let word: Literal
    let wordOffset: Int
    /// The text with the separator behind it.
    let plain: Literal

    /// The position behind the text that is judged: the folder is known, a host is not.
    func end(of hit: Range<Int>) -> Int { isHost ? hit.upperBound : hit.lowerBound }

    private init(
        expression: String, text: [UInt8], urlLeads: [[UInt8]], directoryLeads: [[UInt8]],
        isHost: Bool
    ) {
        pattern = Pattern(expression)
        self.expression = expression
        self.text = text
        self.urlLeads = urlLeads
        self.directoryLeads = directoryLeads
        self.isHost = isHost
        plain = Literal(text + [UInt8(ascii: "/")])
        let run = text.split { !PrefilterBuilder.isWordByte($0) }.max { $0.count < $1.count } ?? []
        word = Literal(isHost ? [] : Array(run))
        wordOffset = run.startIndex
    }

    /// Whether there is a word to search for.
    var hasWord: Bool { !word.bytes.isEmpty }

    /// The anchors of a location: one for each different ending of its paths.
    static func all(of location: UploadsLocation) -> [Anchor] {
        var order: [[UInt8]] = []
        var urlLeads: [[UInt8]: [[UInt8]]] = [:]
        var directoryLeads: [[UInt8]: [[UInt8]]] = [:]
        for path in location.urlPaths where !path.isEmpty {
            let (lead, ending) = split(Array(path.utf8))
            if !order.contains(ending) { order.append(ending) }
            urlLeads[ending, default: []].append(lead)
        }
        for path in location.directories {
            let (lead, ending) = split(path)
            guard !ending.isEmpty else { continue }
            if !order.contains(ending) { order.append(ending) }
            directoryLeads[ending, default: []].append(lead)
        }
        var anchors = order.map { ending in
            Anchor(
                expression: Dress.expression(for: ending) + Dress.separator,
                text: ending, urlLeads: urlLeads[ending] ?? [],
                directoryLeads: directoryLeads[ending] ?? [], isHost: false)
        }
        if location.urlPaths.contains("") {
            // Uploads at the root of a host: the host is what a reference is found by.
            for host in location.hosts.sorted() {
                let text = Array(host.utf8)
                anchors.append(
                    Anchor(
                        expression:
                            "(?i:\(Dress.expression(for: text)))\(Dress.port)?+\(Dress.separator)",
                        text: text, urlLeads: [], directoryLeads: [],
                        isHost: true))
            }
        }
        return anchors
    }

    /// A path split before its last two segments.
    private static func split(_ path: [UInt8]) -> (lead: [UInt8], ending: [UInt8]) {
        let slashes = path.indices.filter { path[$0] == UInt8(ascii: "/") }
        guard let cut = slashes.count >= 2 ? slashes[slashes.count - 2] : slashes.first else {
            return ([], path)
        }
        return (Array(path[...cut]), Array(path[(cut + 1)...]))
    }
}

/// The dresses of single characters, as parts of a pattern.
enum Dress {
    /// A separator: `/`, `\/` with any number of backslashes, Windows' `\`, `%2F` however often
    /// encoded, `\u002f`, and the entities.
    static let separator =
        #"(?:/|\\++/?(?!u00)|%(?:25)*+2[fF]|\\++u002[fF]|&(?:amp;)*+(?:#0*+47|#[xX]0*+2[fF]|sol);)"#

    /// A port behind a host.
    static let port = "(?:(?::|%(?:25)*+3[aA])[0-9]{1,5}+)"

    /// A pattern that matches a literal in any dress.
    static func expression(for literal: [UInt8]) -> String {
        literal.map(expression(for:)).joined()
    }

    private static func expression(for byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "/"): return separator
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            return String(UnicodeScalar(byte))
        default:
            let digits = Array("0123456789abcdef")
            let hexadecimal = String([digits[Int(byte >> 4)], digits[Int(byte & 15)]])
            let either = hexadecimal.map { $0.isLetter ? "[\($0)\($0.uppercased())]" : "\($0)" }
                .joined()
            let raw = #"\x\#(hexadecimal)"#
            guard byte < 0x80 else { return "(?:\(raw)|%(?:25)*+\(either))" }
            // What is repeated must not eat the character itself.
            if byte == UInt8(ascii: "\\") { return #"(?:\\++|%(?:25)*+5[cC])"# }
            if byte == UInt8(ascii: "%") { return "%(?:25)*+" }
            return
                #"(?:\\*+\#(raw)|%(?:25)*+\#(either)|\\++u00\#(either)|&(?:amp;)*+(?:#0*+\#(byte)|#[xX]0*+\#(either));)"#
        }
    }
}
