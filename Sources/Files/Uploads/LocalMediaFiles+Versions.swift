internal import Glibc
public import Model

extension LocalMediaFiles {
    /// The versions of a folder (nil: the uploads folder itself) and of some names in it; nil where
    /// there is no such folder.
    ///
    /// - Throws: `unsafe-path`, `permission-denied`, `file-system-failed`.
    public func versions(
        of names: [[UInt8]], in directory: MediaPath?
    ) throws(MonikerError) -> FolderVersions? {
        do throws(SystemError) {
            let open = try folder(directory)
            var versions = FolderVersions(
                folder: EntryVersion(try open.descriptor.rawStatus()), files: [])
            for name in names { versions.files.append(try version(of: name, in: open.descriptor)) }
            return versions
        } catch {
            guard error.number == ENOENT || error.number == ENOTDIR else {
                throw error.explained("look at", directory?.bytes ?? [0x2E])
            }
            return nil
        }
    }

    private func version(
        of name: [UInt8], in folder: borrowing Descriptor
    ) throws(SystemError) -> EntryVersion? {
        do throws(SystemError) {
            let status = try folder.rawStatus(of: name)
            return status.st_mode & S_IFMT == S_IFREG ? EntryVersion(status) : nil
        } catch {
            guard error.number == ENOENT else { throw error }
            return nil
        }
    }
}

extension EntryVersion {
    fileprivate init(_ status: stat) {
        self.init(
            identity: FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino)),
            size: Int64(status.st_size), modified: status.modifiedNanoseconds,
            changed: status.changedNanoseconds)
    }
}
