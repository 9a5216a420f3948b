internal import Dispatch
import Model
import Synchronization

/// Does the same with each of many files, on two threads where there are many.
struct FileWorkers {
    private let first: any MediaFiles
    private let second: (any MediaFiles)?

    /// From how many files on workers of their own are worth it.
    private static let worthWorkers = 500

    /// Whether work on a number of files is worth threads of its own.
    static func areWorthIt(_ count: Int) -> Bool { count > worthWorkers }

    /// Creates workers for a number of files.
    ///
    /// - Parameter threads: 1 for what the kernel does one after the other anyway: two threads would
    ///   only wait for each other, at every file.
    init(_ files: any MediaFiles, count: Int, threads: Int = 2) throws(MonikerError) {
        guard Self.areWorthIt(count), let first = try files.makeWorker() else {
            first = files
            second = nil
            return
        }
        self.first = first
        second = threads > 1 ? try files.makeWorker() : nil
    }

    /// Whether there are two.
    var areTwo: Bool { second != nil }

    /// Every port that a worker uses, to be made durable.
    var all: [any MediaFiles] { second.map { [first, $0] } ?? [first] }

    /// Calls `body` for each element and returns what it returned, in order.
    ///
    /// The first failure ends both threads. `file-changed` where a folder that was worked in is not
    /// the one of its path any more.
    ///
    /// - Parameters:
    ///   - tick: called on the caller's thread, with about how many are done.
    ///   - body: called on either thread; it must use the port that it is given.
    func map<Element, Value>(
        _ elements: [Element], tick: (Int) throws(MonikerError) -> Void = { _ in },
        _ body: @escaping (any MediaFiles, Element) throws(MonikerError) -> Value
    ) throws(MonikerError) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(elements.count)
        guard let second, Self.areWorthIt(elements.count) else {
            for (index, element) in elements.enumerated() {
                try tick(index)
                values.append(try body(first, element))
            }
            try first.requireFoldersInPlace()
            return values
        }
        // The first alone, because it may make folders that the others find.
        values.append(try body(first, elements[0]))
        let middle = elements.count / 2
        let isStopped = Flag()
        let rest = BackgroundCall { () throws(MonikerError) in
            var values: [Value] = []
            values.reserveCapacity(elements.count - middle)
            for element in elements[middle...] where !isStopped.isSet {
                values.append(try body(second, element))
            }
            try second.requireFoldersInPlace()
            return values
        }
        do throws(MonikerError) {
            for index in 1..<middle {
                try tick(2 * index)
                values.append(try body(first, elements[index]))
            }
            try first.requireFoldersInPlace()
        } catch {
            isStopped.set()
            _ = rest.wait()
            throw error
        }
        values += try rest.wait().get()
        return values
    }

    /// Something that one thread sets and another looks at.
    private final class Flag: Sendable {
        private let value = Atomic(false)

        var isSet: Bool { value.load(ordering: .relaxed) }

        func set() { value.store(true, ordering: .relaxed) }
    }
}
