/// Who asks a site, as the site sees it.
public struct RemoteAccount: Codable, Hashable, Sendable {
    /// The user's id.
    public var id: Int64
    /// The name that others see.
    public var name: String
    /// The roles, such as `editor`.
    public var roles: [String]
    /// Whether the texts of other people's images may be written.
    public var canEditOthers: Bool
    /// Whether the user's roles let HTML be stored as it is.
    ///
    /// Else WordPress takes away what it does not allow; in a network, or with
    /// DISALLOW_UNFILTERED_HTML, it does so all the same.
    public var canStoreAnyHTML: Bool

    /// Creates an account.
    public init(
        id: Int64, name: String, roles: [String], canEditOthers: Bool, canStoreAnyHTML: Bool
    ) {
        self.id = id
        self.name = name
        self.roles = roles
        self.canEditOthers = canEditOthers
        self.canStoreAnyHTML = canStoreAnyHTML
    }
}
