internal import Foundation

/// How text becomes part of a file name that no server, plugin or shell stumbles over.
enum Cleaning {
    /// The text in ASCII letters where it is written in any script; the rest as it is.
    ///
    /// Accents go (`é` is `e`, `ä` is `a`), letters become what they are called (`ß` is `ss`, `æ`
    /// is `ae`), other scripts are transliterated.
    static func latin(_ text: String) -> String {
        // ICU's tables take megabytes and time; most names need none of them.
        guard text.utf8.contains(where: { $0 >= 0x80 }) else { return text }
        let rules = StringTransform("Any-Latin; NFKD; [:Nonspacing Mark:] Remove; Latin-ASCII")
        // ICU knows these rules; were they missing, the bytes that are not ASCII would go below.
        return text.applyingTransform(rules, reverse: false) ?? text
    }

    /// ASCII letters, digits and `_`; everything else is one `-` between them.
    ///
    /// That covers whitespace, dots, and all that WordPress's `sanitize_file_name` strips.
    static func hyphenated(_ text: String) -> [UInt8] {
        var result: [UInt8] = []
        for byte in text.utf8 {
            if isWord(byte) {
                result.append(byte)
            } else if result.last != hyphen {
                result.append(hyphen)
            }
        }
        return trimmed(result)
    }

    /// The bytes without `-`, `.` and `_` at both ends.
    static func trimmed(_ stem: [UInt8]) -> [UInt8] {
        let isEdge: (UInt8) -> Bool = { $0 == hyphen || $0 == 0x2E || $0 == 0x5F }
        return Array(stem.drop(while: isEdge).reversed().drop(while: isEdge).reversed())
    }

    private static let hyphen = UInt8(ascii: "-")

    /// Whether a byte is an ASCII letter or digit, or `_`.
    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
        default: false
        }
    }
}
