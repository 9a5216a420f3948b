/// A piece of an HTML page: what is interpolated into it is text and is escaped.
///
/// Literals of this program are the only markup there is: no text can become some.
struct HTML: ExpressibleByStringInterpolation {
    /// The markup.
    private(set) var markup: String

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var markup = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            markup.reserveCapacity(literalCapacity * 2)
        }

        mutating func appendLiteral(_ literal: String) { markup += literal }
        /// Text, wherever it is from.
        mutating func appendInterpolation(_ text: some StringProtocol) {
            markup += HTML.escaped(String(text))
        }
        /// A number.
        mutating func appendInterpolation(_ number: some FixedWidthInteger) {
            markup += String(number)
        }
        /// Markup.
        mutating func appendInterpolation(_ html: HTML) { markup += html.markup }
        /// Pieces of markup, one after the other.
        mutating func appendInterpolation(_ pieces: [HTML]) {
            for piece in pieces { markup += piece.markup }
        }
    }

    init(stringLiteral literal: String) { markup = literal }
    init(stringInterpolation: StringInterpolation) { markup = stringInterpolation.markup }

    /// The text as it stands in contents and in quoted attributes.
    ///
    /// Control characters and those that turn the direction of text are left out.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in PlainLine.of(text).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "`": result += "&#96;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
