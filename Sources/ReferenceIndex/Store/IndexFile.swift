import HomeStore
import Synchronization

/// Where the reference index of a home is, and the file itself once it has been opened.
///
/// Opening it takes a good part of what a question takes, so a process that asks often keeps one value.
/// Any number of threads may use it.
public final class IndexFile: Sendable {
    /// The path of index.sqlite, which need not be there.
    public let path: String
    private let opened = Mutex<IndexStore?>(nil)

    /// Names the file; nothing is opened yet.
    public init(path: String) { self.path = path }

    /// Whether there is such a file.
    var exists: Bool { IndexStore.exists(path: path) }

    /// The open file, made where there is none.
    func store() throws -> IndexStore {
        try opened.withLock { opened in
            if let opened { return opened }
            let store = try IndexStore(path: path)
            opened = store
            return store
        }
    }

    /// Lets go of an open file that is no more at its path, because another process has turned the
    /// index off; whoever begins something asks for it.
    public func forgetIfMoved() {
        opened.withLock { opened in
            if let store = opened, store.hasMoved { opened = nil }
        }
    }

    /// Lets go of the open file; the next question opens it again.
    public func close() { opened.withLock { $0 = nil } }

    /// Removes the file; none is no error.
    func remove() throws {
        try opened.withLock { opened in
            try opened?.close()
            opened = nil
            try IndexStore.remove(path: path)
        }
    }
}
