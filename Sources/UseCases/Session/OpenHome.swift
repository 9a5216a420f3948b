import Journal
import Model
import ReferenceIndex
import Synchronization

/// The databases of a home that stay open from one session to the next.
///
/// A command needs none of its own. A service that changes one image after the other keeps a value:
/// opening both files and preparing their statements takes about a fifth of such a change. Other
/// processes may use the home meanwhile; a file that one of them has replaced is opened again by the
/// next session. Sessions on any thread may share a value.
public final class OpenHome: Sendable {
    private let journal = Mutex<JournalStore?>(nil)
    private let index = Mutex<IndexFile?>(nil)
    /// When a session that changes something takes in what has changed in the site.
    let indexUpkeep: ReferenceIndex.Upkeep

    /// Nothing is opened yet.
    ///
    /// - Parameter isIndexKept: whether somebody calls `Session.keepUpIndex` between two changes, so
    ///   that a change itself need not.
    public init(isIndexKept: Bool = false) {
        indexUpkeep = isIndexKept ? .between : .withQuestions
    }

    /// The journal at a path.
    ///
    /// - Throws: as opening it does.
    func journal(at path: String) throws(MonikerError) -> JournalStore {
        try journal.withLock { (kept) throws(MonikerError) in
            if let store = kept, store.path == path, try store.isAsOpened() { return store }
            kept = nil
            let store = try JournalStore(path: path)
            kept = store
            return store
        }
    }

    /// The reference index at a path.
    func index(at path: String) -> IndexFile {
        index.withLock { kept in
            if let file = kept, file.path == path {
                file.forgetIfMoved()
                return file
            }
            let file = IndexFile(path: path)
            kept = file
            return file
        }
    }

    /// Lets go of the files: after an error, the next session opens them anew and checks them.
    public func close() {
        journal.withLock { $0 = nil }
        index.withLock { $0?.close() }
    }
}
