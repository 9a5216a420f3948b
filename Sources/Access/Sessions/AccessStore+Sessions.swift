import GRDB
public import Model

extension AccessStore {
    /// Begins a session, after a login; forgets those that have ended.
    public func beginSession(
        limits: BrowserSession.Limits = .usual
    ) throws(MonikerError) -> BrowserSession {
        let session = BrowserSession(cookie: SecretBytes.random(bits: 256), created: now())
        try write { database in
            try database.execute(
                sql: "DELETE FROM session WHERE created <= ? OR used <= ?",
                arguments: [now() - limits.absolute, now() - limits.idle])
            try database.execute(
                sql: "INSERT INTO session (digest, created, used) VALUES (?, ?, ?)",
                arguments: [
                    SecretBytes.digest(session.cookie), session.created, session.created,
                ])
        }
        return session
    }

    /// The session of a cookie, which this counts as used; nil where it has ended or never was.
    public func session(
        cookie: String, limits: BrowserSession.Limits = .usual
    ) throws(MonikerError) -> BrowserSession? {
        guard cookie.utf8.count <= 100 else { return nil }
        let digest = SecretBytes.digest(cookie)
        let row = try read { database in
            try Row.fetchOne(
                database, sql: "SELECT created, used FROM session WHERE digest = ?",
                arguments: [digest])
        }
        guard let row else { return nil }
        let (created, used): (Int64, Int64) = (row["created"], row["used"])
        let now = now()
        guard now < created + limits.absolute, now < used + limits.idle else {
            try endSession(cookie: cookie)
            return nil
        }
        // Once a minute is enough, and spares the disk.
        if now >= used + 60 {
            try write { database in
                try database.execute(
                    sql: "UPDATE session SET used = ? WHERE digest = ?", arguments: [now, digest])
            }
        }
        return BrowserSession(cookie: cookie, created: created)
    }

    /// Ends a session; one that is not there is ended already.
    public func endSession(cookie: String) throws(MonikerError) {
        try write { database in
            try database.execute(
                sql: "DELETE FROM session WHERE digest = ?",
                arguments: [SecretBytes.digest(cookie)])
        }
    }
}
