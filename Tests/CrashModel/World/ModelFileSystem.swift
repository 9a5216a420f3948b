/// A file system in memory, the weakest that is allowed: a power cut may take any subset of the
/// changes of names since a folder's last fsync, each on its own, and the content of a file that
/// was never synchronized.
///
/// Nodes are numbered like inodes and never reused. A change of two folders, or of two names of one,
/// is two changes that a power cut can part.
public struct ModelFileSystem: Hashable, Sendable {
    /// A regular file.
    public struct File: Hashable, Sendable {
        /// What a reader sees.
        public var content: [UInt8] = []
        /// What a power cut leaves; nil where nothing was ever synchronized.
        public var durable: [UInt8]?
        /// The permission bits.
        public var mode: UInt32
        /// The owner and the group.
        public var owner: UInt32 = 33
        /// When the content last changed.
        public var modified: Int64
    }

    /// One change of a name since the folder's last fsync.
    enum NameChange: Hashable, Sendable {
        case set([UInt8], Int)
        case remove([UInt8])
    }

    /// A folder.
    struct Folder: Hashable, Sendable {
        var entries: [[UInt8]: Int] = [:]
        var durable: [[UInt8]: Int] = [:]
        var pending: [NameChange] = []
        var modified: Int64
    }

    enum Node: Hashable, Sendable {
        case file(File)
        case folder(Folder)
    }

    static let root = 1
    var nodes: [Int: Node] = [root: .folder(Folder(modified: 0))]
    private var nextNode = 2

    // MARK: Nodes

    subscript(folder number: Int) -> Folder? {
        if case .folder(let folder)? = nodes[number] { folder } else { nil }
    }

    subscript(file number: Int) -> File? {
        if case .file(let file)? = nodes[number] { file } else { nil }
    }

    mutating func add(_ node: Node) -> Int {
        defer { nextNode += 1 }
        nodes[nextNode] = node
        return nextNode
    }

    mutating func update(file number: Int, _ change: (inout File) -> Void) {
        guard case .file(var file)? = nodes[number] else { return }
        change(&file)
        nodes[number] = .file(file)
    }

    mutating func update(folder number: Int, _ change: (inout Folder) -> Void) {
        guard case .folder(var folder)? = nodes[number] else { return }
        change(&folder)
        nodes[number] = .folder(folder)
    }

    // MARK: Names

    mutating func set(_ name: [UInt8], in folder: Int, to node: Int, at time: Int64) {
        update(folder: folder) {
            $0.entries[name] = node
            $0.pending.append(.set(name, node))
            $0.modified = time
        }
    }

    mutating func remove(_ name: [UInt8], from folder: Int, at time: Int64) {
        update(folder: folder) {
            $0.entries[name] = nil
            $0.pending.append(.remove(name))
            $0.modified = time
        }
    }

    mutating func synchronize(_ number: Int) {
        update(folder: number) {
            $0.durable = $0.entries
            $0.pending = []
        }
        update(file: number) { $0.durable = $0.content }
    }

    mutating func synchronizeAll() {
        for number in nodes.keys { synchronize(number) }
    }

    func parent(of number: Int) -> Int? {
        if number == Self.root { return Self.root }
        return nodes.first { _, node in
            if case .folder(let folder) = node {
                folder.entries.values.contains(number)
            } else {
                false
            }
        }?.key
    }

    func links(of number: Int) -> Int {
        nodes.values.reduce(0) { sum, node in
            guard case .folder(let folder) = node else { return sum }
            return sum + folder.entries.values.count { $0 == number }
        }
    }

    /// The node at a path of folders and a name; nil where there is none.
    public func node(at path: String) -> Int? {
        var number = Self.root
        for segment in path.utf8.split(separator: UInt8(ascii: "/")) {
            guard let next = self[folder: number]?.entries[Array(segment)] else { return nil }
            number = next
        }
        return number
    }

    /// The file at a path; nil where there is none.
    public func file(at path: String) -> File? { node(at: path).flatMap { self[file: $0] } }

    /// Every file below a folder by its path, and when each folder last changed.
    public func tree(
        at path: String
    ) -> (files: [String: File], folders: [String: Int64]) {
        var result: (files: [String: File], folders: [String: Int64]) = ([:], [:])
        func walk(_ number: Int, _ path: String) {
            guard let folder = self[folder: number] else { return }
            result.folders[path] = folder.modified
            for (name, child) in folder.entries {
                let childPath = path + "/" + String(decoding: name, as: UTF8.self)
                if let file = self[file: child] {
                    result.files[childPath] = file
                } else {
                    walk(child, childPath)
                }
            }
        }
        if let number = node(at: path) { walk(number, "") }
        return result
    }

    // MARK: Making a world

    /// Makes a folder with everything above it, durable.
    public mutating func makeFolder(_ path: String) {
        var number = Self.root
        for segment in path.utf8.split(separator: UInt8(ascii: "/")) {
            if let next = self[folder: number]?.entries[Array(segment)] {
                number = next
            } else {
                let next = add(.folder(Folder(modified: 1)))
                set(Array(segment), in: number, to: next, at: 1)
                synchronize(number)
                number = next
            }
        }
    }

    /// Makes or overwrites a file, durable; its folder must be there.
    public mutating func write(_ path: String, _ content: String, modified: Int64) {
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        guard let folder = node(at: String(path[..<slash])) else {
            preconditionFailure("no folder for \(path)")
        }
        let bytes = Array(content.utf8)
        let number = add(
            .file(File(content: bytes, durable: bytes, mode: 0o644, modified: modified)))
        set(Array(path[path.index(after: slash)...].utf8), in: folder, to: number, at: modified)
        synchronize(folder)
    }

    /// Takes a name away, durable.
    public mutating func delete(_ path: String) {
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        guard let folder = node(at: String(path[..<slash])) else { return }
        remove(Array(path[path.index(after: slash)...].utf8), from: folder, at: 2)
        synchronize(folder)
    }

    // MARK: The end of a process and of power

    /// What is left when the process has ended: files that had no name are gone.
    public func afterKill() -> ModelFileSystem {
        var result = self
        result.forgetUnreachable()
        return result
    }

    /// The folders that have changes a power cut could take.
    private var pendingFolders: [Int] {
        nodes.keys.filter { !(self[folder: $0]?.pending.isEmpty ?? true) }.sorted()
    }

    /// How many changes of names a power cut could take.
    public var pendingChanges: Int {
        pendingFolders.reduce(0) { $0 + (self[folder: $1]?.pending.count ?? 0) }
    }

    /// What a power cut leaves of which exactly the pending changes in `survivors` got to the disk.
    ///
    /// - Parameter survivors: a bit for each pending change, folder by folder.
    public func afterPowerCut(survivors: UInt64) -> ModelFileSystem {
        var result = self
        var bit = 0
        for number in pendingFolders {
            result.update(folder: number) { folder in
                folder.entries = folder.durable
                for change in folder.pending {
                    if survivors >> UInt64(bit) & 1 == 1 {
                        switch change {
                        case .set(let name, let node): folder.entries[name] = node
                        case .remove(let name): folder.entries[name] = nil
                        }
                    }
                    bit += 1
                }
                folder.durable = folder.entries
                folder.pending = []
            }
        }
        for number in nodes.keys {
            result.update(file: number) {
                // What was never synchronized is torn, not merely old.
                $0.content = $0.durable ?? Array("torn".utf8)
                $0.durable = $0.content
            }
        }
        result.forgetUnreachable()
        return result
    }

    private mutating func forgetUnreachable() {
        var reached: Set<Int> = []
        var waiting = [Self.root]
        while let number = waiting.popLast() {
            guard reached.insert(number).inserted, let folder = self[folder: number] else {
                continue
            }
            waiting += folder.entries.values
            waiting += folder.durable.values
            for case .set(_, let node) in folder.pending { waiting.append(node) }
        }
        nodes = nodes.filter { reached.contains($0.key) }
    }
}
