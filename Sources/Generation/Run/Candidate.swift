import Inventory
import Model

/// An image that is judged, and asked about where no answer is there.
struct Candidate: Sendable {
    /// What the inventory knows of it.
    let item: InventoryItem
    /// Its file.
    let path: MediaPath
    /// The texts that are wanted.
    let fields: Set<MetadataField>
    /// What is known beside its pixels; what its file says is added when it has been read.
    var context: ImageContext
    /// What an answer about it is kept under.
    let key: AnswerKey

    var id: AttachmentID { AttachmentID(item.id) }

    /// What is there now, for the writer to compare with.
    var expected: [MetadataField: String] {
        Dictionary(uniqueKeysWithValues: fields.map { ($0, item.texts[$0] ?? "") })
    }

    /// The context with what was found in the file.
    func context(with notes: PictureNotes) -> ImageContext {
        var context = context
        context.embedded = notes.embedded
        if notes.width > 0, notes.height > 0 {
            (context.width, context.height) = (notes.width, notes.height)
        }
        return context
    }
}

/// What asking about one image came to.
struct Outcome: Sendable {
    enum Result: Sendable {
        /// The answer, stored.
        case answered(StoredAnswer)
        /// Its owner forbids giving it to AI.
        case forbidden
        /// There is no answer.
        case failed(MonikerError)
    }

    let candidate: Candidate
    let result: Result
}
