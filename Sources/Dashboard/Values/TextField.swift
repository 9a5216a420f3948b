/// The four texts of an image, as pages name them.
public enum TextField: String, CaseIterable, Sendable {
    /// The text alternative.
    case alt
    /// The title.
    case title
    /// The caption.
    case caption
    /// The description.
    case description

    /// What people call it.
    public var name: String {
        switch self {
        case .alt: "ALT text"
        case .title: "Title"
        case .caption: "Caption"
        case .description: "Description"
        }
    }

    /// What it is called within a sentence.
    var noun: String { self == .alt ? name : rawValue }
}
