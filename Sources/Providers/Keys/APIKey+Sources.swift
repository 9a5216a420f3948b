public import Model
import Secrets

extension APIKey {
    /// The key that the environment holds for a provider; nil where its variable is not set.
    ///
    /// - Throws: `key-missing` where the variable holds no usable key.
    public static func from(
        environment: [String: String], for provider: ProviderChoice
    ) throws(MonikerError) -> APIKey? {
        guard let text = environment[provider.keyVariable], !text.isEmpty else { return nil }
        guard let key = APIKey(text) else {
            throw MonikerError(
                .keyMissing,
                "\(provider.keyVariable) holds blanks or other characters that no key has; "
                    + "set it again")
        }
        return key
    }

    /// The key in a file that only its owner can read.
    ///
    /// - Throws: `key-missing` where there is no such file or no key in it; `key-file-unsafe`
    ///   where others can read or write it, or it is no regular file of this user.
    public static func from(file path: String) throws(MonikerError) -> APIKey {
        let text: String
        do throws(SecretFile.Refusal) {
            text = try SecretFile.text(of: path, limit: 4096)
        } catch {
            throw refusal(of: path, error)
        }
        guard let key = APIKey(text) else { throw refusal(of: path, .noSecret) }
        return key
    }

    private static func refusal(of path: String, _ reason: SecretFile.Refusal) -> MonikerError {
        switch reason {
        case .unopened(let isLink):
            MonikerError(
                isLink ? .keyFileUnsafe : .keyMissing,
                "the key file \(path) cannot be opened as a file; check the path and its owner")
        case .notOwn:
            MonikerError(
                .keyFileUnsafe, "the key file \(path) is no regular file of yours; make one")
        case .exposed(let mode):
            MonikerError(
                .keyFileUnsafe,
                "the key file \(path) can be used by others (mode \(mode)); run chmod 600 on it "
                    + "and renew the key if others may have read it")
        case .noSecret:
            MonikerError(
                .keyMissing, "the key file \(path) does not hold one key and nothing else")
        }
    }
}
