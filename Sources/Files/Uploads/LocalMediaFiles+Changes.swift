internal import CLinux
internal import Glibc
public import Model

extension LocalMediaFiles {
    /// Gives an existing file a second name, never replacing anything.
    ///
    /// Where hard links are refused the file is copied with mode, owner and time, and durable
    /// before it has its name; extended attributes and access lists are not copied.
    ///
    /// - Parameter identity: the file that `existing` has to name; nil for any.
    /// - Throws: `name-taken` when `new` exists, `file-missing`, `file-changed` for another file,
    ///   `unsafe-path`, `name-too-long`, `disk-full`, `permission-denied` also where the owner could
    ///   not be kept.
    public func link(
        _ existing: MediaPath, as new: MediaPath, identity: FileIdentity?
    ) throws(MonikerError) {
        let target = try explaining("name", new.bytes) { () throws(SystemError) in
            try folder(new.directory)
        }
        let source = try explaining("link", existing.bytes) { () throws(SystemError) in
            try reference(existing)
        }
        let status = try explaining("link", existing.bytes) { () throws(SystemError) in
            guard let status = try source.status() else { throw SystemError(number: ENOENT) }
            return status
        }
        guard identity.map({ $0 == status.identity }) ?? true else {
            throw MonikerError(
                .fileChanged, "\"\(existing)\" is another file than a moment ago: try again",
                details: ["path": "\(existing)"])
        }
        do throws(SystemError) {
            try target.descriptor.link(source, as: new.name)
            return
        } catch {
            // No hard links here, or not between these mounts, or not of other people's files.
            guard [EPERM, EMLINK, EXDEV, EOPNOTSUPP, ENOSYS].contains(error.number) else {
                throw error.explained("name", new.bytes)
            }
        }
        try explaining("copy to", new.bytes) { () throws(SystemError) in
            let file = try regularFile(existing)
            // Of the same file: what has its name may be another by now.
            guard let current = try file.status(), current.identity == status.identity else {
                throw SystemError(number: ENOENT)
            }
            try target.descriptor.copy(file, as: new.name, adopting: current)
        }
    }

    /// Opens a file for naming it, not for reading.
    private func reference(_ path: MediaPath) throws(SystemError) -> Descriptor {
        guard openFolders == nil else {
            return try folder(path.directory).descriptor.open(path.name, CLinux_O_PATH)
        }
        return try openBeneath(path.bytes, CLinux_O_PATH)
    }

    /// Takes away the temporary files that a killed process left in these folders and in the store
    /// of originals.
    ///
    /// Only names that can be our own temporary ones go. A folder that is gone is no error.
    ///
    /// - Throws: `unsafe-path`, `permission-denied`, `file-system-failed`.
    public func removeTemporaries(in directories: Set<MediaPath?>) throws(MonikerError) {
        for directory in directories {
            try explaining("tidy", directory?.bytes ?? uploads) { () throws(SystemError) in
                do throws(SystemError) {
                    try readableFolder(directory).removeTemporaries()
                } catch {
                    guard error.number == ENOENT || error.number == ENOTDIR else { throw error }
                }
            }
        }
        packWriter = nil
        try explaining("tidy", home) { () throws(SystemError) in
            if let store = try originalsFolder() { try store.removeTemporaries() }
        }
    }

    /// Replaces the content of a file atomically, keeping mode and owner, if it still has the
    /// digest `expected`; `modified` sets its time (nil: now).
    ///
    /// The content is compared once more right before the exchange. The new content is durable
    /// then; the exchange itself after `synchronize(directories:)`.
    ///
    /// - Returns: false, with nothing changed, when the content is another.
    /// - Throws: `file-missing`, `unsafe-path`, `disk-full`, `permission-denied`.
    public func replaceContents(
        of path: MediaPath, expected: ContentDigest, with bytes: [UInt8], modified: Int64?
    ) throws(MonikerError) -> Bool {
        var isReplaced = false
        try explaining("write", path.bytes) { () throws(SystemError) in
            guard try regularFile(path).digest() == expected else { return }
            let open = try folder(path.directory)
            try open.descriptor.withTemporary(named: true) {
                (temporary, name) throws(SystemError) in
                guard let name else { throw SystemError(number: EINVAL) }
                try temporary.write(bytes.span)
                // Right before the exchange: only what happens after this can be lost.
                let file = try regularFile(path)
                guard let status = try file.status() else { throw SystemError(number: ENOENT) }
                try temporary.adoptOwnership(of: status)
                if let modified { try temporary.setModified(modified) }
                try temporary.synchronize()
                if try file.digest() == expected,
                    try open.descriptor.status(of: path.name)?.identity == status.identity
                {
                    try open.descriptor.replace(path.name, with: name)
                    isReplaced = true
                } else {
                    try open.descriptor.unlink(name)
                }
            }
        }
        return isReplaced
    }
}
