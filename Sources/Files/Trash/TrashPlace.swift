internal import Glibc
internal import Model

/// Where retired files may wait: on their own file system, because they are moved, never copied.
enum TrashPlace: CaseIterable, Hashable {
    /// In our home, out of the web server's reach.
    case home
    /// Beside the uploads folder, where home is on another file system.
    case besideUploads
    /// In the uploads folder itself, where that is a mount of its own or its parent is not ours.
    case insideUploads

    /// The name of our folder beside or inside the uploads folder.
    static let folderName = Array(".moniker".utf8)
    /// The name of the folder of trash folders.
    private static let trashName = Array("trash".utf8)

    /// Opens the place's folder of trash folders, if there is one.
    ///
    /// - Throws: ENOENT where it is missing.
    func open(uploads: borrowing Descriptor, home: [UInt8]) throws(SystemError) -> Descriptor {
        switch self {
        case .home:
            return try Home.open(home, calls: uploads.calls).folder(Self.trashName)
        case .besideUploads, .insideUploads:
            return try container(uploads: uploads).folder(Self.folderName).folder(Self.trashName)
        }
    }

    /// Opens the place's folder of trash folders, making it where it is missing.
    ///
    /// - Throws: EXDEV, with nothing made, where the place is on another device.
    func make(
        uploads: borrowing Descriptor, home: [UInt8], device: UInt64
    ) throws(SystemError) -> Descriptor {
        switch self {
        case .home:
            let home = try Home.make(home, calls: uploads.calls)
            try home.requireDevice(device)
            return try home.makeFolder(Self.trashName)
        case .besideUploads, .insideUploads:
            let parent = try container(uploads: uploads)
            try parent.requireDevice(device)
            let before = try parent.rawStatus().modifiedNanoseconds
            var failure: SystemError?
            do throws(SystemError) {
                _ = try parent.makeFolder(Self.folderName)
            } catch {
                failure = error
            }
            try putBackTime(of: parent, to: before)
            if let failure { throw failure }
            let own = try parent.folder(Self.folderName)
            try own.denyTheWeb()
            return try own.makeFolder(Self.trashName)
        }
    }

    /// The folder that our folder is in; for the places that are not home.
    private func container(uploads: borrowing Descriptor) throws(SystemError) -> Descriptor {
        try uploads.folder(Array((self == .besideUploads ? ".." : ".").utf8))
    }

    /// Gives the uploads folder the time it had before our folder came or went: no media changed.
    private func putBackTime(
        of parent: borrowing Descriptor, to before: Int64
    ) throws(SystemError) {
        guard self == .insideUploads, try parent.rawStatus().modifiedNanoseconds != before else {
            return
        }
        do throws(SystemError) {
            try parent.setModified(before)
        } catch {
            // Somebody else's folder that we may only write to.
            guard error.number == EPERM || error.number == EACCES else { throw error }
        }
    }

    /// Takes our folder away again where nothing is in its trash.
    func tidy(uploads: borrowing Descriptor) throws(SystemError) {
        guard self != .home else { return }
        do throws(SystemError) {
            let parent = try container(uploads: uploads)
            let own = try parent.folder(Self.folderName)
            try own.removeFolder(Self.trashName)
            for file in WebGuard.files { try own.unlink(file.name) }
            let before = try parent.rawStatus().modifiedNanoseconds
            try parent.removeFolder(Self.folderName)
            try putBackTime(of: parent, to: before)
        } catch {
            // Something is in use or gone already.
            guard [ENOENT, ENOTEMPTY, EEXIST].contains(error.number) else { throw error }
        }
    }
}

/// The trash folder of one change set.
struct TrashFolder: Hashable {
    /// Where it is.
    var place: TrashPlace
    /// Whose it is.
    var journal: JournalID

    /// The folder's name.
    var name: [UInt8] { Array(journal.description.utf8) }
}

/// What keeps web servers from serving our folder.
private enum WebGuard {
    /// Apache 2.4 and 2.2 read the first; other servers at least list nothing.
    static let files: [(name: [UInt8], content: String)] = [
        (
            Array(".htaccess".utf8),
            """
            <IfModule mod_authz_core.c>
                Require all denied
            </IfModule>
            <IfModule !mod_authz_core.c>
                Order deny,allow
                Deny from all
            </IfModule>

            """
        ),
        (Array("index.html".utf8), ""),
    ]
}

extension Descriptor {
    /// Puts the files here that keep web servers out.
    fileprivate func denyTheWeb() throws(SystemError) {
        for file in WebGuard.files where try !exists(file.name) {
            let guardFile = try open(file.name, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
            try guardFile.write(Array(file.content.utf8).span)
        }
    }

    /// Throws EXDEV unless the folder is on a device.
    fileprivate func requireDevice(_ device: UInt64) throws(SystemError) {
        guard try UInt64(rawStatus().st_dev) == device else { throw SystemError(number: EXDEV) }
    }
}
