internal import CLinux
internal import Glibc
internal import Model

extension Descriptor {
    /// The entries of this folder, without `.` and `..`.
    func entries() throws(SystemError) -> [DirectoryEntry] {
        // A second open file description, because reading moves a position that both would share.
        let copy = unsafe openat(number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { throw .last }
        // SAFETY: the stream owns `copy` from here on and is closed exactly once, below.
        guard let stream = unsafe fdopendir(copy) else {
            let failure = SystemError.last
            close(copy)
            throw failure
        }
        defer { unsafe closedir(stream) }
        var result: [DirectoryEntry] = []
        while true {
            errno = 0
            // SAFETY: an entry is valid until the next call for the same stream; its name ends
            // with NUL and is copied at once.
            guard let entry = unsafe readdir(stream) else {
                guard errno == 0 else { throw .last }
                return result
            }
            let name = unsafe bytes(ofCString: CLinux_entry_name(entry))
            if name == [0x2E] || name == [0x2E, 0x2E] { continue }
            let type = unsafe Int32(entry.pointee.d_type)
            result.append(DirectoryEntry(name: name, kind: try kind(of: name, type: type)))
        }
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
        // SAFETY: the name ends with NUL and outlives the call.
        guard unsafe CLinux_link_descriptor(file.number, number, terminated(name)) != 0 else {
            return
        }
        let failure = SystemError.last
        // Without /proc every link would fail as if the file were missing.
        if failure.number == ENOENT, unsafe access("/proc/self/fd", F_OK) != 0 {
            throw SystemError(number: ENOSYS)
        }
        throw failure
    }

    /// Moves a name of this folder to another folder, never replacing anything.
    ///
    /// - Parameter isPrivate: whether nobody else makes names in `target`; only there a file
    ///   system without RENAME_NOREPLACE (NFS) can be served by looking first.
    func move(
        _ name: [UInt8], to target: borrowing Descriptor, as newName: [UInt8],
        targetIsPrivate isPrivate: Bool
    ) throws(SystemError) {
        let old = terminated(name)
        let new = terminated(newName)
        // SAFETY: both names end with NUL and outlive the calls.
        guard
            unsafe CLinux_renameat2(number, old, target.number, new, CLinux_RENAME_NOREPLACE) != 0
        else { return }
        let failure = SystemError.last
        guard failure.number == EINVAL || failure.number == ENOSYS else { throw failure }
        guard isPrivate else {
            try check(unsafe linkat(number, old, target.number, new, 0))
            try unlink(name)
            return
        }
        guard try !target.exists(newName) else { throw SystemError(number: EEXIST) }
        try check(unsafe renameat(number, old, target.number, new))
    }

    /// Moves a name of this folder over another one of this folder.
    func replace(_ name: [UInt8], with temporary: [UInt8]) throws(SystemError) {
        // SAFETY: both names end with NUL and outlive the call.
        try check(unsafe renameat(number, terminated(temporary), number, terminated(name)))
    }

    /// Takes away a name that is our own.
    func unlink(_ name: [UInt8]) throws(SystemError) {
        // SAFETY: the name ends with NUL and outlives the call.
        try check(unsafe unlinkat(number, terminated(name), 0))
    }

    /// Takes away an empty folder that is our own.
    func removeFolder(_ name: [UInt8]) throws(SystemError) {
        // SAFETY: the name ends with NUL and outlives the call.
        try check(unsafe unlinkat(number, terminated(name), AT_REMOVEDIR))
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
        // SAFETY: the name ends with NUL and outlives the call.
        do throws(SystemError) {
            return try folder(name)
        } catch {
            guard error.number == ENOENT else { throw error }
        }
        if unsafe mkdirat(number, terminated(name), 0o700) == 0 {
            try synchronize()
        } else if errno != EEXIST {
            throw .last
        }
        return try folder(name)
    }
}

/// The bytes of a C string, without its NUL.
@unsafe private func bytes(ofCString text: UnsafePointer<CChar>) -> [UInt8] {
    // SAFETY: the caller passes a text that ends with NUL.
    unsafe UnsafeBufferPointer(start: text, count: strlen(text)).map(UInt8.init(bitPattern:))
}
