internal import CLinux
import Files
import Glibc

/// The system calls of a model file system.
final class ModelSystemCalls: SystemCalls {
    private struct OpenFile {
        var node: Int
        var position = 0
    }

    private let universe: Universe
    private var open: [Int32: OpenFile] = [:]
    private var nextDescriptor: Int32 = 3

    init(_ universe: Universe) { self.universe = universe }

    private var files: ModelFileSystem {
        _read { yield universe.world.files }
        _modify { yield &universe.world.files }
    }

    private func node(_ descriptor: Int32) throws(SystemError) -> Int {
        guard let file = open[descriptor] else { throw SystemError(number: EBADF) }
        return file.node
    }

    private func add(_ node: Int) -> Int32 {
        defer { nextDescriptor += 1 }
        open[nextDescriptor] = OpenFile(node: node)
        return nextDescriptor
    }

    private func child(_ folder: Int, _ name: [UInt8]) throws(SystemError) -> Int {
        guard let entries = universe.world.files[folder: folder]?.entries else {
            throw SystemError(number: ENOTDIR)
        }
        if name == [0x2E] { return folder }
        if name == [0x2E, 0x2E] { return universe.world.files.parent(of: folder) ?? folder }
        guard let node = entries[name] else { throw SystemError(number: ENOENT) }
        return node
    }

    // MARK: Opening

    func openTrustedFolder(_ path: [UInt8]) throws(SystemError) -> Int32 {
        var number = ModelFileSystem.root
        for segment in path.split(separator: UInt8(ascii: "/")) {
            number = try child(number, Array(segment))
        }
        guard files[folder: number] != nil else { throw SystemError(number: ENOTDIR) }
        return add(number)
    }

    func openBeneath(
        _ folder: Int32, _ path: [UInt8], _ flags: Int32
    ) throws(SystemError) -> Int32 {
        var number = try node(folder)
        for segment in path.split(separator: UInt8(ascii: "/")) {
            number = try child(number, Array(segment))
        }
        if flags & O_DIRECTORY != 0, files[folder: number] == nil {
            throw SystemError(number: ENOTDIR)
        }
        return add(number)
    }

    func open(
        _ folder: Int32, _ name: [UInt8], _ flags: Int32, mode: UInt32
    ) throws(SystemError) -> Int32 {
        let parent = try node(folder)
        let made = ModelFileSystem.Node.file(
            ModelFileSystem.File(mode: mode, owner: 0, modified: universe.world.clock))
        if flags & CLinux_O_TMPFILE == CLinux_O_TMPFILE {
            guard universe.limits.hasUnnamedFiles else { throw SystemError(number: EOPNOTSUPP) }
            return add(files.add(made))
        }
        if flags & O_CREAT != 0, files[folder: parent]?.entries[name] == nil {
            let number = files.add(made)
            files.set(name, in: parent, to: number, at: universe.world.clock)
            return add(number)
        }
        if flags & O_EXCL != 0 { throw SystemError(number: EEXIST) }
        let number = try child(parent, name)
        if flags & O_DIRECTORY != 0, files[folder: number] == nil {
            throw SystemError(number: ENOTDIR)
        }
        return add(number)
    }

    func close(_ descriptor: Int32) { open[descriptor] = nil }

    // MARK: Looking

    func status(_ descriptor: Int32) throws(SystemError) -> stat {
        try status(node: try node(descriptor))
    }

    func status(_ folder: Int32, _ name: [UInt8]) throws(SystemError) -> stat {
        try status(node: try child(try node(folder), name))
    }

    private func status(node number: Int) throws(SystemError) -> stat {
        var result = stat()
        result.st_dev = 1
        result.st_ino = UInt(number)
        var modified: Int64 = 0
        switch files.nodes[number] {
        case .file(let file):
            result.st_mode = S_IFREG | file.mode
            result.st_size = file.content.count
            result.st_uid = file.owner
            result.st_gid = file.owner
            result.st_nlink = UInt(files.links(of: number))
            modified = file.modified
        case .folder(let folder):
            result.st_mode = S_IFDIR | 0o755
            modified = folder.modified
        case nil: throw SystemError(number: ENOENT)
        }
        result.st_mtim.tv_sec = Int(modified / 1_000_000_000)
        result.st_mtim.tv_nsec = Int(modified % 1_000_000_000)
        return result
    }

    func entries(
        _ folder: Int32
    ) throws(SystemError) -> [(name: [UInt8], type: Int32)] {
        guard let entries = files[folder: try node(folder)]?.entries else {
            throw SystemError(number: ENOTDIR)
        }
        return entries.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map {
            ($0.key, Int32(files[file: $0.value] == nil ? DT_DIR : DT_REG))
        }
    }

    func isWritable(folder: Int32) -> Bool { true }

    // MARK: Content

    func read(_ file: Int32, into buffer: inout [UInt8]) throws(SystemError) -> Int {
        guard let content = files[file: try node(file)]?.content, let opened = open[file] else {
            throw SystemError(number: EISDIR)
        }
        let count = max(0, min(buffer.count, content.count - opened.position))
        for index in 0..<count { buffer[index] = content[opened.position + index] }
        open[file]?.position += count
        return count
    }

    func read(
        _ file: Int32, at offset: Int, into buffer: inout [UInt8]
    ) throws(SystemError) -> Int {
        guard let content = files[file: try node(file)]?.content else {
            throw SystemError(number: EISDIR)
        }
        let count = max(0, min(buffer.count, content.count - offset))
        for index in 0..<count { buffer[index] = content[offset + index] }
        return count
    }

    func rewind(_ file: Int32) throws(SystemError) { open[file]?.position = 0 }

    func write(_ file: Int32, _ bytes: Span<UInt8>) throws(SystemError) -> Int {
        let number = try node(file)
        let position = open[file]?.position ?? 0
        let time = universe.world.clock
        var copy: [UInt8] = []
        for index in bytes.indices { copy.append(bytes[index]) }
        files.update(file: number) {
            $0.content.replaceSubrange(
                min(position, $0.content.count)..<min(position + copy.count, $0.content.count),
                with: copy)
            $0.modified = time
        }
        open[file]?.position = position + copy.count
        return copy.count
    }

    func clone(_ source: Int32, to target: Int32) throws(SystemError) {
        guard universe.limits.sharesContent else { throw SystemError(number: EOPNOTSUPP) }
        guard let content = files[file: try node(source)]?.content else {
            throw SystemError(number: EISDIR)
        }
        files.update(file: try node(target)) { $0.content = content }
    }

    func copyRange(
        _ source: Int32, to target: Int32, length: Int
    ) throws(SystemError) -> Int {
        var buffer = [UInt8](repeating: 0, count: min(length, 4096))
        let count = try read(source, into: &buffer)
        return try write(target, buffer.span.extracting(first: count))
    }

    // MARK: Status

    func setModified(_ descriptor: Int32, nanoseconds: Int64) throws(SystemError) {
        let number = try node(descriptor)
        files.update(file: number) { $0.modified = nanoseconds }
        files.update(folder: number) { $0.modified = nanoseconds }
    }

    func setOwner(
        _ descriptor: Int32, _ owner: UInt32, _ group: UInt32
    ) throws(SystemError) {
        let number = try node(descriptor)
        files.update(file: number) { $0.owner = owner }
    }

    func setMode(_ descriptor: Int32, _ mode: UInt32) throws(SystemError) {
        let number = try node(descriptor)
        files.update(file: number) { $0.mode = mode }
    }

    // MARK: Names

    func link(file: Int32, to folder: Int32, _ name: [UInt8]) throws(SystemError) {
        guard universe.limits.linksFiles else { throw SystemError(number: EPERM) }
        try set(name, in: folder, to: try node(file))
    }

    func link(
        _ folder: Int32, _ name: [UInt8], to target: Int32, _ newName: [UInt8]
    ) throws(SystemError) {
        guard universe.limits.linksFiles else { throw SystemError(number: EPERM) }
        try set(newName, in: target, to: try child(try node(folder), name))
    }

    private func set(_ name: [UInt8], in folder: Int32, to number: Int) throws(SystemError) {
        let parent = try node(folder)
        guard files[folder: parent]?.entries[name] == nil else {
            throw SystemError(number: EEXIST)
        }
        files.set(name, in: parent, to: number, at: universe.world.clock)
    }

    func move(
        _ folder: Int32, _ name: [UInt8], to target: Int32, _ newName: [UInt8]
    ) throws(SystemError) {
        guard universe.limits.movesWithoutReplacing else { throw SystemError(number: EINVAL) }
        let parent = try node(folder)
        let moved = try child(parent, name)
        try set(newName, in: target, to: moved)
        files.remove(name, from: parent, at: universe.world.clock)
    }

    func moveReplacing(
        _ folder: Int32, _ name: [UInt8], to target: Int32, _ newName: [UInt8]
    ) throws(SystemError) {
        let parent = try node(folder)
        let moved = try child(parent, name)
        let other = try node(target)
        // Two names of one file: rename(2) does nothing and says that it has worked.
        if files[folder: other]?.entries[newName] == moved { return }
        files.set(newName, in: other, to: moved, at: universe.world.clock)
        files.remove(name, from: parent, at: universe.world.clock)
    }

    func unlink(_ folder: Int32, _ name: [UInt8]) throws(SystemError) {
        let parent = try node(folder)
        _ = try child(parent, name)
        files.remove(name, from: parent, at: universe.world.clock)
    }

    func removeFolder(_ folder: Int32, _ name: [UInt8]) throws(SystemError) {
        let parent = try node(folder)
        let number = try child(parent, name)
        guard files[folder: number]?.entries.isEmpty ?? false else {
            throw SystemError(number: ENOTEMPTY)
        }
        files.remove(name, from: parent, at: universe.world.clock)
    }

    func makeFolder(_ folder: Int32, _ name: [UInt8]) throws(SystemError) {
        let time = universe.world.clock
        try set(name, in: folder, to: files.add(.folder(.init(modified: time))))
    }

    // MARK: Durability, locks and randomness

    func synchronizeFileSystem(_ descriptor: Int32) throws(SystemError) {
        files.synchronizeAll()
    }

    func synchronize(_ descriptor: Int32) throws(SystemError) {
        files.synchronize(try node(descriptor))
    }

    func randomBits() -> UInt64 { universe.nextRandom() }

    func lock(_ file: Int32) throws(SystemError) {}
}
