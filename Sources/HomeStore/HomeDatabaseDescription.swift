public import Model

/// What is particular to one of the SQLite files of a home.
public struct HomeDatabaseDescription: Sendable {
    /// The file's name without `.sqlite`, and how SQLite's connections are labelled.
    let name: String
    /// The SQL that leads from each version to the next; the first begins with an empty file.
    let versions: [String]
    /// The code of a file that cannot be used.
    let unusable: ErrorCode
    /// What the file is, as the subject of a sentence, from its path.
    let subject: @Sendable (_ path: String) -> String
    /// What somebody can do about a file that cannot be used.
    let remedy: String

    /// Describes a file.
    ///
    /// - Parameters:
    ///   - name: the file's name without `.sqlite`.
    ///   - versions: the SQL that leads from each version to the next, the first from an empty file.
    ///   - unusable: the code of a file that cannot be used.
    ///   - subject: what the file is, as the subject of a sentence, from its path.
    ///   - remedy: what somebody can do about a file that cannot be used.
    public init(
        name: String, versions: [String], unusable: ErrorCode,
        subject: @escaping @Sendable (_ path: String) -> String, remedy: String
    ) {
        self.name = name
        self.versions = versions
        self.unusable = unusable
        self.subject = subject
        self.remedy = remedy
    }
}
