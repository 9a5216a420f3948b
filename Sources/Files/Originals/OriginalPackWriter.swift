internal import Glibc
internal import Model

/// Writes originals one after the other into a file that gets its name when it is complete.
///
/// What is not published leaves nothing behind, but for a temporary file where the process is killed
/// and the file system has no files without names.
final class OriginalPackWriter {
    private let store: OpenFolder
    private let file: Descriptor
    /// Its name until then, if it needs one.
    private let temporaryName: [UInt8]?
    private var isPublished = false
    private var entries: [OriginalPack.Entry] = []
    /// What is not in the file yet.
    private var waiting: [UInt8] = []
    private var length = 0

    /// How much is written at once, in bytes.
    private static let pieceLength = 1 << 20
    /// How many bytes and originals a pack is to have: where some of them go, the others are copied.
    private static let most = (bytes: 256 << 20, originals: 1 << 16)

    /// Makes an empty pack without a place in the store.
    init(in store: OpenFolder) throws(SystemError) {
        self.store = store
        if let file = try store.descriptor.unnamedTemporary() {
            self.file = file
            temporaryName = nil
        } else {
            let name = store.descriptor.temporaryName()
            file = try store.descriptor.open(name, O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
            temporaryName = name
        }
    }

    deinit {
        guard !isPublished, let temporaryName else { return }
        do throws(SystemError) {
            try store.descriptor.unlink(temporaryName)
        } catch {
            // A file that stays behind under our own name harms nobody, and is tidied up later.
        }
    }

    /// Whether the pack is to be published before anything more is added.
    var isFull: Bool {
        length >= Self.most.bytes || entries.count >= Self.most.originals
    }

    /// Adds an original, unless it was the last one that was added.
    func add(_ content: [UInt8], digest: ContentDigest) throws(SystemError) {
        guard entries.last?.digest != digest else { return }
        entries.append(.init(digest: digest, offset: length, length: content.count))
        length += content.count
        waiting += content
        if waiting.count >= Self.pieceLength { try writeWaiting() }
    }

    private func writeWaiting() throws(SystemError) {
        var piece: [UInt8] = []
        swap(&piece, &waiting)
        try file.write(piece.span)
        // Its memory is used again.
        piece.removeAll(keepingCapacity: true)
        swap(&piece, &waiting)
    }

    /// Makes the pack durable and gives it a number; nothing can be added any more.
    ///
    /// - Parameters:
    ///   - folder: the folder of packs; its names are not durable yet.
    ///   - number: the least that it may get.
    func publish(to folder: borrowing Descriptor, from number: Int) throws(SystemError) {
        entries.sort { $0.digest < $1.digest }
        var distinct: [OriginalPack.Entry] = []
        distinct.reserveCapacity(entries.count)
        for entry in entries where distinct.last?.digest != entry.digest {
            distinct.append(entry)
        }
        waiting += OriginalPack.index(of: distinct)
        try writeWaiting()
        try file.synchronize()
        var number = number
        while true {
            do throws(SystemError) {
                try store.descriptor.publish(
                    file, named: temporaryName, to: folder, as: OriginalPack.name(of: number))
                isPublished = true
                return
            } catch {
                // The other thread's.
                guard error.number == EEXIST else { throw error }
                number += 1
            }
        }
    }
}
