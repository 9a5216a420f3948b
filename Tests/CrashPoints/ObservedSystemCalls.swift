internal import CLinux
public import Files
public import Glibc

/// System calls that tell an observer of each point.
public final class ObservedSystemCalls: SystemCalls {
    private let calls: any SystemCalls
    private let observer: any EffectObserver

    /// Wraps system calls.
    public init(_ calls: any SystemCalls, _ observer: any EffectObserver) {
        self.calls = calls
        self.observer = observer
    }

    private func reach(_ effect: Effect, _ moment: EffectPoint.Moment) throws(SystemError) {
        guard observer.reach(EffectPoint(effect, moment)) else { throw SystemError(number: EIO) }
    }

    private func around<Result>(
        _ effect: Effect, _ body: () throws(SystemError) -> Result
    ) throws(SystemError) -> Result {
        try reach(effect, .before)
        let result = try body()
        try reach(effect, .after)
        return result
    }

    // MARK: Looking

    /// As the port says.
    public func openTrustedFolder(_ path: [UInt8]) throws(SystemError) -> Int32 {
        try calls.openTrustedFolder(path)
    }

    /// As the port says.
    public func openBeneath(
        _ folder: Int32, _ path: [UInt8], _ flags: Int32
    ) throws(SystemError) -> Int32 {
        try calls.openBeneath(folder, path, flags)
    }

    /// As the port says.
    public func close(_ descriptor: Int32) { calls.close(descriptor) }

    /// As the port says.
    public func status(_ descriptor: Int32) throws(SystemError) -> stat {
        try calls.status(descriptor)
    }

    /// As the port says.
    public func status(_ folder: Int32, _ name: [UInt8]) throws(SystemError) -> stat {
        try calls.status(folder, name)
    }

    /// As the port says.
    public func entries(
        _ folder: Int32
    ) throws(SystemError) -> [(name: [UInt8], type: Int32)] { try calls.entries(folder) }

    /// As the port says.
    public func isWritable(folder: Int32) -> Bool { calls.isWritable(folder: folder) }

    /// As the port says.
    public func read(_ file: Int32, into buffer: inout [UInt8]) throws(SystemError) -> Int {
        try calls.read(file, into: &buffer)
    }

    /// As the port says.
    public func read(
        _ file: Int32, at offset: Int, into buffer: inout [UInt8]
    ) throws(SystemError) -> Int {
        try calls.read(file, at: offset, into: &buffer)
    }

    /// As the port says.
    public func rewind(_ file: Int32) throws(SystemError) { try calls.rewind(file) }

    /// As the port says.
    public func randomBits() -> UInt64 { calls.randomBits() }

    // MARK: Effects

    /// As the port says; an effect where it makes a file.
    public func open(
        _ folder: Int32, _ name: [UInt8], _ flags: Int32, mode: UInt32
    ) throws(SystemError) -> Int32 {
        let makes = flags & O_CREAT != 0 || flags & CLinux_O_TMPFILE == CLinux_O_TMPFILE
        guard makes else { return try calls.open(folder, name, flags, mode: mode) }
        return try around(.createFile) { () throws(SystemError) in
            try calls.open(folder, name, flags, mode: mode)
        }
    }

    /// As the port says, in two halves.
    public func write(_ file: Int32, _ bytes: Span<UInt8>) throws(SystemError) -> Int {
        try reach(.write, .before)
        var done = 0
        if bytes.count > 1 {
            done = try calls.write(file, bytes.extracting(first: bytes.count / 2))
            try reach(.write, .inside)
        }
        done += try calls.write(file, bytes.extracting(droppingFirst: done))
        try reach(.write, .after)
        return done
    }

    /// As the port says.
    public func clone(_ source: Int32, to target: Int32) throws(SystemError) {
        try around(.clone) { () throws(SystemError) in try calls.clone(source, to: target) }
    }

    /// As the port says, the first byte and then the others.
    public func copyRange(
        _ source: Int32, to target: Int32, length: Int
    ) throws(SystemError) -> Int {
        try reach(.copyRange, .before)
        var done = try calls.copyRange(source, to: target, length: min(1, length))
        if done > 0 {
            try reach(.copyRange, .inside)
            done += try calls.copyRange(source, to: target, length: length - done)
        }
        try reach(.copyRange, .after)
        return done
    }

    /// As the port says.
    public func setModified(_ descriptor: Int32, nanoseconds: Int64) throws(SystemError) {
        try around(.setModified) { () throws(SystemError) in
            try calls.setModified(descriptor, nanoseconds: nanoseconds)
        }
    }

    /// As the port says.
    public func setOwner(
        _ descriptor: Int32, _ owner: UInt32, _ group: UInt32
    ) throws(SystemError) {
        try around(.setOwner) { () throws(SystemError) in
            try calls.setOwner(descriptor, owner, group)
        }
    }

    /// As the port says.
    public func setMode(_ descriptor: Int32, _ mode: UInt32) throws(SystemError) {
        try around(.setMode) { () throws(SystemError) in try calls.setMode(descriptor, mode) }
    }

    /// As the port says.
    public func link(file: Int32, to folder: Int32, _ name: [UInt8]) throws(SystemError) {
        try around(.link) { () throws(SystemError) in
            try calls.link(file: file, to: folder, name)
        }
    }

    /// As the port says.
    public func link(
        _ folder: Int32, _ name: [UInt8], to target: Int32, _ newName: [UInt8]
    ) throws(SystemError) {
        try around(.linkName) { () throws(SystemError) in
            try calls.link(folder, name, to: target, newName)
        }
    }

    /// As the port says.
    public func move(
        _ folder: Int32, _ name: [UInt8], to target: Int32, _ newName: [UInt8]
    ) throws(SystemError) {
        try around(.move) { () throws(SystemError) in
            try calls.move(folder, name, to: target, newName)
        }
    }

    /// As the port says.
    public func moveReplacing(
        _ folder: Int32, _ name: [UInt8], to target: Int32, _ newName: [UInt8]
    ) throws(SystemError) {
        try around(.moveReplacing) { () throws(SystemError) in
            try calls.moveReplacing(folder, name, to: target, newName)
        }
    }

    /// As the port says.
    public func unlink(_ folder: Int32, _ name: [UInt8]) throws(SystemError) {
        try around(.unlink) { () throws(SystemError) in try calls.unlink(folder, name) }
    }

    /// As the port says.
    public func removeFolder(_ folder: Int32, _ name: [UInt8]) throws(SystemError) {
        try around(.removeFolder) { () throws(SystemError) in
            try calls.removeFolder(folder, name)
        }
    }

    /// As the port says.
    public func makeFolder(_ folder: Int32, _ name: [UInt8]) throws(SystemError) {
        try around(.makeFolder) { () throws(SystemError) in try calls.makeFolder(folder, name) }
    }

    /// As the port says.
    public func synchronize(_ descriptor: Int32) throws(SystemError) {
        try around(.synchronize) { () throws(SystemError) in try calls.synchronize(descriptor) }
    }

    /// As the port says.
    public func synchronizeFileSystem(_ descriptor: Int32) throws(SystemError) {
        try around(.synchronizeFileSystem) { () throws(SystemError) in
            try calls.synchronizeFileSystem(descriptor)
        }
    }

    /// As the port says.
    public func lock(_ file: Int32) throws(SystemError) {
        try around(.lock) { () throws(SystemError) in try calls.lock(file) }
    }
}
