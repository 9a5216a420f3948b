import Foundation
import Model

/// Names and values as queries and forms carry them (WHATWG URL,
/// "application/x-www-form-urlencoded parsing").
enum FormFields {
    /// Parses a query or a form.
    ///
    /// - Throws: `invalid-argument` for what is no UTF-8, and for a name that stands there twice.
    static func parse(_ text: String) throws(MonikerError) -> [String: String] {
        var fields: [String: String] = [:]
        for part in text.split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                .map { $0.replacing("+", with: " ").removingPercentEncoding }
            guard let name = pair[0], let value = pair.count > 1 ? pair[1] : "" else {
                throw MonikerError(.invalidArgument, "the query is no UTF-8 with percent signs")
            }
            guard fields.updateValue(value, forKey: name) == nil else {
                throw MonikerError(
                    .invalidArgument, "the parameter \"\(name.prefix(50))\" stands there twice")
            }
        }
        return fields
    }
}
