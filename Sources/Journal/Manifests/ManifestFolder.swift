import Glibc
import Model

/// The folder of manifests beside journal.sqlite: what the journal would be rebuilt from.
///
/// A manifest is complete and durable, or it is not there: it is written under another name, made
/// durable, renamed, and the folder made durable. Files of other names are left alone.
struct ManifestFolder: Sendable {
    /// Its path, without a trailing slash.
    let path: String

    /// The folder that belongs to a journal.
    init(journal: String) {
        let slash = journal.lastIndex(of: "/")
        path = (slash.map { String(journal[..<$0]) } ?? ".") + "/manifests"
    }

    /// The names of all complete manifests, by change set; empty where there is no folder.
    func names() throws(MonikerError) -> [JournalID: Set<ManifestName.Kind>] {
        var names: [JournalID: Set<ManifestName.Kind>] = [:]
        guard let folder = unsafe opendir(path) else {
            guard errno == ENOENT else { throw failure("list") }
            return [:]
        }
        defer { unsafe closedir(folder) }
        // SAFETY: the entry is valid until the next call, and copied before it.
        while let entry = unsafe readdir(folder) {
            let text = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
                unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            guard let name = ManifestName(text) else { continue }
            names[name.changeSet, default: []].insert(name.kind)
        }
        return names
    }

    /// When a name was last added to the folder or taken from it, in nanoseconds since 1970; nil where
    /// it cannot be looked at.
    func modified() -> Int64? {
        var status = stat()
        // SAFETY: the path lives for the length of the call, which writes one `stat`.
        guard unsafe stat(path, &status) == 0 else { return nil }
        return Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
    }

    /// Writes a manifest, replacing an earlier one of the name, and makes it durable.
    func write(
        _ name: String, _ body: (inout ManifestWriter) throws -> Void
    ) throws {
        if unsafe mkdir(path, 0o700) != 0, errno != EEXIST { throw failure("make") }
        let temporary = path + "/" + name + ".new"
        let file = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure("write") }
        do {
            defer { close(file) }
            var writer = ManifestWriter(file: file)
            try body(&writer)
            try writer.finish()
            // Never repeated after a failure: a second call would claim a success that is none.
            guard fsync(file) == 0 else { throw failure("make durable") }
        }
        guard unsafe rename(temporary, path + "/" + name) == 0 else { throw failure("name") }
        try synchronize()
    }

    /// Reads a manifest; nil where there is none.
    func read(_ name: String) throws(MonikerError) -> ManifestRows? {
        let file = unsafe open(path + "/" + name, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            guard errno == ENOENT else { throw failure("read") }
            return nil
        }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            // SAFETY: the kernel writes at most as many bytes as the buffer has.
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe Glibc.read(file, $0.baseAddress, $0.count)
            }
            guard count >= 0 else { throw failure("read") }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return try ManifestRows(bytes, named: path + "/" + name)
    }

    /// Removes the manifests of change sets, the intents first: without it the others mean nothing.
    func remove(_ changeSets: [JournalID]) throws(MonikerError) {
        let names = try names()
        for id in changeSets {
            for kind in (names[id] ?? []).sorted() {
                let name = path + "/" + ManifestName(changeSet: id, kind: kind).text
                guard unsafe unlink(name) == 0 || errno == ENOENT else { throw failure("remove") }
            }
        }
        try synchronize()
    }

    /// Removes single manifests; what is not there is no error.
    func remove(_ names: [ManifestName]) throws(MonikerError) {
        for name in names {
            guard unsafe unlink(path + "/" + name.text) == 0 || errno == ENOENT else {
                throw failure("remove")
            }
        }
        try synchronize()
    }

    private func synchronize() throws(MonikerError) {
        let folder = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else {
            guard errno == ENOENT else { throw failure("make durable") }
            return
        }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw failure("make durable") }
    }

    private func failure(_ action: String) -> MonikerError { Self.failure(action, path) }

    /// The failure of a call on the folder or on a file of it, by errno.
    static func failure(_ action: String, _ path: String) -> MonikerError {
        let number = errno
        let code: ErrorCode =
            switch number {
            case ENOSPC, EDQUOT: .diskFull
            case EACCES, EPERM: .permissionDenied
            case EROFS: .fileSystemReadOnly
            default: .fileSystemFailed
            }
        let reason = unsafe strerror(number).map { unsafe String(cString: $0) } ?? "\(number)"
        return MonikerError(
            code,
            "cannot \(action) the journal's manifests in \(path) (\(reason)): check the disk and the rights of the home, and try again",
            details: ["path": path])
    }
}

/// What a manifest is called: `J….intent.json`.
struct ManifestName: Hashable {
    /// What of a change set a manifest holds; in the order in which they are written.
    enum Kind: Hashable, Comparable {
        /// What `recordIntent` writes.
        case intent
        /// What `recordCells` writes for one part, from 1.
        case cells(Int)
        /// Edits of text files that were written down together, by the number of the first.
        case file(Int)
        /// How the change set ended and what has become of its names since.
        case state

        fileprivate var text: String {
            switch self {
            case .intent: "intent"
            case .cells(let part): part == 1 ? "cells" : "cells-\(part)"
            case .file(let sequence): "file-\(sequence)"
            case .state: "state"
            }
        }

        fileprivate init?(_ text: some StringProtocol) {
            switch text {
            case "intent": self = .intent
            case "cells": self = .cells(1)
            case "state": self = .state
            default:
                let parts = text.split(separator: "-", omittingEmptySubsequences: false)
                guard parts.count == 2, let number = Int(parts[1]) else { return nil }
                switch parts[0] {
                case "cells" where number > 1: self = .cells(number)
                case "file": self = .file(number)
                default: return nil
                }
            }
        }
    }

    /// The name of the manifest of what belongs to no change set.
    static let home = "home.json"

    let changeSet: JournalID
    let kind: Kind

    init(changeSet: JournalID, kind: Kind) {
        self.changeSet = changeSet
        self.kind = kind
    }

    init?(_ text: String) {
        // Byte by byte: a home has thousands of them, and each change lists them.
        let suffix = ".json".utf8
        let start = text.utf8.prefix { $0 != UInt8(ascii: ".") }
        let rest = text.utf8.dropFirst(start.count + 1)
        guard rest.count >= suffix.count, rest.suffix(suffix.count).elementsEqual(suffix),
            let id = JournalID(String(Substring(start))),
            let kind = Kind(Substring(rest.dropLast(suffix.count)))
        else { return nil }
        changeSet = id
        self.kind = kind
    }

    var text: String { "\(changeSet).\(kind.text).json" }
}
