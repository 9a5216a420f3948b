internal import Glibc
internal import Model

extension Descriptor {
    /// The entries of this folder, without `.` and `..`.
    func entries() throws(SystemError) -> [DirectoryEntry] {
        var result: [DirectoryEntry] = []
        for (name, type) in try calls.entries(number) {
            result.append(DirectoryEntry(name: name, kind: try kind(of: name, type: type)))
        }
        return result
    }

    /// What an entry is; where the file system does not say so in the listing, by asking.
    private func kind(of name: [UInt8], type: Int32) throws(SystemError) -> DirectoryEntry.Kind {
        switch type {
        case Int32(DT_REG): return .file
        case Int32(DT_DIR): return .directory
        case Int32(DT_UNKNOWN):
            do throws(SystemError) {
                let status = try rawStatus(of: name)
                if status.isFolder { return .directory }
                return FileStatus(status) == nil ? .other : .file
            } catch {
                // Gone since it was listed.
                guard error.number == ENOENT else { throw error }
                return .other
            }
        default: return .other
        }
    }

    /// Gives an open file a name, never replacing anything.
    ///
    /// By way of the descriptor, so that it is the file that was looked at and no other.
    func link(_ file: borrowing Descriptor, as name: [UInt8]) throws(SystemError) {
        try calls.link(file: file.number, to: number, name)
    }

    /// Moves a name of this folder to another folder, never replacing anything.
    ///
    /// - Parameter isPrivate: whether nobody else makes names in `target`; only there a file
    ///   system without RENAME_NOREPLACE (NFS) can be served by looking first.
    func move(
        _ name: [UInt8], to target: borrowing Descriptor, as newName: [UInt8],
        targetIsPrivate isPrivate: Bool
    ) throws(SystemError) {
        do throws(SystemError) {
            try calls.move(number, name, to: target.number, newName)
            return
        } catch {
            guard error.number == EINVAL || error.number == ENOSYS else { throw error }
        }
        guard isPrivate else {
            try calls.link(number, name, to: target.number, newName)
            try unlink(name)
            return
        }
        guard try !target.exists(newName) else { throw SystemError(number: EEXIST) }
        try calls.moveReplacing(number, name, to: target.number, newName)
    }

    /// Moves a name of this folder over another one of this folder.
    func replace(_ name: [UInt8], with temporary: [UInt8]) throws(SystemError) {
        try calls.moveReplacing(number, temporary, to: number, name)
    }

    /// Takes away a name that is our own.
    func unlink(_ name: [UInt8]) throws(SystemError) {
        try calls.unlink(number, name)
    }

    /// Takes away an empty folder that is our own.
    func removeFolder(_ name: [UInt8]) throws(SystemError) {
        try calls.removeFolder(number, name)
    }

    /// Whether there is anything of this name.
    func exists(_ name: [UInt8]) throws(SystemError) -> Bool {
        do throws(SystemError) {
            _ = try rawStatus(of: name)
            return true
        } catch {
            guard error.number == ENOENT else { throw error }
            return false
        }
    }

    /// Opens a folder of this folder.
    func folder(_ name: [UInt8]) throws(SystemError) -> Descriptor {
        try open(name, O_RDONLY | O_DIRECTORY)
    }

    /// Opens a folder of this folder, creating it for its owner alone where it is missing.
    func makeFolder(_ name: [UInt8]) throws(SystemError) -> Descriptor {
        do throws(SystemError) {
            return try folder(name)
        } catch {
            guard error.number == ENOENT else { throw error }
        }
        do throws(SystemError) {
            try calls.makeFolder(number, name)
            try synchronize()
        } catch {
            guard error.number == EEXIST else { throw error }
        }
        return try folder(name)
    }
}
