import Foundation
import GRDB
public import Model

extension GenerationStore {
    /// Puts an image on the review list, in place of what was there about it.
    func review(_ item: ReviewItem, key: AnswerKey) throws(MonikerError) {
        try write { database in
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO review (attachment, key, rejected, code, item, stored)
                    VALUES (?, ?, 0, ?, ?, ?)
                    """,
                arguments: [
                    item.attachment, Data(key.bytes), item.reason,
                    try JSONEncoder().encode(item), item.stored,
                ])
        }
    }

    /// The review list, by id, a page at a time.
    ///
    /// - Throws: `generation-unusable`.
    public func reviews(
        after cursor: AttachmentID? = nil, limit: Int = 100
    ) throws(MonikerError) -> [ReviewItem] {
        try read { database in
            try Data.fetchAll(
                database,
                sql: """
                    SELECT item FROM review WHERE rejected = 0 AND attachment > ?
                    ORDER BY attachment LIMIT ?
                    """, arguments: [cursor?.rawValue ?? 0, max(1, limit)]
            ).map { try JSONDecoder().decode(ReviewItem.self, from: $0) }
        }
    }

    /// How many images are on the review list.
    ///
    /// - Throws: `generation-unusable`.
    public func reviewCount() throws(MonikerError) -> Int {
        try read { database in
            try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM review WHERE rejected = 0") ?? 0
        }
    }

    /// An image on the review list.
    ///
    /// - Throws: `not-in-review`, `generation-unusable`.
    public func review(_ id: AttachmentID) throws(MonikerError) -> ReviewItem {
        let found = try read { database in
            try Data.fetchOne(
                database, sql: "SELECT item FROM review WHERE rejected = 0 AND attachment = ?",
                arguments: [id.rawValue]
            ).map { try JSONDecoder().decode(ReviewItem.self, from: $0) }
        }
        guard let found else {
            throw MonikerError(
                .notInReview,
                "attachment \(id) is not on the review list; see moniker review list",
                details: ["attachment": "\(id)"])
        }
        return found
    }

    /// Takes an image off the list for good: the same answer is not proposed for it again.
    ///
    /// - Throws: `not-in-review`, `generation-unusable`.
    public func reject(_ id: AttachmentID) throws(MonikerError) {
        _ = try review(id)
        try write { database in
            try database.execute(
                sql: "UPDATE review SET rejected = 1 WHERE attachment = ?",
                arguments: [id.rawValue])
        }
    }

    /// Takes images off the list because they have been dealt with.
    ///
    /// Ids that are not on it are no error.
    ///
    /// - Throws: `generation-unusable`.
    public func removeReviews(_ ids: [AttachmentID]) throws(MonikerError) {
        try write { database in
            let statement = try database.makeStatement(
                sql: "DELETE FROM review WHERE attachment = ?")
            for id in ids { try statement.execute(arguments: [id.rawValue]) }
        }
    }

    /// Whether a person has refused what this answer says of an image.
    func isRejected(_ id: Int64, key: AnswerKey) throws(MonikerError) -> Bool {
        try read { database in
            try Bool.fetchOne(
                database,
                sql: "SELECT rejected FROM review WHERE attachment = ? AND key = ?",
                arguments: [id, Data(key.bytes)]) ?? false
        }
    }
}
