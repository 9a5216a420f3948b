import Inventory
import Model
import WordPress

/// The images of a run, one after the other, a page in memory at a time.
struct CandidateSource {
    private let library: any ImageLibrary
    private let options: GenerationOptions
    private var page: ArraySlice<InventoryItem> = []
    private var cursor: AttachmentID?
    private var isAtEnd = false
    private var ids: ArraySlice<AttachmentID> = []
    private var seen: Set<AttachmentID> = []

    /// How many images are read at once.
    private static let pageSize = 200

    init(_ library: any ImageLibrary, _ options: GenerationOptions) {
        self.library = library
        self.options = options
        if case .some(let chosen) = options.selection { ids = chosen[...] }
    }

    /// How many images there are, skipped ones included.
    func count() throws(MonikerError) -> Int {
        switch options.selection {
        case .all: try library.count(missing: options.missing, onlyUsed: options.onlyUsed)
        case .some(let chosen): Set(chosen).count
        }
    }

    /// The next image; its item is nil where the library does not know the id.
    mutating func next() throws(MonikerError) -> (id: AttachmentID, item: InventoryItem?)? {
        if case .some = options.selection {
            while let id = ids.popFirst() {
                guard seen.insert(id).inserted else { continue }
                return (id, try library.image(id))
            }
            return nil
        }
        if page.isEmpty, !isAtEnd {
            let next = try library.images(
                missing: options.missing, onlyUsed: options.onlyUsed, after: cursor,
                limit: Self.pageSize)
            page = next.items[...]
            cursor = next.next
            isAtEnd = cursor == nil
        }
        return page.popFirst().map { (AttachmentID($0.id), $0) }
    }
}

extension GenerationOptions {
    /// The texts that are wanted of an image.
    ///
    /// A title that is nothing but the name a camera gave to the file counts as missing: WordPress
    /// made it, no person did.
    func wanted(_ item: InventoryItem) -> Set<MetadataField> {
        guard !overwrites else { return fields }
        return fields.filter { field in
            item.states[field] == .missing
                || field == .title && item.hasFileNameAsTitle && item.hasCameraName
        }
    }

    /// Why an image is left out; nil where it is not.
    func reasonToSkip(_ item: InventoryItem, wanted: Set<MetadataField>) -> String? {
        if let missing, item.states[missing] != .missing { return SkipReason.complete.rawValue }
        if onlyUsed, !item.isUsed { return SkipReason.unused.rawValue }
        // An image that was asked for by name may be decoration by mistake, but is not overwritten.
        var rules = rules
        if overwrites, case .some = selection { rules.skipsDecorative = false }
        return rules.reason(toSkip: item, fields: fields, overwrites: !wanted.isEmpty)?.rawValue
    }
}
