import Mustache

/// Escapes texts for HTML, in elements and in quoted attributes.
///
/// Mustache's own escaping looks at characters as people see them: a quotation mark with a combining
/// accent after it is one such character and another one than the mark alone, and would end an
/// attribute. Browsers see code points, and so does this.
struct HTMLEscaping: MustacheContentType {
    /// The name that templates know it by.
    static let name = "MONIKER"

    func escapeText(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        escaped.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
            case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
            case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
            case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
            case "'": escaped.append(contentsOf: "&#39;".unicodeScalars)
            // Browsers end attributes at backquotes in some modes, and refuse NUL.
            case "`": escaped.append(contentsOf: "&#96;".unicodeScalars)
            case "\0": escaped.append("\u{FFFD}")
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}
