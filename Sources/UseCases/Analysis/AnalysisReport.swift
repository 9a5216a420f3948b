import Inventory
import Model
import Quality

/// An image as an example of something.
public struct ImageExample: Encodable, Hashable, Sendable {
    /// The id.
    public var id: Int64
    /// The file, relative to uploads.
    public var file: String
    /// The size of the file; nil where it is not on disk.
    public var bytes: Int64?

    init(_ item: InventoryItem) {
        id = item.id
        file = item.path
        bytes = item.bytes
    }
}

/// The state of a site's images: what they lack, how good their texts are, what is there twice.
public struct AnalysisReport: Encodable, Sendable {
    /// Coverage at a point in time.
    public struct Coverage: Encodable, Sendable {
        /// When it was counted, as `2026-11-21T05:24:00Z`.
        public var taken: String
        /// All images.
        public var images: Int
        /// The texts, by field.
        public var fields: [String: FieldCounts]
        /// The average quality from 0 to 100; nil where nobody judged.
        public var score: Int?
    }

    /// Images with a score within bounds.
    public struct Band: Encodable, Sendable {
        /// The least score.
        public var from: Int
        /// The greatest score.
        public var through: Int
        /// How many images have one between.
        public var images: Int
    }

    /// What the gate finds in a field, and where.
    public struct Finding: Encodable, Sendable {
        /// One image with it.
        public struct Example: Encodable, Sendable {
            /// The image's id.
            public var id: Int64
            /// Its file.
            public var file: String
            /// The text.
            public var text: String
        }

        /// The code of docs/quality-gate.md.
        public var code: String
        /// The field.
        public var field: String
        /// `reject` where new texts like this would not go to the site, else `warn`.
        public var severity: String
        /// What it means, in a few words.
        public var meaning: String
        /// How many images have it.
        public var images: Int
        /// Some of them.
        public var examples: [Example]
    }

    /// How good the texts are.
    public struct Quality: Encodable, Sendable {
        /// The average of all images, from 0 to 100.
        public var score: Int
        /// All images by score.
        public var distribution: [Band]
        /// The average of the text alternatives that are there; nil where none is.
        public var altScore: Int?
        /// Images with a text alternative, by its score.
        public var altDistribution: [Band]
        /// What is wrong, the most frequent first.
        public var findings: [Finding]

        private enum CodingKeys: String, CodingKey {
            case score, distribution, findings
            case altScore = "alt_score"
            case altDistribution = "alt_distribution"
        }
    }

    /// Images that have something in common.
    public struct Group: Encodable, Sendable {
        /// The SHA-256 of their files, or the text alternative.
        public var key: String
        /// The images.
        public var images: [ImageExample]
    }

    /// What is there twice.
    public struct Duplicates: Encodable, Sendable {
        /// Images in different files with the same content.
        public var content: [Group]
        /// How many bytes all but one file of each group take.
        public var contentBytes: Int64
        /// Different pictures with the same text alternative.
        public var text: [Group]

        private enum CodingKeys: String, CodingKey {
            case content, text
            case contentBytes = "content_bytes"
        }
    }

    /// Images counted, with examples.
    public struct Sample: Encodable, Sendable {
        /// How many there are.
        public var images: Int
        /// The size of their attached files.
        public var bytes: Int64
        /// Some of them.
        public var examples: [ImageExample]
    }

    /// The address of the site.
    public var site: String
    /// When it was made, as `2026-11-21T05:24:00Z`.
    public var made: String
    /// Images on the site.
    public var images: Int
    /// Files of their families on disk.
    public var files: Int
    /// Coverage now.
    public var coverage: Coverage
    /// Coverage when this home first saw the site; nil where that is now.
    public var before: Coverage?
    /// Coverage on every day that is kept, oldest first.
    public var history: [Coverage]
    /// How good the texts are.
    public var quality: Quality
    /// What is there twice.
    public var duplicates: Duplicates
    /// Images with a name that a camera or a program gave.
    public var cameraNames: Sample
    /// Images that are used nowhere, the largest as examples.
    public var unused: Sample

    private enum CodingKeys: String, CodingKey {
        case site, made, images, files, coverage, before, history, quality, duplicates, unused
        case cameraNames = "camera_names"
    }
}
