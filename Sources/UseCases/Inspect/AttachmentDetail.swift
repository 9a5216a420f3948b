import Inventory
public import Model
import Quality

/// What the inventory and the quality gate know of one image.
public struct ImageFacts: Encodable, Sendable {
    /// One of the gate's findings.
    public struct Finding: Encodable, Sendable {
        /// The code of docs/quality-gate.md.
        public var code: String
        /// The field; nil for all texts together.
        public var field: String?
        /// `reject` or `warn`.
        public var severity: String
        /// What is wrong and what to do.
        public var message: String
    }

    /// The gate's judgement of the texts.
    public struct Quality: Encodable, Sendable {
        /// All texts together, from 0 to 100.
        public var score: Int
        /// Each text, from 0 to 100.
        public var fields: [String: Int]
        /// What is wrong.
        public var findings: [Finding]
    }

    /// The width in pixels; nil where it is not known.
    public var width: Int?
    /// The height in pixels; nil where it is not known.
    public var height: Int?
    /// The language of its texts, as a BCP 47 tag.
    public var language: String
    /// `present`, `missing` or `decorative`, by field.
    public var fields: [String: String]
    /// Whether the file has a name that a camera or a program gave it.
    public var cameraName: Bool
    /// At how many places it is used.
    public var uses: Int
    /// The first hundred of these places.
    public var usedIn: [UseSummary]
    /// How good its texts are.
    public var quality: Quality
    /// Other images with the same content, by id.
    public var duplicates: [Int64]

    private enum CodingKeys: String, CodingKey {
        case width, height, language, fields, uses, quality, duplicates
        case cameraName = "camera_name"
        case usedIn = "used_in"
    }
}

/// One attachment, whole: its rows and files, everything that names it, and what is known of it as
/// an image.
///
/// In JSON the keys of `report` and of `image` stand side by side.
public struct AttachmentDetail: Encodable, Sendable {
    /// Rows, files and references.
    public var report: AttachmentReport
    /// What is known of it as an image; nil for attachments of other kinds.
    public var image: ImageFacts?

    /// Writes the keys of both.
    public func encode(to encoder: any Encoder) throws {
        try report.encode(to: encoder)
        try image?.encode(to: encoder)
    }
}

extension Session {
    /// One attachment with everything that is known of it.
    ///
    /// - Parameter refreshes: whether the inventory reads first what has changed on the site.
    /// - Throws: `unknown-attachment`; `inventory-unusable`.
    public func attachmentDetail(
        _ id: AttachmentID, refreshes: Bool = true
    ) throws(MonikerError) -> AttachmentDetail {
        guard let detail = try attachmentDetails([id], refreshes: refreshes)[id] else {
            throw Self.unknownAttachment(id)
        }
        return detail
    }

    /// Several attachments, each as `attachmentDetail` tells it; unknown ones are left out.
    ///
    /// - Throws: `inventory-unusable`.
    /// - Complexity: one pass over the tables for all of them, or what the reference index names.
    public func attachmentDetails(
        _ ids: [AttachmentID], refreshes: Bool = true
    ) throws(MonikerError) -> [AttachmentID: AttachmentDetail] {
        let reports = try attachments(ids, listsReferences: true)
        guard !reports.isEmpty else { return [:] }
        let inventory = try refreshedInventory(refreshes: refreshes, hashing: .sameSize)
        var details: [AttachmentID: AttachmentDetail] = [:]
        for (id, report) in reports {
            details[id] = AttachmentDetail(report: report, image: try facts(of: id, in: inventory))
        }
        return details
    }

    /// What an inventory and the gate know of one image; nil where the inventory has none.
    func facts(
        of id: AttachmentID, in inventory: Inventory
    ) throws(MonikerError) -> ImageFacts? {
        guard let item = try inventory.item(id) else { return nil }
        let uses = try inventory.uses(of: id, limit: 100)
        var judge = ImageJudge()
        judge.add(item)
        if let alt = item.texts[.alt] {
            for other in try inventory.items(withAlt: String(alt.trimmed)) where other.id != item.id
            {
                judge.add(other)
            }
        }
        let score = judge.score(item, uses: uses)
        return ImageFacts(
            width: item.width > 0 ? item.width : nil,
            height: item.height > 0 ? item.height : nil, language: item.language,
            fields: Dictionary(
                uniqueKeysWithValues: item.states.map { ($0.key.rawValue, $0.value.rawValue) }),
            cameraName: item.hasCameraName, uses: item.uses,
            usedIn: uses.map(UseSummary.init),
            quality: ImageFacts.Quality(
                score: score.value,
                fields: Dictionary(
                    uniqueKeysWithValues: score.fields.map { ($0.key.rawValue, $0.value) }),
                findings: score.findings.map {
                    ImageFacts.Finding(
                        code: $0.code.rawValue, field: $0.field?.rawValue,
                        severity: $0.severity.rawValue, message: $0.sentence)
                }),
            duplicates: try inventory.copies(of: id).map(\.rawValue))
    }
}

extension String {
    /// Without spaces at either end, as SQLite's TRIM does it.
    fileprivate var trimmed: Substring {
        let start = firstIndex { $0 != " " } ?? endIndex
        let end = lastIndex { $0 != " " }.map { index(after: $0) } ?? start
        return self[start..<end]
    }
}
