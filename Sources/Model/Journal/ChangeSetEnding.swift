/// What the last work on files of a change set came to.
public struct ChangeSetEnding {
    /// The folders' times as the change set leaves them.
    public let directories: [DirectoryTimeRecord]
    /// The moves whose old names were to be retired, and could not be.
    public let kept: [Int]

    /// Creates an ending.
    public init(directories: [DirectoryTimeRecord], kept: [Int] = []) {
        self.directories = directories
        self.kept = kept
    }
}
