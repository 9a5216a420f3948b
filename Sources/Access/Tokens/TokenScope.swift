/// What a token allows; each scope allows what the ones before it allow.
public enum TokenScope: String, CaseIterable, Hashable, Sendable, Comparable {
    /// Looking: lists, single attachments, journal, jobs.
    case read
    /// Changing the site: names, texts, reverts, jobs.
    case write
    /// Everything, with what concerns the service itself.
    case admin

    /// Whether the scope allows less than another.
    public static func < (left: TokenScope, right: TokenScope) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int {
        switch self {
        case .read: 0
        case .write: 1
        case .admin: 2
        }
    }
}
