/// A token as the store knows it: everything but the token itself.
public struct AccessToken: Hashable, Sendable {
    /// The id, which is no secret and stands in logs.
    public var id: String
    /// What its owner calls it.
    public var name: String
    /// What it allows.
    public var scope: TokenScope
    /// When it was made: seconds since 1970.
    public var created: Int64
    /// When it ends; nil for never.
    public var expires: Int64?
    /// When it was revoked; nil where it was not.
    public var revoked: Int64?
}

/// A token that has just been made; the only time that it can be seen.
public struct NewAccessToken: Sendable {
    /// What the store keeps of it.
    public var record: AccessToken
    /// The token as its owner sends it.
    public var token: String
}
