import Inventory
public import Model

extension Session {
    /// Empties texts of images, as one change set that can be reverted.
    ///
    /// An empty text alternative counts as missing afterwards, not as decoration.
    ///
    /// - Parameters:
    ///   - ids: nil for all images of the inventory.
    ///   - fields: by name; `title` only where it is asked for.
    ///   - onlyGenerated: whether only texts go that a model wrote, as the journal knows, and that
    ///     nobody has changed since.
    /// - Throws: `invalid-argument` for an unknown field; what reading and writing throw.
    /// - Complexity: with `onlyGenerated`, a few queries for each image.
    public func clear(
        _ ids: [AttachmentID]?, fields: [String], onlyGenerated: Bool, isDryRun: Bool
    ) throws(MonikerError) -> ChangeReport {
        var chosen: [MetadataField] = []
        for name in fields { chosen.append(try GenerateOptions.field(name, option: "--fields")) }
        let inventory = try refreshedInventory()
        var changes: [AttachmentChange] = []
        if let ids {
            for id in ids {
                guard let item = try inventory.item(id) else {
                    changes.append(AttachmentChange(attachment: id, texts: [:], source: .human))
                    continue
                }
                if let change = try change(item, chosen, onlyGenerated) { changes.append(change) }
            }
        } else {
            var cursor: AttachmentID?
            repeat {
                let page = try inventory.items(after: cursor, limit: 500)
                for item in page.items {
                    if let change = try change(item, chosen, onlyGenerated) {
                        changes.append(change)
                    }
                }
                cursor = page.next
            } while cursor != nil
        }
        guard !changes.isEmpty else {
            var report = ChangeReport(findings: [])
            report.state = isDryRun ? .planned : .done
            return report
        }
        return try write(changes, kind: .clear, keepOld: .none, isDryRun: isDryRun)
    }

    private func change(
        _ item: InventoryItem, _ fields: [MetadataField], _ onlyGenerated: Bool
    ) throws(MonikerError) -> AttachmentChange? {
        let id = AttachmentID(item.id)
        var filled = fields.filter { item.states[$0] == .present }
        guard !filled.isEmpty else { return nil }
        if onlyGenerated {
            let written = try provenance(of: id)
            filled = filled.filter { written[$0]?.isGenerated == true }
        }
        guard !filled.isEmpty else { return nil }
        return AttachmentChange(
            attachment: id, texts: Dictionary(uniqueKeysWithValues: filled.map { ($0, "") }),
            source: .human,
            expected: Dictionary(
                uniqueKeysWithValues: filled.map { ($0, item.texts[$0] ?? "") }))
    }
}
