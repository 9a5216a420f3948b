internal import Glibc
public import Model

/// What the file system of the uploads folder can do.
public struct FileSystemCapabilities: Hashable, Sendable {
    /// Whether a file can have two names; otherwise renaming copies.
    public var hardLinks: Bool
    /// Whether copies can share their data on disk (FICLONE).
    public var reflinks: Bool
    /// Whether trash and originals are on the file system of the uploads folder.
    public var homeOnSameDevice: Bool
    /// Whether names can be made in the uploads folder.
    public var isWritable: Bool

    /// Creates a description.
    public init(hardLinks: Bool, reflinks: Bool, homeOnSameDevice: Bool, isWritable: Bool) {
        self.hardLinks = hardLinks
        self.reflinks = reflinks
        self.homeOnSameDevice = homeOnSameDevice
        self.isWritable = isWritable
    }
}

extension LocalMediaFiles {
    /// Finds out what the file system can do, by trying it where retired files wait.
    ///
    /// Nothing is made among the site's files, and nothing is left behind. Where no place for
    /// retired files can be made, hard links and shared data are reported as impossible.
    ///
    /// - Throws: failures of the disk; a missing ability or permission is an answer, not an error.
    public func capabilities() throws(MonikerError) -> FileSystemCapabilities {
        try explaining("try out the file system of", uploads) { () throws(SystemError) in
            let device = try UInt64(root.rawStatus().st_dev)
            var result = FileSystemCapabilities(
                hardLinks: false, reflinks: false,
                homeOnSameDevice: try homeDevice() == device,
                isWritable: calls.isWritable(folder: root.number))
            for place in TrashPlace.allCases where place != .insideUploads {
                do throws(SystemError) {
                    let folder = try place.make(uploads: root, home: home, device: device)
                    (result.hardLinks, result.reflinks) = try folder.probe()
                } catch {
                    guard [EXDEV, EACCES, EPERM, EROFS].contains(error.number) else { throw error }
                    continue
                }
                try place.tidy(uploads: root)
                break
            }
            return result
        }
    }

    /// The device of home, or where there is no home yet, of the folder it would be made in.
    private func homeDevice() throws(SystemError) -> UInt64 {
        var path = home
        while true {
            do throws(SystemError) {
                return try UInt64(Home.open(path, calls: calls).rawStatus().st_dev)
            } catch {
                guard error.number == ENOENT, let slash = path.lastIndex(of: UInt8(ascii: "/"))
                else { throw error }
                path = slash == 0 ? [UInt8(ascii: "/")] : Array(path[..<slash])
            }
        }
    }
}

extension Descriptor {
    /// Tries one hard link.
    private func canLink(_ name: [UInt8], as newName: [UInt8]) -> Bool {
        do throws(SystemError) {
            try calls.link(number, name, to: number, newName)
            return true
        } catch {
            return false
        }
    }

    /// Tries hard links and shared data with files of our own that are gone afterwards.
    fileprivate func probe() throws(SystemError) -> (hardLinks: Bool, reflinks: Bool) {
        let names = [temporaryName(), temporaryName()]
        let file = try open(names[0], O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
        var hardLinks = false
        var reflinks = false
        do throws(SystemError) {
            try file.write(Array("moniker".utf8).span)
            hardLinks = canLink(names[0], as: names[1])
            if hardLinks { try unlink(names[1]) }
            let copy = try open(names[1], O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
            reflinks = copy.shareContents(of: file)
            try unlink(names[1])
        } catch {
            try unlink(names[0])
            throw error
        }
        try unlink(names[0])
        return (hardLinks, reflinks)
    }
}
