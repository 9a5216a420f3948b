import GRDB
public import Model

extension AccessStore {
    /// What every token begins with, so that scanners of secrets, and our own logs, can find one.
    public static let tokenPrefix = "mnk_"

    /// Makes a token of 256 random bits.
    ///
    /// - Parameters:
    ///   - name: what its owner calls it; 1 to 100 characters without control characters.
    ///   - lifetime: seconds from now; nil for ever.
    /// - Throws: `invalid-argument` for a name that is none; `access-unusable`.
    public func createToken(
        name: String, scope: TokenScope, lifetime: Int64? = nil
    ) throws(MonikerError) -> NewAccessToken {
        guard (1...100).contains(name.count), !name.unicodeScalars.contains(where: Self.isControl)
        else {
            throw MonikerError(
                .invalidArgument,
                "a token needs a name of 1 to 100 characters without control characters")
        }
        let id = "T" + SecretBytes.random(bits: 72).filter(\.isIdentifier)
        let secret = SecretBytes.random(bits: 256)
        let record = AccessToken(
            id: id, name: name, scope: scope, created: now(),
            expires: lifetime.map { now() + $0 }, revoked: nil)
        try write { database in
            try database.execute(
                sql: """
                    INSERT INTO token (id, name, scope, digest, created, expires)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    id, name, scope.rawValue, SecretBytes.digest(secret), record.created,
                    record.expires,
                ])
        }
        return NewAccessToken(record: record, token: "\(Self.tokenPrefix)\(id).\(secret)")
    }

    /// All tokens, oldest first, with those that no longer work.
    public func tokens() throws(MonikerError) -> [AccessToken] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM token ORDER BY created, id")
                .map(Self.token)
        }
    }

    /// Ends a token; one that was ended already stays so.
    ///
    /// - Throws: `unknown-token`.
    public func revokeToken(_ id: String) throws(MonikerError) {
        let isKnown = try write { database in
            try database.execute(
                sql: "UPDATE token SET revoked = COALESCE(revoked, ?) WHERE id = ?",
                arguments: [now(), id])
            return database.changesCount > 0
        }
        guard isKnown else {
            throw MonikerError(
                .unknownToken, "there is no token \"\(id)\": `moniker token list` lists them",
                details: ["token": id])
        }
    }

    /// Who sent a token; nil where it is none, was revoked, or has ended.
    ///
    /// Looked up by its id, which is no secret; the digests are compared in constant time.
    public func token(authenticating sent: String) throws(MonikerError) -> AccessToken? {
        guard sent.utf8.count <= 200, sent.hasPrefix(Self.tokenPrefix) else { return nil }
        let parts = sent.dropFirst(Self.tokenPrefix.count)
            .split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let row = try read { database in
            try Row.fetchOne(
                database, sql: "SELECT * FROM token WHERE id = ?", arguments: [String(parts[0])])
        }
        let digest = SecretBytes.digest(String(parts[1]))
        guard let row, let known: String = row["digest"], SecretBytes.areEqual(known, digest)
        else { return nil }
        let token = Self.token(row)
        guard token.revoked == nil, token.expires.map({ now() < $0 }) ?? true else { return nil }
        return token
    }

    private static func token(_ row: Row) -> AccessToken {
        AccessToken(
            id: row["id"], name: row["name"],
            // A scope that this version does not know allows the least.
            scope: TokenScope(rawValue: row["scope"]) ?? .read, created: row["created"],
            expires: row["expires"], revoked: row["revoked"])
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control
    }
}

extension Character {
    /// Whether it can stand in an id that people type and that separators surround.
    fileprivate var isIdentifier: Bool { isASCII && (isLetter || isNumber) }
}
