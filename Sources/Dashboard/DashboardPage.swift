/// A page of the navigation, in the order in which it stands there.
///
/// Pages that are reached from others, such as one image, name the entry that they belong to.
public enum DashboardPage: String, CaseIterable, Hashable, Sendable {
    /// How the site is, and what is being done.
    case overview
    /// The list of images, and one of them.
    case images
    /// Texts that wait for a person.
    case review
    /// Jobs in the background.
    case jobs
    /// Change sets, and what takes them back.
    case history
    /// Copies and poor texts, before and after.
    case analysis
    /// How the service works for this site.
    case settings

    /// The page's address.
    public var address: String { self == .overview ? "/" : "/\(rawValue)" }

    /// What the navigation calls it.
    public var title: String {
        switch self {
        case .overview: "Overview"
        case .images: "Images"
        case .review: "Review"
        case .jobs: "Jobs"
        case .history: "History"
        case .analysis: "Analysis"
        case .settings: "Settings"
        }
    }
}
