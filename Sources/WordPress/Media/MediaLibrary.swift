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
        /// These and no others: for a caller who names every attachment of a folder.
        case only(Set<AttachmentID>)
    }

    private let files: any MediaFiles
    private var byID: [AttachmentID: Attachment] = [:]
    private var claims: [MediaPath: Set<AttachmentID>] = [:]
    private var byAttachedFile: [MediaPath: [AttachmentID]] = [:]
    private var stemsByDirectory:
        [MediaPath?: [[UInt8]: [(id: AttachmentID, names: FamilyNames)]]] = [:]
    private var listings: [MediaPath?: Listing] = [:]
    private var claimedNames: [MediaPath?: SortedNames] = [:]

    /// The files of a folder, as spelled and without letter case.
    private struct Listing {
        var names: Set<[UInt8]>
        var spelled: SortedNames
        var folded: SortedNames

        init(_ names: Set<[UInt8]>) {
            self.names = names
            spelled = SortedNames(names) { $0 }
            folded = SortedNames(names, by: MediaLibrary.folded)
        }
    }

    /// Reads attachments with their metadata.
    ///
    /// Memory holds their fields and file names.
    ///
    /// - Parameter lookup: who knows which attachments have their file in a folder; nil where the
    ///   attached files of all have to be looked at.
    /// - Complexity: three queries by index for a selection, and one of all attached files without a
    ///   `lookup`; two passes over the tables for all.
    public init(
        database: any SiteDatabase, files: any MediaFiles, prefix: String, uploads: UploadsFolder,
        selection: Selection, lookup: (any AttachedFileLookup)? = nil
    ) throws(MonikerError) {
        self.files = files
        let reader = AttachmentReader(
            database: database, prefix: prefix, spellings: uploads.spellings, lookup: lookup)
        byID = try reader.read(selection)
        for attachment in byID.values {
            for path in attachment.claimedPaths { claims[path, default: []].insert(attachment.id) }
            if let file = attachment.attachedFile {
                byAttachedFile[file, default: []].append(attachment.id)
                let names = FamilyNames(
                    stem: Self.stem(of: attachment, file), pathExtension: file.pathExtension)
                stemsByDirectory[file.directory, default: [:]][names.stem, default: []].append(
                    (attachment.id, names))
            }
        }
        claimedNames = Dictionary(grouping: claims.keys, by: \.directory).mapValues {
            SortedNames($0.map(\.name), by: Self.folded)
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
        // Translations of an attachment may lack its metadata; any row of the file tells the stem.
        let telling = rows.first { $0.original != nil || $0.hasBackups } ?? attachment
        let stem = Self.stem(of: telling, file)
        let listing = try listing(of: file.directory)

        var members: [FamilyMember] = []
        var unrenamable: [MediaPath] = []
        var seen: Set<MediaPath> = []
        let insiders = Set(rows.map(\.id))
        func add(_ path: MediaPath, _ role: String, sharedWith others: Set<AttachmentID> = []) {
            guard seen.insert(path).inserted else { return }
            let name = path.name
            guard name.starts(with: stem), path.isIn(folderOf: file) else {
                unrenamable.append(path)
                return
            }
            members.append(
                FamilyMember(
                    path: path, role: role, isOnDisk: listing.names.contains(name),
                    sharedWith: outsiders(naming: path, besides: insiders, and: others)))
        }

        add(file, "attached")
        for row in rows {
            for named in row.namedFiles { add(named.path, named.role) }
        }
        for found in try unlistedFiles(stem: stem, file, listing, insiders, besides: seen) {
            add(found.path, found.role, sharedWith: found.others)
        }
        return FileFamily(
            attachments: rows.map(\.id), directory: file.directory, stem: stem,
            pathExtension: file.pathExtension, members: members, unrenamable: unrenamable)
    }

    /// The attachments outside a family that name a file, and those that are given, in order.
    private func outsiders(
        naming path: MediaPath, besides insiders: Set<AttachmentID>, and others: Set<AttachmentID>
    ) -> [AttachmentID] {
        let claimants = claims[path] ?? []
        // Nearly always: a set for each of the files of a bulk rename would take longer than all else.
        if others.isEmpty, claimants.isSubset(of: insiders) { return [] }
        return others.union(claimants).subtracting(insiders).sorted()
    }

    /// Files that only their names make members: those that no metadata lists any more, sidecars,
    /// retina copies, previews.
    ///
    /// What another attachment claims is never taken.
    private func unlistedFiles(
        stem: [UInt8], _ file: MediaPath, _ listing: Listing, _ insiders: Set<AttachmentID>,
        besides listed: Set<MediaPath>
    ) throws(MonikerError) -> [(path: MediaPath, role: String, others: Set<AttachmentID>)] {
        let names = FamilyNames(stem: stem, pathExtension: file.pathExtension)
        var found: [(path: MediaPath, role: String, others: Set<AttachmentID>)] = []
        for name in listing.spelled.names(beginningWith: stem) {
            let path = try file.sibling(named: name)
            guard !listed.contains(path), let role = names.role(of: name) else { continue }
            guard (claims[path] ?? []).isSubset(of: insiders) else { continue }
            var others: Set<AttachmentID> = []
            var isAnothers = false
            for neighbour in neighbours(of: name, from: stem.count, in: file.directory)
            where !insiders.contains(neighbour.id) {
                guard neighbour.names.role(of: name) != nil else { continue }
                // An upload that is really called `a-300x200.jpg` has sidecars of its own.
                if neighbour.names.stem.count > stem.count { isAnothers = true }
                // `a.webp` beside `a.jpg` and `a.png` is a sidecar of either.
                others.insert(neighbour.id)
            }
            guard !isAnothers else { continue }
            found.append((path, role == "same" ? "original" : role, others))
        }
        return found
    }

    /// The attachments in a folder whose stem, of at least so many bytes, a name begins with.
    private func neighbours(
        of name: [UInt8], from shortest: Int, in directory: MediaPath?
    ) -> [(id: AttachmentID, names: FamilyNames)] {
        guard let stems = stemsByDirectory[directory], shortest <= name.count else { return [] }
        return (shortest...name.count).flatMap { stems[Array(name[..<$0])] ?? [] }
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
    ) throws(MonikerError) -> Listing {
        if let known = listings[directory] { return known }
        var names: Set<[UInt8]> = []
        do {
            for entry in try files.entries(of: directory) where entry.kind == .file {
                names.insert(entry.name)
            }
        } catch  where error.code == .fileMissing {
            names = []
        }
        let listing = Listing(names)
        listings[directory] = listing
        return listing
    }

    // MARK: Names

    /// What stands in the way of a family's new stem: a file on disk, a name that another attachment
    /// claims, or one that WordPress would take for a size of the new name; nil where nothing does.
    ///
    /// All comparisons ignore letter case, as file systems of other servers do. The family's own
    /// files are not in the way, nor are its own old names that still work.
    ///
    /// - Complexity: O(log n) in the names of the folder, apart from those that begin with the stem.
    public mutating func collision(
        of family: FileFamily, renamedTo stem: [UInt8]
    ) throws(MonikerError) -> MediaPath? {
        let names = FamilyNames(
            stem: Self.folded(stem), pathExtension: Self.folded(family.pathExtension))
        let claimed = claimedNames[family.directory]?.names(beginningWith: names.stem) ?? []
        let present = try listing(of: family.directory).folded.names(beginningWith: names.stem)
        // What is wanted begins with the stem as well.
        if claimed.isEmpty, present.isEmpty { return nil }
        let own = Set(family.members.map { Self.folded($0.path.name) })
        let insiders = Set(family.attachments)
        let wanted = Set(try family.renamed(to: stem).map { Self.folded($0.new.name) })
        func isInTheWay(_ name: [UInt8]) -> Bool {
            let folded = Self.folded(name)
            guard !own.contains(folded) else { return false }
            if wanted.contains(folded) { return true }
            guard let role = names.role(of: folded) else { return false }
            return ["same", "unlisted", "scaled"].contains(role)
        }
        let separator = family.directory.map { $0.bytes + [UInt8(ascii: "/")] } ?? []
        for name in claimed where isInTheWay(name) {
            let path = try MediaPath(validating: separator + name)
            if !(claims[path] ?? []).isSubset(of: insiders) { return path }
        }
        let suspects = present.filter(isInTheWay)
        guard !suspects.isEmpty else { return nil }
        let identities = try identities(of: family)
        for name in suspects {
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
