internal import CLinux
internal import Glibc
internal import Model

extension Descriptor {
    /// Makes an empty file without a name, or where the file system cannot, with a name of ours.
    ///
    /// - Parameters:
    ///   - named: whether the file needs a name, because it shall replace another.
    ///   - body: gets the file and its name, if it has one. When it throws, the name is taken away.
    func withTemporary(
        named: Bool = false,
        _ body: (borrowing Descriptor, [UInt8]?) throws(SystemError) -> Void
    ) throws(SystemError) {
        if !named, let file = try unnamedTemporary() { return try body(file, nil) }
        let name = temporaryName()
        let file = try open(name, O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
        do throws(SystemError) {
            try body(file, name)
        } catch {
            do throws(SystemError) {
                try unlink(name)
            } catch {
                // The failure of the work is what a person has to hear about; a file that stays
                // behind under our own name harms nobody.
            }
            throw error
        }
    }

    /// Makes an empty file without a name; nil where the file system cannot.
    func unnamedTemporary() throws(SystemError) -> Descriptor? {
        do throws(SystemError) {
            return try open([0x2E], O_RDWR | CLinux_O_TMPFILE, mode: 0o600)
        } catch {
            // What file systems and kernels without O_TMPFILE answer.
            guard [EOPNOTSUPP, EISDIR, EINVAL, ENOSYS].contains(error.number) else { throw error }
            return nil
        }
    }

    /// A name that nobody has and that people recognize as ours.
    func temporaryName() -> [UInt8] {
        Self.temporaryPrefix + Array(String(calls.randomBits(), radix: 16).utf8)
    }

    /// Takes away what a killed process left in this folder under such a name.
    func removeTemporaries() throws(SystemError) {
        var isChanged = false
        for entry in try entries()
        where entry.kind == .file && Self.isTemporaryName(entry.name) {
            try unlink(entry.name)
            isChanged = true
        }
        if isChanged { try synchronize() }
    }

    /// Whether a name can only have been made by `temporaryName()`.
    private static func isTemporaryName(_ name: [UInt8]) -> Bool {
        guard name.starts(with: temporaryPrefix) else { return false }
        let number = name.dropFirst(temporaryPrefix.count)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let letters = UInt8(ascii: "a")...UInt8(ascii: "f")
        return (1...16).contains(number.count)
            && number.allSatisfy { digits.contains($0) || letters.contains($0) }
    }

    private static var temporaryPrefix: [UInt8] { Array(".moniker-".utf8) }

    /// Gives a temporary file of this folder its name, in this or another folder of the same file
    /// system, never replacing anything.
    func publish(
        _ file: borrowing Descriptor, named temporaryName: [UInt8]?,
        to target: borrowing Descriptor, as name: [UInt8]
    ) throws(SystemError) {
        if let temporaryName {
            try move(temporaryName, to: target, as: name, targetIsPrivate: false)
        } else {
            try target.link(file, as: name)
        }
    }

    /// Makes a file of this folder from another file, with a status, never replacing anything.
    ///
    /// Its content and status are durable before it has the name.
    func copy(
        _ source: borrowing Descriptor, as name: [UInt8], adopting status: FileStatus,
        verifying expected: ContentDigest? = nil
    ) throws(SystemError) {
        try make(name, adopting: status) { (file) throws(SystemError) in
            try file.copyContents(of: source)
            if let expected, try file.digest() != expected { throw SystemError(number: EBADMSG) }
        }
    }

    /// Makes a file of this folder with a status, never replacing anything.
    ///
    /// - Parameter write: gives it its content, which is durable, as its status is, before it has the
    ///   name.
    func make(
        _ name: [UInt8], adopting status: FileStatus,
        _ write: (borrowing Descriptor) throws(SystemError) -> Void
    ) throws(SystemError) {
        try withTemporary { (file, temporaryName) throws(SystemError) in
            try write(file)
            try file.adopt(status)
            try file.synchronize()
            try publish(file, named: temporaryName, to: self, as: name)
        }
    }
}
