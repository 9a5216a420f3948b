public import Model

/// A site's attachments, and the file families that they and the folders on disk make up.
public struct MediaLibrary {
    /// Which attachments are read.
    public enum Selection: Hashable, Sendable {
        /// All.
        case all
        /// These, and every attachment whose file lies in the same folders: what has to be known
        /// about shared files and taken names.
        case some(Set<AttachmentID>)
    }

    private let files: any MediaFiles
    private var byID: [AttachmentID: Attachment] = [:]
    private var claims: [MediaPath: Set<AttachmentID>] = [:]
    private var byAttachedFile: [MediaPath: [AttachmentID]] = [:]
    private var listings: [MediaPath?: Set<[UInt8]>] = [:]

    /// Reads attachments with their metadata.
    ///
    /// Memory holds their fields and file names.
    ///
    /// - Complexity: three queries by index for a selection, two passes over the tables for all.
    public init(
        database: any SiteDatabase, files: any MediaFiles, prefix: String, uploads: UploadsFolder,
        selection: Selection
    ) throws(MonikerError) {
        self.files = files
        let reader = AttachmentReader(
            database: database, prefix: prefix, spellings: uploads.spellings)
        byID = try reader.read(selection)
        for attachment in byID.values {
            for path in attachment.claimedPaths { claims[path, default: []].insert(attachment.id) }
            if let file = attachment.attachedFile {
                byAttachedFile[file, default: []].append(attachment.id)
            }
        }
    }

    /// The attachments, by id.
    public var attachments: [Attachment] { byID.values.sorted { $0.id < $1.id } }

    /// One attachment; nil where there is none of this id.
    public func attachment(_ id: AttachmentID) -> Attachment? { byID[id] }

    // MARK: Families

    /// The family of an attachment; nil where it has no file below uploads.
    public mutating func family(of id: AttachmentID) throws(MonikerError) -> FileFamily? {
        guard let attachment = byID[id], let file = attachment.attachedFile else { return nil }
        let siblings = (byAttachedFile[file] ?? [id]).filter { $0 != id }.sorted()
        let rows = ([id] + siblings).compactMap { byID[$0] }
        let stem = Self.stem(of: attachment, file)
        let listing = try listing(of: file.directory)

        var members: [FamilyMember] = []
        var unrenamable: [MediaPath] = []
        var seen: Set<MediaPath> = []
        let insiders = Set(rows.map(\.id))
        func add(_ path: MediaPath, _ role: String) {
            guard seen.insert(path).inserted else { return }
            guard path.name.starts(with: stem), path.directory == file.directory else {
                unrenamable.append(path)
                return
            }
            members.append(
                FamilyMember(
                    path: path, role: role, isOnDisk: listing.contains(path.name),
                    sharedWith: (claims[path] ?? []).subtracting(insiders).sorted()))
        }

        add(file, "attached")
        for row in rows {
            for named in row.namedFiles { add(named.path, named.role) }
        }
        for (path, role) in try unlistedFiles(stem: stem, file, listing, insiders) {
            add(path, role)
        }
        return FileFamily(
            attachments: rows.map(\.id), directory: file.directory, stem: stem,
            pathExtension: file.pathExtension, members: members, unrenamable: unrenamable)
    }

    /// Files that only their names make members: those that no metadata lists any more, sidecars,
    /// retina copies, previews.
    ///
    /// What another attachment claims is never taken.
    private func unlistedFiles(
        stem: [UInt8], _ file: MediaPath, _ listing: Set<[UInt8]>, _ insiders: Set<AttachmentID>
    ) throws(MonikerError) -> [(MediaPath, String)] {
        let names = FamilyNames(stem: stem, pathExtension: file.pathExtension)
        var found: [(MediaPath, String)] = []
        for name in listing.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            guard let role = names.role(of: name) else { continue }
            let path = try file.sibling(named: name)
            guard (claims[path] ?? []).isSubset(of: insiders) else { continue }
            // `a.webp` beside `a.jpg` and `a.png` is a sidecar of either.
            found.append((path, role == "same" ? "original" : role))
        }
        return found
    }

    /// What all names of a family begin with, from what the metadata says: an upload that was
    /// really called `photo-scaled.jpg` or `IMG_1-300x200.jpg` keeps that as its stem.
    private static func stem(of attachment: Attachment, _ file: MediaPath) -> [UInt8] {
        if let original = attachment.original, file.stem.starts(with: original.stem) {
            return original.stem
        }
        var stem = attachment.backedUpFull?.stem ?? file.stem
        if attachment.hasBackups {
            var rest = stem[...]
            if FamilyNames.takeEdit(&rest), !rest.isEmpty { stem = Array(rest) }
        }
        // Only a stem that the attached file has as well can be renamed with it.
        return file.stem.starts(with: stem) ? stem : file.stem
    }

    private mutating func listing(
        of directory: MediaPath?
    ) throws(MonikerError) -> Set<[UInt8]> {
        if let known = listings[directory] { return known }
        var names: Set<[UInt8]> = []
        do {
            for entry in try files.entries(of: directory) where entry.kind == .file {
                names.insert(entry.name)
            }
        } catch  where error.code == .fileMissing {
            names = []
        }
        listings[directory] = names
        return names
    }

    // MARK: Names

    /// What stands in the way of a family's new stem: a file on disk, a name that another attachment
    /// claims, or one that WordPress would take for a size of the new name; nil where nothing does.
    ///
    /// All comparisons ignore letter case, as file systems of other servers do. The family's own
    /// files are not in the way, nor are its own old names that still work.
    public mutating func collision(
        of family: FileFamily, renamedTo stem: [UInt8]
    ) throws(MonikerError) -> MediaPath? {
        let own = Set(family.members.map { Self.folded($0.path.name) })
        let insiders = Set(family.attachments)
        let wanted = Set(try family.renamed(to: stem).map { Self.folded($0.new.name) })
        let names = FamilyNames(
            stem: Self.folded(stem), pathExtension: Self.folded(family.pathExtension))
        func isInTheWay(_ name: [UInt8]) -> Bool {
            let folded = Self.folded(name)
            guard !own.contains(folded) else { return false }
            if wanted.contains(folded) { return true }
            guard let role = names.role(of: folded) else { return false }
            return ["same", "unlisted", "scaled"].contains(role)
        }
        let separator = family.directory.map { $0.bytes + [UInt8(ascii: "/")] } ?? []
        for (path, owners) in claims
        where path.directory == family.directory && !owners.isSubset(of: insiders) {
            if isInTheWay(path.name) { return path }
        }
        let identities = try identities(of: family)
        for name in try listing(of: family.directory) where isInTheWay(name) {
            let path = try MediaPath(validating: separator + name)
            if let status = try files.status(of: path), identities.contains(status.identity) {
                continue
            }
            return path
        }
        return nil
    }

    private func identities(
        of family: FileFamily
    ) throws(MonikerError) -> Set<FileIdentity> {
        var identities: Set<FileIdentity> = []
        for member in family.members where member.isOnDisk {
            if let status = try files.status(of: member.path) {
                identities.insert(status.identity)
            }
        }
        return identities
    }

    /// ASCII letters in lower case; other bytes as they are.
    private static func folded(_ name: [UInt8]) -> [UInt8] {
        name.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    }
}
