import Hashing
import Model

extension RecordedSplices {
    /// The value before, proven by its digest.
    ///
    /// - Throws: `journal-unusable` where the record does not lead back to it, so that a damaged
    ///   journal never writes into a site.
    func value(
        withDigest digest: ContentDigest, before after: [UInt8]
    ) throws(MonikerError) -> [UInt8] {
        guard let before = reverted(after), SHA256.digest(of: before) == digest else {
            throw MonikerError(
                .journalUnusable,
                "the journal's record of an edit does not lead back to the value before: restore journal.sqlite from a backup"
            )
        }
        return before
    }
}
