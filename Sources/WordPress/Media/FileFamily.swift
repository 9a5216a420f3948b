public import Model

/// A file of a family.
public struct FamilyMember: Hashable, Sendable {
    /// The file.
    public var path: MediaPath
    /// What it is: `attached`, `original`, `size:thumbnail`, `backup:full-orig`, `source`,
    /// `unlisted`, `sidecar`, `retina`, `preview`.
    public var role: String
    /// Whether the file is there.
    public var isOnDisk: Bool
    /// Attachments outside the family that name the same file: its old name has to stay for them.
    public var sharedWith: [AttachmentID]
}

/// An attachment's file with everything that was made from it, and every attachment row that shares
/// it.
public struct FileFamily: Hashable, Sendable {
    /// Every attachment with this attached file, the one that was asked for first.
    public var attachments: [AttachmentID]
    /// The folder of all members; nil directly below uploads.
    public var directory: MediaPath?
    /// What all members' names begin with.
    public var stem: [UInt8]
    /// The attached file's extension, as spelled.
    public var pathExtension: [UInt8]
    /// The files, the attached one first.
    public var members: [FamilyMember]
    /// Files of the family whose names do not begin with the stem: they keep their names.
    public var unrenamable: [MediaPath]

    /// The attached file.
    public var attached: FamilyMember? { members.first { $0.role == "attached" } }

    /// The members and their names under another stem: the stem changes, every suffix stays.
    ///
    /// - Throws: `name-too-long` when a file system would not take one of the names.
    public func renamed(
        to newStem: [UInt8]
    ) throws(MonikerError) -> [(member: FamilyMember, new: MediaPath)] {
        var result: [(member: FamilyMember, new: MediaPath)] = []
        for member in members {
            let name = newStem + member.path.name.dropFirst(stem.count)
            guard name.count <= 255 else {
                throw MonikerError(
                    .nameTooLong,
                    "the name \"\(displayText(name))\" has \(name.count) bytes; a file system takes 255: choose a shorter name",
                    details: ["name": displayText(name)])
            }
            result.append((member, try member.path.sibling(named: name)))
        }
        return result
    }
}
