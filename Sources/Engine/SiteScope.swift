public import Rewriting

/// What of a site the engine works on: its tables, its cells and what its uploads are called.
public struct SiteScope: Sendable {
    /// The prefix of the site's tables.
    public var tablePrefix: String
    /// The prefix of the tables that Moniker's own markers live beside.
    public var markerPrefix: String
    /// The uploads folder as people know it; for the journal.
    public var uploadsFolder: [UInt8]
    /// How references to the uploads folder are spelled.
    public var location: UploadsLocation

    /// Creates a scope.
    public init(
        tablePrefix: String, markerPrefix: String, uploadsFolder: [UInt8],
        location: UploadsLocation
    ) {
        self.tablePrefix = tablePrefix
        self.markerPrefix = markerPrefix
        self.uploadsFolder = uploadsFolder
        self.location = location
    }
}
