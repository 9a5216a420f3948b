/// Texts that wait for a person.
public struct ReviewView: PageContent {
    /// The template that shows it.
    public static let template = "review"
    /// The entry of the navigation that it belongs to.
    public static let page: DashboardPage? = .review
    /// The scripts that it begins with.
    public static let scripts = ["review.js"]

    /// What a rule of the quality gate says.
    public struct Rule: Sendable {
        let code: String
        let field: String?
        let sentence: String
        let isRejection: Bool

        /// Creates a rule.
        public init(code: String, field: String?, sentence: String, isRejection: Bool) {
            self.code = code
            self.field = field.map(FieldName.label)
            self.sentence = sentence
            self.isRejection = isRejection
        }
    }

    /// A text, now and as it was proposed.
    public struct Field: Sendable {
        let name: String
        let label: String
        let current: String
        let hasCurrent: Bool
        let proposed: String
        /// The lines that an edit field begins with.
        let lines: Int

        /// Creates a field.
        public init(name: String, current: String, proposed: String) {
            self.name = name
            label = FieldName.label(name)
            self.current = current
            hasCurrent = !current.isEmpty
            self.proposed = proposed
            lines = proposed.utf8.count <= 140 ? 2 : 5
        }
    }

    /// An image whose texts wait.
    public struct Proposal: Sendable {
        let id: Int64
        let picture: String?
        let file: String
        let provider: String
        let model: String
        let since: PageTime
        let renames: Bool
        let rules: [Rule]
        let fields: [Field]

        /// Creates a proposal.
        public init(
            id: Int64, file: String, provider: String, model: String, since: Int64, renames: Bool,
            rules: [Rule], fields: [Field]
        ) {
            self.id = id
            picture = file.lowercased().hasSuffix(".svg") ? nil : "/thumbnails/\(id)"
            self.file = file
            self.provider = provider
            self.model = model
            self.since = PageTime(since)
            self.renames = renames
            self.rules = rules
            self.fields = fields
        }
    }

    /// The heading.
    public let title = "Review"
    let proposals: [Proposal]
    let total: Int
    let shown: Int
    let hasSeveral: Bool
    /// The address of the next page; nil where this is the last.
    let next: String?
    let isContinued: Bool

    /// Creates the page.
    ///
    /// - Parameter next: the cursor of the next page; nil where this is the last.
    public init(proposals: [Proposal], total: Int, next: String?, isContinued: Bool) {
        self.proposals = proposals
        self.total = total
        shown = proposals.count
        hasSeveral = proposals.count > 1
        self.next = next.map { "/review?cursor=\($0)" }
        self.isContinued = isContinued
    }
}

/// What pages call the texts of an image.
enum FieldName {
    static func label(_ name: String) -> String {
        switch name {
        case "alt": "Alt text"
        case "title": "Title"
        case "caption": "Caption"
        case "description": "Description"
        default: name
        }
    }

    /// In the order in which pages show them.
    static let all = ["alt", "title", "caption", "description"]
}
