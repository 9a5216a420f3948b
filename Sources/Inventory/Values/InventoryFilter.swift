public import Model

/// Which items of the inventory are wanted; conditions that are nil let everything through.
public struct InventoryFilter: Hashable, Sendable {
    /// A field whose text is missing.
    public var missing: MetadataField?
    /// Whether at least one of the four texts is missing.
    public var isIncomplete: Bool?
    /// Whether the text alternative is empty on purpose.
    public var isDecorative: Bool?
    /// Whether it is used.
    public var isUsed: Bool?
    /// Whether the file has a camera's name.
    public var hasCameraName: Bool?
    /// Text in the file's path, title, text alternative, caption or description, in any letter case
    /// of ASCII.
    public var search: String?

    /// Creates a filter; without arguments it lets everything through.
    public init(
        missing: MetadataField? = nil, isIncomplete: Bool? = nil, isDecorative: Bool? = nil,
        isUsed: Bool? = nil, hasCameraName: Bool? = nil, search: String? = nil
    ) {
        self.missing = missing
        self.isIncomplete = isIncomplete
        self.isDecorative = isDecorative
        self.isUsed = isUsed
        self.hasCameraName = hasCameraName
        self.search = search
    }
}

/// A page of items.
public struct InventoryPage: Hashable, Sendable {
    /// The items, by id.
    public var items: [InventoryItem]
    /// What the next page begins after; nil where this is the last.
    public var next: AttachmentID?

    /// Creates a page.
    public init(items: [InventoryItem], next: AttachmentID? = nil) {
        self.items = items
        self.next = next
    }
}
