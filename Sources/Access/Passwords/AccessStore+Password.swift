import GRDB
public import Model

extension AccessStore {
    /// Whether a password has been set.
    public func hasPassword() throws(MonikerError) -> Bool {
        try read { database in
            try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM password)") ?? false
        }
    }

    /// Sets the dashboard's password and ends every session.
    ///
    /// - Throws: `weak-password` below 12 or above 1,000 characters (ASVS 5.0, 6.2.1 and 6.2.9);
    ///   `access-unusable`.
    public func setPassword(_ password: String) throws(MonikerError) {
        guard password.count >= 12, password.utf8.count <= 1000 else {
            throw MonikerError(
                .weakPassword, "the password needs 12 to 1,000 characters: a few words will do")
        }
        guard let hash = PasswordHash.make(password) else {
            throw MonikerError(
                .accessUnusable, "there is not enough memory to hash a password: it needs 64 MB")
        }
        try write { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO password (id, hash, changed) VALUES (1, ?, ?)",
                arguments: [hash, now()])
            try database.execute(sql: "DELETE FROM session")
        }
    }

    /// Whether a password is the one that was set; false where none was.
    ///
    /// Takes as long where none was set, so that the time does not tell.
    public func isPassword(_ password: String) throws(MonikerError) -> Bool {
        guard password.utf8.count <= 1000 else { return false }
        let hash = try read { database in
            try String.fetchOne(database, sql: "SELECT hash FROM password")
        }
        guard let hash else {
            _ = PasswordHash.make(password)
            return false
        }
        return PasswordHash.verify(password, against: hash)
    }
}
