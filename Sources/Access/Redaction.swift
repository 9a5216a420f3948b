import Model

/// Takes secrets out of texts before they are logged.
///
/// The last line of defence: nothing logs a secret on purpose.
public struct Redaction: Sendable {
    private let secrets: [String]

    /// Creates a redaction.
    ///
    /// - Parameter secrets: values that must never be seen, such as keys from the environment; those
    ///   of less than 8 characters are left out, because they would hide ordinary words.
    public init(secrets: [String] = []) {
        self.secrets = secrets.filter { $0.utf8.count >= 8 }
    }

    /// The text with every secret, and everything that looks like a token, as `***`.
    public func callAsFunction(_ text: String) -> String {
        var text = text
        for secret in secrets { text = text.replacingScalars(secret, with: "***") }
        guard text.contains(AccessStore.tokenPrefix) else { return text }
        return Self.withoutTokens(text)
    }

    private static func withoutTokens(_ text: String) -> String {
        var result = ""
        var rest = Substring(text)
        while let found = rest.firstRange(of: AccessStore.tokenPrefix) {
            result += rest[..<found.lowerBound] + "***"
            rest = rest[found.upperBound...].drop {
                $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0))
            }
        }
        return result + rest
    }
}
