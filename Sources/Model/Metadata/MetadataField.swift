/// A text of an attachment that people see, and where WordPress keeps it.
public enum MetadataField: String, CaseIterable, Codable, Hashable, Sendable {
    /// The text alternative: meta `_wp_attachment_image_alt`.
    case alt
    /// The title: `post_title`.
    case title
    /// The caption: `post_excerpt`.
    case caption
    /// The description: `post_content`.
    case description
}

/// What descriptions are to be best at.
public enum DescriptionMode: String, CaseIterable, Codable, Hashable, Sendable {
    /// Natural and accurate.
    case balanced
    /// With the words people search for, where the context allows.
    case seo
    /// Accessibility first: decorative or informative, the function of linked images, no filler.
    case wcag
}
