import Foundation
public import Model
import Secrets

/// An application password of WordPress; it never prints itself.
public struct ApplicationPassword: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The variable of the environment that may hold it.
    public static let variable = "MONIKER_REST_PASSWORD"

    private let secret: String

    /// Creates a password.
    ///
    /// Nil where the text, trimmed of blanks, is empty or has more than one line. The blanks that
    /// WordPress shows between the groups may stay.
    public init?(_ text: String) {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0.isNewline }
        let start = text.firstIndex { !isBlank($0) } ?? text.endIndex
        let end = text.lastIndex { !isBlank($0) }.map(text.index(after:)) ?? start
        let trimmed = text[start..<end]
        guard !trimmed.isEmpty, trimmed.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            return nil
        }
        secret = String(trimmed)
    }

    /// The password that the environment holds; nil where its variable is not set.
    ///
    /// - Throws: `password-missing` where the variable holds no usable password.
    public static func from(
        environment: [String: String]
    ) throws(MonikerError) -> ApplicationPassword? {
        guard let text = environment[variable], !text.isEmpty else { return nil }
        guard let password = ApplicationPassword(text) else {
            throw MonikerError(
                .passwordMissing, "\(variable) holds no password on one line; set it again")
        }
        return password
    }

    /// The password in a file that only its owner can read.
    ///
    /// - Throws: `password-missing` where there is no such file or no password in it;
    ///   `password-file-unsafe` where others can read or write it, or it is no regular file of
    ///   this user.
    public static func from(file path: String) throws(MonikerError) -> ApplicationPassword {
        let text: String
        do throws(SecretFile.Refusal) {
            text = try SecretFile.text(of: path, limit: 1024)
        } catch {
            throw refusal(of: path, error)
        }
        guard let password = ApplicationPassword(text) else { throw refusal(of: path, .noSecret) }
        return password
    }

    private static func refusal(of path: String, _ reason: SecretFile.Refusal) -> MonikerError {
        switch reason {
        case .unopened(let isLink):
            MonikerError(
                isLink ? .passwordFileUnsafe : .passwordMissing,
                "the password file \(path) cannot be opened as a file; check the path and its owner"
            )
        case .notOwn:
            MonikerError(
                .passwordFileUnsafe, "the password file \(path) is no regular file of yours")
        case .exposed(let mode):
            MonikerError(
                .passwordFileUnsafe,
                "the password file \(path) can be used by others (mode \(mode)); run chmod 600 on "
                    + "it, and revoke the password in WordPress if others may have read it")
        case .noSecret:
            MonikerError(
                .passwordMissing,
                "the password file \(path) does not hold one password and nothing else")
        }
    }

    /// Dots.
    public var description: String { "•••" }
    /// Dots.
    public var debugDescription: String { "•••" }
    /// Nothing, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// The value of the field `Authorization` (RFC 7617).
    func authorization(user: String) -> String { "Basic " + encoded(user: user) }

    private func encoded(user: String) -> String {
        Data((user + ":" + secret).utf8).base64EncodedString()
    }

    /// A text that somebody else wrote, without the password in any form that was sent.
    func redacting(_ text: String, user: String) -> String {
        [encoded(user: user), secret, secret.filter { $0 != " " }].reduce(text) {
            $0.replacingScalars($1, with: "•••")
        }
    }
}
