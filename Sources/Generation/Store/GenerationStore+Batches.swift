import Foundation
import GRDB
import Model
import Providers

/// A batch as the store knows it.
struct BatchRecord: Hashable, Sendable {
    /// Its number.
    let id: Int64
    /// What names it at its provider; nil where the process ended before the provider's answer came.
    let handle: BatchHandle?
}

/// An image of a batch.
struct BatchItem: Hashable, Sendable {
    let key: AnswerKey
    let attachment: Int64
    let fields: Set<MetadataField>
    let picture: PictureNotes
}

extension GenerationStore {
    /// Whether a question is in a batch, and whether the provider has taken that.
    func batch(of key: AnswerKey) throws(MonikerError) -> (id: Int64, isSubmitted: Bool)? {
        try read { database in
            try Row.fetchOne(
                database,
                sql: """
                    SELECT batch.id, batch.handle IS NOT NULL FROM batch_item
                    JOIN batch ON batch.id = batch_item.batch WHERE batch_item.key = ?
                    """, arguments: [Data(key.bytes)]
            ).map { ($0[0], $0[1]) }
        }
    }
}

extension GenerationStore {
    /// Notes a batch and its images, before it is submitted.
    func open(
        batchOf items: [BatchItem], provider: String, model: String, run: Int64
    ) throws(MonikerError) -> Int64 {
        try write { database in
            try database.execute(
                sql: "INSERT INTO batch (provider, model, run, created) VALUES (?, ?, ?, ?)",
                arguments: [provider, model, run, Self.now()])
            let id = database.lastInsertedRowID
            let statement = try database.makeStatement(
                sql: """
                    INSERT OR REPLACE INTO batch_item (key, batch, attachment, fields, picture)
                    VALUES (?, ?, ?, ?, ?)
                    """)
            for item in items {
                try statement.execute(arguments: [
                    Data(item.key.bytes), id, item.attachment,
                    item.fields.map(\.rawValue).sorted().joined(separator: ","),
                    try JSONEncoder().encode(item.picture),
                ])
            }
            return id
        }
    }

    /// Notes what the provider calls a batch.
    func name(batch id: Int64, _ handle: BatchHandle) throws(MonikerError) {
        try write { database in
            try database.execute(
                sql: "UPDATE batch SET handle = ? WHERE id = ?", arguments: [handle.rawValue, id])
        }
    }

    /// The batches of a model that have not been collected, the oldest first.
    func openBatches(provider: String, model: String) throws(MonikerError) -> [BatchRecord] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT id, handle FROM batch WHERE provider = ? AND model = ? ORDER BY id",
                arguments: [provider, model]
            ).map { row in
                BatchRecord(
                    id: row[0],
                    handle: (row[1] as String?).flatMap { BatchHandle(rawValue: $0) })
            }
        }
    }

    /// The images of a batch whose results have not been taken yet.
    func items(ofBatch id: Int64) throws(MonikerError) -> [BatchItem] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT key, attachment, fields, picture FROM batch_item WHERE batch = ?",
                arguments: [id]
            ).map { row in
                let fields: String = row[2]
                return BatchItem(
                    key: AnswerKey(bytes: Array(row[0] as Data)), attachment: row[1],
                    fields: Set(
                        fields.split(separator: ",").compactMap {
                            MetadataField(rawValue: String($0))
                        }), picture: try JSONDecoder().decode(PictureNotes.self, from: row[3]))
            }
        }
    }

    /// Takes an image out of its batch, because its result has been taken.
    func leaveBatch(_ key: AnswerKey) throws(MonikerError) {
        try write { try Self.leaveBatch(key, $0) }
    }

    static func leaveBatch(_ key: AnswerKey, _ database: Database) throws {
        try database.execute(
            sql: "DELETE FROM batch_item WHERE key = ?", arguments: [Data(key.bytes)])
    }

    /// Forgets a batch that was collected, or that does not exist at the provider.
    func close(batch id: Int64) throws(MonikerError) {
        try write { database in
            try database.execute(
                sql: "DELETE FROM batch_item WHERE batch = ?", arguments: [id])
            try database.execute(sql: "DELETE FROM batch WHERE id = ?", arguments: [id])
        }
    }

    /// Forgets batches of which nobody knows whether they exist, so that their images can be asked
    /// about again.
    func forgetUncertainBatches() throws(MonikerError) {
        try write { database in
            try database.execute(
                sql: """
                    DELETE FROM batch_item WHERE batch IN
                        (SELECT id FROM batch WHERE handle IS NULL);
                    DELETE FROM batch WHERE handle IS NULL
                    """)
        }
    }
}
