import Foundation
import GRDB
public import Model

/// A job as the store knows it.
struct RunRecord: Hashable, Sendable {
    /// Its number.
    let id: Int64
    /// What it has spent, killed processes of it included.
    let microdollars: Int
    /// How many requests were on their way when processes of it were killed: these may have been
    /// paid for, and are asked again.
    let uncertain: Int
}

/// What has been paid for the answers of one model.
public struct ModelSpending: Encodable, Hashable, Sendable {
    /// Whose model.
    public var provider: String
    /// Which model.
    public var model: String
    /// How many answers.
    public var answers: Int
    /// What they cost, in millionths of a US dollar.
    public var microdollars: Int
}

extension GenerationStore {
    // MARK: Runs

    /// Continues the unfinished job of these options, or begins one.
    ///
    /// Only for who holds the run's lock: what was on its way belongs to a process that is gone.
    func begin(digest: [UInt8]) throws(MonikerError) -> RunRecord {
        try write { database in
            let lost = try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM attempt") ?? 0
            try database.execute(
                sql: """
                    UPDATE run SET uncertain = uncertain
                        + (SELECT COUNT(*) FROM attempt WHERE attempt.run = run.id);
                    DELETE FROM attempt
                    """)
            let found = try Row.fetchOne(
                database,
                sql: """
                    SELECT id, microdollars, uncertain FROM run
                    WHERE digest = ? AND finished IS NULL ORDER BY id DESC LIMIT 1
                    """, arguments: [Data(digest)])
            if let found {
                return RunRecord(id: found[0], microdollars: found[1], uncertain: found[2])
            }
            try database.execute(
                sql: "INSERT INTO run (digest, started) VALUES (?, ?)",
                arguments: [Data(digest), Self.now()])
            return RunRecord(
                id: database.lastInsertedRowID, microdollars: 0, uncertain: lost)
        }
    }

    /// Ends a job: the next one with the same options is a new one.
    func finish(run: Int64) throws(MonikerError) {
        try write { database in
            try database.execute(
                sql: "UPDATE run SET finished = ? WHERE id = ?", arguments: [Self.now(), run])
        }
    }

    /// What an unfinished job with these options has spent so far, in millionths of a US dollar: what
    /// a budget has to begin with.
    ///
    /// - Throws: `generation-unusable`.
    public func spent(
        _ options: GenerationOptions, provider: String, model: String
    ) throws(MonikerError) -> Int {
        let digest = options.digest(provider: provider, model: model)
        return try read { database in
            try Int.fetchOne(
                database,
                sql: """
                    SELECT microdollars FROM run WHERE digest = ? AND finished IS NULL
                    ORDER BY id DESC LIMIT 1
                    """, arguments: [Data(digest)]) ?? 0
        }
    }

    /// What has been paid since a moment, in millionths of a US dollar, for the answers that are kept.
    ///
    /// An answer that was asked for again counts once, with the newer price; requests of which nobody
    /// knows the end do not count.
    ///
    /// - Parameter start: seconds since 1970.
    /// - Throws: `generation-unusable`.
    /// - Complexity: one pass over all answers.
    public func paid(since start: Int64) throws(MonikerError) -> Int {
        try spending(since: start).reduce(0) { $0 + $1.microdollars }
    }

    /// What has been paid to whom since a moment, for the answers that are kept.
    ///
    /// - Parameter start: seconds since 1970.
    /// - Throws: `generation-unusable`.
    /// - Complexity: one pass over all answers.
    public func spending(since start: Int64) throws(MonikerError) -> [ModelSpending] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT provider, model, COUNT(*), SUM(microdollars) FROM answer
                    WHERE stored >= ? GROUP BY provider, model ORDER BY 4 DESC, 1, 2
                    """, arguments: [start]
            ).map {
                ModelSpending(
                    provider: $0[0], model: $0[1], answers: $0[2], microdollars: $0[3])
            }
        }
    }

    // MARK: Answers

    /// Notes, before a request goes out, that it does.
    func ask(_ key: AnswerKey, attachment: Int64, run: Int64) throws(MonikerError) {
        try write { database in
            try database.execute(
                sql:
                    "INSERT OR REPLACE INTO attempt (key, run, attachment, started) VALUES (?, ?, ?, ?)",
                arguments: [Data(key.bytes), run, attachment, Self.now()])
        }
    }

    /// Keeps an answer; on disk when the call returns.
    func keep(
        _ answer: StoredAnswer, for key: AnswerKey, attachment: Int64, provider: String,
        model: String, run: Int64
    ) throws(MonikerError) {
        try write { database in
            var description: Data?
            var failure: StoredFailure?
            switch answer.result {
            case .success(let said): description = try JSONEncoder().encode(said)
            case .failure(let error): failure = error
            }
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO answer (key, run, attachment, provider, model,
                        answered_by, description, code, message, picture, requests, input_tokens,
                        output_tokens, microdollars, stored)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    Data(key.bytes), run, attachment, provider, model, answer.model, description,
                    failure?.code, failure?.message, try JSONEncoder().encode(answer.picture),
                    answer.usage.requests, answer.usage.inputTokens, answer.usage.outputTokens,
                    answer.usage.microdollars, Self.now(),
                ])
            try Self.settle(key, run: run, microdollars: answer.usage.microdollars, database)
            try Self.leaveBatch(key, database)
        }
    }

    /// Notes that a request has ended without an answer.
    ///
    /// - Parameter isUncertain: whether the provider may charge for it all the same.
    func giveUp(
        _ key: AnswerKey, run: Int64, microdollars: Int, isUncertain: Bool
    ) throws(MonikerError) {
        try write { database in
            try Self.settle(key, run: run, microdollars: microdollars, database)
            guard isUncertain else { return }
            try database.execute(
                sql: "UPDATE run SET uncertain = uncertain + 1 WHERE id = ?", arguments: [run])
        }
    }

    private static func settle(
        _ key: AnswerKey, run: Int64, microdollars: Int, _ database: Database
    ) throws {
        try database.execute(
            sql: "DELETE FROM attempt WHERE key = ?", arguments: [Data(key.bytes)])
        try database.execute(
            sql: "UPDATE run SET microdollars = microdollars + ? WHERE id = ?",
            arguments: [microdollars, run])
    }

    /// The answer that is kept for a question, with the run that got it; nil where there is none.
    func answer(_ key: AnswerKey) throws(MonikerError) -> (answer: StoredAnswer, run: Int64)? {
        try read { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT run, answered_by, description, code, message, picture, requests,
                        input_tokens, output_tokens, microdollars
                    FROM answer WHERE key = ?
                    """, arguments: [Data(key.bytes)])
            guard let row else { return nil }
            let result: Result<ImageDescription, StoredFailure>
            if let description = row[2] as Data? {
                result = .success(
                    try JSONDecoder().decode(ImageDescription.self, from: description))
            } else {
                result = .failure(StoredFailure(code: row[3] ?? "", message: row[4] ?? ""))
            }
            return (
                StoredAnswer(
                    result: result, model: row[1],
                    usage: ProviderUsage(
                        requests: row[6], inputTokens: row[7], outputTokens: row[8],
                        microdollars: row[9]),
                    picture: try JSONDecoder().decode(PictureNotes.self, from: row[5])), row[0]
            )
        }
    }

    /// What answers of a model have cost on average; nil where there is none yet.
    func average(provider: String, model: String) throws(MonikerError) -> ProviderUsage? {
        try read { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT COUNT(*), SUM(input_tokens), SUM(output_tokens), SUM(microdollars)
                    FROM answer WHERE provider = ? AND model = ?
                    """, arguments: [provider, model])
            guard let row, let count = row[0] as Int?, count > 0 else { return nil }
            func average(_ column: Int) -> Int { ((row[column] as Int? ?? 0) + count - 1) / count }
            return ProviderUsage(
                requests: 1, inputTokens: average(1), outputTokens: average(2),
                microdollars: average(3))
        }
    }
}
