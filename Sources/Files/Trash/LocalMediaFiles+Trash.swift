internal import Glibc
public import Model

extension LocalMediaFiles {
    /// Takes a name away by moving it into the trash of a change set, if it still names `identity`.
    ///
    /// What was moved is looked at again: a file that somebody put there in between goes back.
    ///
    /// - Returns: false, with nothing changed, when the name is gone or names another file.
    /// - Throws: `name-taken` when the trash has the sequence number, `needs-attention` when a file
    ///   could not go back, `unsafe-path`, `permission-denied`, `file-system-failed` when no place for
    ///   the trash is on the file's file system.
    public func retire(
        _ path: MediaPath, identity: FileIdentity, into journal: JournalID, as sequence: Int
    ) throws(MonikerError) -> Bool {
        let outcome = try explaining("retire", path.bytes) { () throws(SystemError) in
            try moveToTrash(path, identity: identity, as: sequence, of: journal)
        }
        switch outcome {
        case .retired: return true
        case .notThere: return false
        case .strangerKept(let name):
            throw MonikerError(
                .needsAttention,
                "\"\(path)\" was replaced twice while it was renamed: the first newcomer waits as \"\(name)\" in the trash of \(journal); compare the two and put one back by hand"
            )
        }
    }

    /// Gives a retired file its name back, never replacing anything.
    ///
    /// - Returns: false where the trash holds no such file.
    /// - Throws: `name-taken`, `file-missing` when the folder is gone, `unsafe-path`,
    ///   `permission-denied`.
    public func unretire(
        _ path: MediaPath, from journal: JournalID, as sequence: Int
    ) throws(MonikerError) -> Bool {
        for place in TrashPlace.allCases {
            let location = TrashFolder(place: place, journal: journal)
            let isBack = try explaining("bring back", path.bytes) { () throws(SystemError) in
                guard let trash = try existingTrash(location),
                    let name = try retiredFile(sequence, in: trash.folder)?.name
                else { return false }
                let open = try folder(path.directory)
                try trash.folder.move(
                    name, to: open.descriptor, as: path.name, targetIsPrivate: false)
                touchedTrash.insert(location)
                return true
            }
            if isBack { return true }
        }
        return false
    }

    /// Empties the trash of a change set, and nothing else.
    ///
    /// Unknown ids are no error.
    ///
    /// Files that `retire` could neither take nor give back stay. Linear in the number of files.
    ///
    /// - Throws: `permission-denied`, `file-system-failed`.
    public func emptyTrash(of journal: JournalID) throws(MonikerError) {
        try explaining("empty", Array("the trash of \(journal)".utf8)) { () throws(SystemError) in
            for place in TrashPlace.allCases {
                let location = TrashFolder(place: place, journal: journal)
                guard let trash = try existingTrash(location) else { continue }
                // Only what was retired: a newcomer that was kept has another kind of name.
                for entry in try trash.folder.entries() where entry.name.allSatisfy(isDigit) {
                    try trash.folder.unlink(entry.name)
                }
                touchedTrash.remove(location)
                openTrash[location] = nil
                let folders = try place.open(uploads: root, home: home)
                do throws(SystemError) {
                    try folders.removeFolder(location.name)
                } catch {
                    guard error.number == ENOTEMPTY || error.number == EEXIST else { throw error }
                }
                try place.tidy(uploads: root)
            }
        }
    }

    /// How many retired files wait in the trash, by change set; linear in their number.
    ///
    /// - Throws: `permission-denied`, `file-system-failed`.
    public func trash() throws(MonikerError) -> [JournalID: Int] {
        try explaining("list", Array("the trash".utf8)) { () throws(SystemError) in
            var files: [JournalID: Int] = [:]
            for place in TrashPlace.allCases {
                do throws(SystemError) {
                    let folders = try place.open(uploads: root, home: home)
                    for entry in try folders.entries() where entry.kind == .directory {
                        let name = String(decoding: entry.name, as: UTF8.self)
                        guard let journal = JournalID(name) else { continue }
                        files[journal, default: 0] += try folders.folder(entry.name).entries().count
                    }
                } catch {
                    guard error.number == ENOENT else { throw error }
                }
            }
            return files
        }
    }

    /// Makes the changes of names in the trash durable.
    func synchronizeTrash() throws(MonikerError) {
        for location in touchedTrash {
            try explaining("make durable", Array("the trash of \(location.journal)".utf8)) {
                () throws(SystemError) in
                if let trash = try existingTrash(location) { try trash.folder.synchronize() }
            }
            touchedTrash.remove(location)
        }
    }

    /// What became of a name that was to be retired.
    private enum Outcome {
        /// It is in the trash.
        case retired
        /// It names nothing, or another file, which is where it was.
        case notThere
        /// It named another file, which could not go back because a third one had come.
        case strangerKept(String)
    }

    /// Moves a name into the first place that takes it, and looks at what was moved.
    private func moveToTrash(
        _ path: MediaPath, identity: FileIdentity, as sequence: Int, of journal: JournalID
    ) throws(SystemError) -> Outcome {
        guard let open = try existingFolder(path.directory) else { return .notThere }
        let earlier = try trashes(of: journal, having: sequence)
        if let other = earlier.first(where: { $0.identity != identity }) {
            // A process took it for another and was killed before it looked again.
            return try giveBack(
                other.name, sequence, of: other.trash.folder, to: open.descriptor, as: path.name)
        }
        guard try open.descriptor.status(ifPresent: path.name)?.identity == identity else {
            return .notThere
        }
        // A power cut can part the two halves of an earlier move: the file is in the trash and has
        // its name as well. Moving one onto the other would do nothing.
        for same in earlier { try same.trash.folder.unlink(same.name) }
        let name = trashName(sequence)
        var failure = SystemError(number: EXDEV)
        for place in TrashPlace.allCases {
            let location = TrashFolder(place: place, journal: journal)
            let trash: OpenTrash
            do throws(SystemError) {
                trash = try madeTrash(location, device: identity.device)
            } catch {
                // Not our file system, or not our folder: the next place may be.
                guard [EXDEV, EACCES, EPERM, EROFS].contains(error.number) else { throw error }
                if error.number != EXDEV { failure = error }
                continue
            }
            do throws(SystemError) {
                try open.descriptor.move(
                    path.name, to: trash.folder, as: name, targetIsPrivate: true)
            } catch {
                if error.number == ENOENT { return .notThere }
                // The same device mounted twice.
                guard error.number == EXDEV else { throw error }
                continue
            }
            touchedTrash.insert(location)
            if try trash.folder.status(of: name)?.identity == identity { return .retired }
            return try giveBack(
                name, sequence, of: trash.folder, to: open.descriptor, as: path.name)
        }
        throw failure
    }

    /// The trash folders of a change set that hold the file of a number, and which file it is.
    private func trashes(
        of journal: JournalID, having sequence: Int
    ) throws(SystemError) -> [(trash: OpenTrash, name: [UInt8], identity: FileIdentity)] {
        var trashes: [(trash: OpenTrash, name: [UInt8], identity: FileIdentity)] = []
        for place in TrashPlace.allCases {
            let location = TrashFolder(place: place, journal: journal)
            guard let trash = try existingTrash(location), !trash.isNew,
                let file = try retiredFile(sequence, in: trash.folder)
            else { continue }
            touchedTrash.insert(location)
            trashes.append((trash, file.name, file.identity))
        }
        return trashes
    }

    /// Gives a file its name back that came there between looking and moving.
    private func giveBack(
        _ name: [UInt8], _ sequence: Int, of trash: borrowing Descriptor,
        to folder: borrowing Descriptor, as original: [UInt8]
    ) throws(SystemError) -> Outcome {
        do throws(SystemError) {
            try trash.move(name, to: folder, as: original, targetIsPrivate: false)
            return .notThere
        } catch {
            guard error.number == EEXIST else { throw error }
        }
        let kept = "kept-\(sequence)"
        try trash.move(name, to: trash, as: Array(kept.utf8), targetIsPrivate: true)
        return .strangerKept(kept)
    }

    /// The retired file of a number in a trash folder; nil where there is none.
    private func retiredFile(
        _ sequence: Int, in trash: borrowing Descriptor
    ) throws(SystemError) -> (name: [UInt8], identity: FileIdentity)? {
        // Programs of before wrote the number alone.
        for name in [trashName(sequence), Array(String(sequence).utf8)] {
            if let status = try trash.status(ifPresent: name) { return (name, status.identity) }
        }
        return nil
    }

    /// The name of a retired file in its trash folder: its number, with zeros before it.
    ///
    /// ext4 goes through half a block of a folder for each name that it looks for or adds, so that
    /// many short names take a third longer than long ones.
    private func trashName(_ sequence: Int) -> [UInt8] {
        let digits = Array(String(sequence).utf8)
        return Array(repeating: UInt8(ascii: "0"), count: max(0, 60 - digits.count)) + digits
    }

    /// Opens a folder of the uploads folder; nil where there is none.
    private func existingFolder(_ directory: MediaPath?) throws(SystemError) -> OpenFolder? {
        do throws(SystemError) {
            return try folder(directory)
        } catch {
            guard error.number == ENOENT || error.number == ENOTDIR else { throw error }
            return nil
        }
    }

    /// Opens a trash folder; nil where there is none.
    private func existingTrash(_ location: TrashFolder) throws(SystemError) -> OpenTrash? {
        if let open = openTrash[location] { return open }
        if missingTrash.contains(location) { return nil }
        do throws(SystemError) {
            let folders = try location.place.open(uploads: root, home: home)
            return keepOpen(OpenTrash(try folders.folder(location.name)), location)
        } catch {
            guard error.number == ENOENT else { throw error }
            if openFolders != nil { missingTrash.insert(location) }
            return nil
        }
    }

    /// Opens a trash folder, making it where it is missing.
    ///
    /// - Throws: EXDEV, with nothing made, where the place is on another device.
    private func madeTrash(
        _ location: TrashFolder, device: UInt64
    ) throws(SystemError) -> OpenTrash {
        if let open = openTrash[location], open.device == device { return open }
        let folders = try location.place.make(uploads: root, home: home, device: device)
        return keepOpen(
            OpenTrash(
                try folders.makeFolder(location.name), device: device,
                isNew: missingTrash.contains(location)),
            location)
    }

    /// Keeps a folder open, and no other: files of one change set come one after the other.
    private func keepOpen(_ trash: OpenTrash, _ location: TrashFolder) -> OpenTrash {
        missingTrash.remove(location)
        if openTrash.contains(where: { $0.key.journal != location.journal }) {
            openTrash = openTrash.filter { $0.key.journal == location.journal }
        }
        openTrash[location] = trash
        return trash
    }
}

/// A trash folder that stays open from one file to the next.
final class OpenTrash {
    /// The folder.
    let folder: Descriptor
    /// The device that it is known to take files of; nil where nobody has asked.
    let device: UInt64?
    /// Whether a worker made it: each file comes to one once, so that none has been there before.
    let isNew: Bool

    init(_ folder: consuming Descriptor, device: UInt64? = nil, isNew: Bool = false) {
        self.folder = folder
        self.device = device
        self.isNew = isNew
    }
}

/// Whether a byte is a decimal digit.
private func isDigit(_ byte: UInt8) -> Bool {
    UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
}
