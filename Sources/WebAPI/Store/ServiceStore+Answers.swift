import Foundation
import GRDB
import HTTPTypes
import Model

/// What is known of a request that carries an Idempotency-Key.
enum Repetition: Sendable {
    /// It is the first: go on.
    case first
    /// It was answered with this.
    case answered(APIAnswer)
}

extension ServiceStore {
    /// Notes that a request is worked on, unless it was before.
    ///
    /// - Parameters:
    ///   - caller: whose key it is; keys of different callers have nothing to do with each other.
    ///   - digest: of method, address and body.
    ///   - isRepeatable: whether the request may be carried out again where nobody knows what became
    ///     of the first.
    /// - Throws: `key-in-use` while the first is worked on; `key-reused` where the first was another
    ///   request; `outcome-unknown` where the service ended in the middle of the first.
    func begin(
        caller: String, key: String, digest: String, isRepeatable: Bool
    ) throws(MonikerError) -> Repetition {
        try write { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT * FROM answer WHERE caller = ? AND key = ?",
                arguments: [caller, key])
            guard let row else {
                try database.execute(
                    sql: """
                        INSERT INTO answer (caller, key, digest, state, created)
                        VALUES (?, ?, ?, 'running', ?)
                        """,
                    arguments: [caller, key, digest, Self.now()])
                return .first
            }
            guard row["digest"] == digest else {
                throw MonikerError(
                    .keyReused,
                    "this Idempotency-Key was sent before with another request: use a new one")
            }
            switch row["state"] as String {
            case "running":
                throw MonikerError(
                    .keyInUse,
                    "the request with this Idempotency-Key is still being worked on: try again",
                    details: ["retry_after": "1"])
            case "lost" where isRepeatable:
                try database.execute(
                    sql: "UPDATE answer SET state = 'running' WHERE caller = ? AND key = ?",
                    arguments: [caller, key])
                return .first
            case "lost":
                throw MonikerError(
                    .outcomeUnknown,
                    "the service ended in the middle of the request with this Idempotency-Key: see in /v1/journal whether it took effect, and use a new key"
                )
            default:
                var answer = APIAnswer(
                    .init(code: row["status"]), contentType: row["type"],
                    body: [UInt8](row["body"] as Data? ?? Data()))
                if let location: String = row["location"] { answer.headers[.location] = location }
                return .answered(answer)
            }
        }
    }

    /// Keeps the answer to a request.
    func finish(caller: String, key: String, with answer: APIAnswer) throws(MonikerError) {
        try write { database in
            try database.execute(
                sql: """
                    UPDATE answer
                    SET state = 'done', status = ?, type = ?, location = ?, body = ?
                    WHERE caller = ? AND key = ?
                    """,
                arguments: [
                    answer.status.code, answer.contentType, answer.headers[.location],
                    Data(answer.body), caller, key,
                ])
        }
    }

    /// Forgets a request that did nothing, so that the same key may be sent again.
    func release(caller: String, key: String) throws(MonikerError) {
        try write { database in
            try database.execute(
                sql: "DELETE FROM answer WHERE caller = ? AND key = ?", arguments: [caller, key])
        }
    }
}
