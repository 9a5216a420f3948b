import Inventory
import Model

/// How many images have a text, lack it, or lack it on purpose.
public struct FieldCounts: Encodable, Hashable, Sendable {
    /// Images that have it.
    public var present: Int
    /// Images that lack it.
    public var missing: Int
    /// Images whose text alternative is empty on purpose; 0 for other fields.
    public var decorative: Int

    init(_ coverage: InventoryCoverage, _ field: MetadataField) {
        present = coverage.present[field] ?? 0
        missing = coverage.missing[field] ?? 0
        decorative = field == .alt ? coverage.decorative : 0
    }

    /// The counts of all fields, by the field's name.
    static func all(_ coverage: InventoryCoverage) -> [String: FieldCounts] {
        Dictionary(
            uniqueKeysWithValues: MetadataField.allCases.map {
                ($0.rawValue, FieldCounts(coverage, $0))
            })
    }
}

/// What `scan` counted.
public struct ScanReport: Encodable, Sendable {
    /// What was read on the site this time.
    public struct Work: Encodable, Sendable {
        /// Whether everything was read anew.
        public var full: Bool
        /// Attachments that are new, changed or gone.
        public var changedAttachments: Int
        /// Posts, pages and products that count as use.
        public var posts: Int
        /// How many of their contents were read.
        public var contentsRead: Int
        /// Files that were hashed.
        public var filesHashed: Int
        /// How long it took.
        public var seconds: Double

        private enum CodingKeys: String, CodingKey {
            case full, posts, seconds
            case changedAttachments = "changed_attachments"
            case contentsRead = "contents_read"
            case filesHashed = "files_hashed"
        }
    }

    /// Attachments of any kind.
    public var attachments: Int
    /// Those that are images; everything below is about them.
    public var images: Int
    /// Files of their families on disk.
    public var files: Int
    /// Images without a file on disk.
    public var missingFiles: Int
    /// The texts, by field.
    public var fields: [String: FieldCounts]
    /// How many images lack each text; the same numbers as in `fields`.
    public var missing: [String: Int]
    /// Images that are used somewhere.
    public var used: Int
    /// Images that are used nowhere.
    public var unused: Int
    /// The size of the unused images' attached files.
    public var unusedBytes: Int64
    /// Images with a name that a camera or a program gave.
    public var cameraNames: Int
    /// Images that are copies of another one.
    public var duplicates: Int
    /// Groups of images with the same content.
    public var duplicateGroups: Int
    /// References in the whole database; nil without a full scan, which alone counts them.
    public var references: Int?
    /// What was read for it.
    public var scan: Work

    init(
        attachments: Int, coverage: InventoryCoverage, refresh: RefreshReport, references: Int?,
        duplicateGroups: Int, seconds: Double
    ) {
        self.attachments = attachments
        images = coverage.images
        files = coverage.files
        missingFiles = coverage.missingFiles
        fields = FieldCounts.all(coverage)
        missing = fields.mapValues(\.missing)
        used = coverage.used
        unused = coverage.images - coverage.used
        unusedBytes = coverage.unusedBytes
        cameraNames = coverage.cameraNames
        duplicates = coverage.duplicates
        self.duplicateGroups = duplicateGroups
        self.references = references
        scan = Work(
            full: refresh.isFull, changedAttachments: refresh.changedAttachments,
            posts: refresh.posts, contentsRead: refresh.contentsRead,
            filesHashed: refresh.filesHashed, seconds: seconds)
    }

    private enum CodingKeys: String, CodingKey {
        case attachments, images, files, fields, missing, used, unused, duplicates, references, scan
        case missingFiles = "missing_files"
        case unusedBytes = "unused_bytes"
        case cameraNames = "camera_names"
        case duplicateGroups = "duplicate_groups"
    }
}
