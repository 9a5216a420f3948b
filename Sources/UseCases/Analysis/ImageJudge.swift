import Inventory
import Model
import Quality

/// Judges the texts that images have, and knows which of them have the same text alternative.
struct ImageJudge {
    /// Images with one text alternative.
    struct AltGroup {
        var alt: String
        var images: [ImageExample]
        fileprivate var picture: String
        /// The first one that shows another picture than the first image.
        fileprivate var other: Int64?

        /// Whether at least two pictures have it.
        var isShared: Bool { other != nil }
    }

    private let gate = QualityGate()
    /// By comparison key.
    private(set) var groups: [String: AltGroup] = [:]

    /// Takes in the text alternative of an image.
    mutating func add(_ item: InventoryItem) {
        guard let alt = item.texts[.alt], item.states[.alt] == .present else { return }
        let key = QualityGate.comparisonKey(of: alt)
        guard !key.isEmpty else { return }
        let image = ImageExample(item)
        let picture = Self.picture(of: item)
        guard var group = groups.removeValue(forKey: key) else {
            groups[key] = AltGroup(alt: alt, images: [image], picture: picture)
            return
        }
        group.images.append(image)
        if group.other == nil, group.picture != picture { group.other = item.id }
        groups[key] = group
    }

    /// What the gate says of an image's texts.
    func score(_ item: InventoryItem, uses: [ImageUse]) -> QualityScore {
        let context = ImageContext(
            fileName: item.path.split(separator: "/").last.map(String.init) ?? "",
            language: item.language, uses: uses,
            current: item.texts.filter { !$0.value.isEmpty }, width: item.width,
            height: item.height)
        return gate.score(
            item.texts, context: context, isDecorative: item.states[.alt] == .decorative
        ) { key in
            guard let group = groups[key] else { return nil }
            let other =
                group.picture == Self.picture(of: item) ? group.other : group.images.first?.id
            return other.map { AttachmentID($0) }
        }
    }

    /// What tells pictures apart: copies of a file and rows that share one show the same.
    private static func picture(of item: InventoryItem) -> String { item.sha256 ?? item.path }
}
