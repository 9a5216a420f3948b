import Model

extension Verification {
    /// F11, F12 and F13: what is there and nothing needs.
    mutating func checkLeftovers(of all: [ChangeSetRecord]) throws(MonikerError) {
        try checkTemporaryFiles()
        try checkStoredOriginals(of: all)
        let known = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })
        for (id, files) in try ports.files.trash().sorted(by: { $0.key < $1.key }) where files > 0 {
            guard let record = known[id] else {
                note(
                    .unreferenced,
                    "the trash of \(id), which the journal does not know, holds \(files) files",
                    count: files)
                continue
            }
            if now - record.created > options.retention {
                note(
                    .retention,
                    "the trash of \(id) is beyond its retention: `moniker tidy` empties it",
                    count: files)
            }
        }
    }

    /// Files that a crash left half written, under names that only Moniker makes.
    private mutating func checkTemporaryFiles() throws(MonikerError) {
        var directories: Set<MediaPath?> = Set(options.textFiles.map(\.directory))
        for item in standing {
            directories.insert(item.move.old.directory)
            directories.insert(item.move.new.directory)
        }
        for directory in directories.sorted(by: {
            ($0?.bytes ?? []).lexicographicallyPrecedes($1?.bytes ?? [])
        }) {
            for entry in try entries(of: directory)
            where entry.kind == .file && Self.isTemporary(entry.name) {
                let path = try Self.path(entry.name, in: directory)
                guard let status = try ports.files.status(of: path) else { continue }
                let isRepaired = options.repairing ? try putAway(path, status) : false
                report(
                    .leftover,
                    "\(path) was left half written by a crash"
                        + (isRepaired
                            ? ": it was moved into the trash"
                            : ": `moniker verify --repair` moves it into the trash"),
                    isRepaired: isRepaired)
            }
        }
    }

    /// `.moniker-` and up to sixteen hexadecimal digits.
    private static func isTemporary(_ name: [UInt8]) -> Bool {
        let start = Array(".moniker-".utf8)
        let digits = name.dropFirst(start.count)
        return name.starts(with: start) && (1...16).contains(digits.count)
            && digits.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }

    private mutating func checkStoredOriginals(of all: [ChangeSetRecord]) throws(MonikerError) {
        let released = try ports.journal.releasedOriginals()
        let created = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0.created) })
        var newest: [ContentDigest: JournalID] = [:]
        for original in try ports.journal.originalsInUse() {
            newest[original.digest] = original.newest
        }
        for digest in try ports.files.originals() {
            if released.contains(digest) {
                note(
                    .unreferenced,
                    "the original \(digest) was given up and is still stored: `moniker tidy` removes it"
                )
            } else if let id = newest[digest] {
                guard now - (created[id] ?? now) > options.retention else { continue }
                note(
                    .retention,
                    "the original \(digest) is beyond its retention: `moniker tidy` removes it")
            } else {
                note(
                    .unreferenced,
                    "the original \(digest) is stored, and no change set of the journal needs it")
            }
        }
    }

    // MARK: Twins

    /// F16: names in the folders of renamed files that are one name to file systems which fold
    /// letter case or normalize Unicode.
    mutating func checkTwins() throws(MonikerError) {
        let own = Set(owners.keys)
        for directory in Set(own.map(\.directory)) {
            // Swift compares strings by canonical equivalence, which is what NFC and NFD share.
            var names: [String: [MediaPath]] = [:]
            for entry in try entries(of: directory) where entry.kind == .file {
                guard let text = String(validating: entry.name, as: UTF8.self) else { continue }
                names[text.lowercased(), default: []].append(
                    try Self.path(entry.name, in: directory))
            }
            for twins in names.values where twins.count > 1 {
                guard let mine = twins.first(where: own.contains) else { continue }
                let others = twins.filter { $0 != mine && today($0) != mine }
                guard let other = others.first else { continue }
                report(
                    .twin,
                    "\(mine) and \(other) are one name where letter case or Unicode normalization does not count (macOS, Windows, some buckets): rename one of them"
                )
            }
        }
    }

    private func entries(
        of directory: MediaPath?
    ) throws(MonikerError) -> [DirectoryEntry] {
        do {
            return try ports.files.entries(of: directory)
        } catch  where error.code == .fileMissing {
            // Its files are reported one by one.
            return []
        }
    }

    private static func path(
        _ name: [UInt8], in directory: MediaPath?
    ) throws(MonikerError) -> MediaPath {
        try MediaPath(validating: (directory.map { $0.bytes + [UInt8(ascii: "/")] } ?? []) + name)
    }
}
