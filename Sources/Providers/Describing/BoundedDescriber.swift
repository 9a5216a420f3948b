public import Model

/// Describes any number of images, a bounded number at once.
public struct BoundedDescriber: Sendable {
    /// What became of one request.
    public struct Outcome: Sendable {
        /// The request's name.
        public let id: String
        /// The answer, or why there is none.
        public let result: Result<DescriptionAnswer, MonikerError>
    }

    private let describer: any ImageDescriber
    private let concurrency: Int

    /// Creates one that has at most `concurrency` (at least 1) requests on their way.
    public init(_ describer: any ImageDescriber, concurrency: Int) {
        self.describer = describer
        self.concurrency = max(1, concurrency)
    }

    /// Describes what `next` gives until it gives nil; `handle` gets each outcome as it comes.
    ///
    /// A request is asked for only when a worker is free, so as many images as there are workers
    /// are in memory; `prepare` runs in the worker (to make the JPEG, say), and its failure is the
    /// outcome. `next` and `handle` are never called at the same time. Every request that was
    /// begun gets an outcome, also when the task is cancelled or `handle` throws; none is begun
    /// after that.
    ///
    /// - Throws: what `next` or `handle` threw first, after every running request has ended.
    public func describe<Item: Sendable>(
        next: () async throws(MonikerError) -> (id: String, item: Item)?,
        prepare:
            @escaping @Sendable (String, Item) async throws(MonikerError) -> DescriptionRequest,
        handle: (Outcome) async throws(MonikerError) -> Void
    ) async throws(MonikerError) {
        var failure: MonikerError?
        await withTaskGroup(of: Outcome.self) { group in
            var running = 0
            var isAtEnd = false
            while true {
                while running < concurrency, !isAtEnd, failure == nil, !Task.isCancelled {
                    do throws(MonikerError) {
                        guard let (id, item) = try await next() else {
                            isAtEnd = true
                            break
                        }
                        group.addTask { [describer] in
                            await Self.outcome(id, item, prepare, describer)
                        }
                        running += 1
                    } catch { failure = error }
                }
                guard let outcome = await group.next() else { return }
                running -= 1
                do throws(MonikerError) {
                    try await handle(outcome)
                } catch {
                    failure = failure ?? error
                    group.cancelAll()
                }
            }
        }
        if let failure { throw failure }
    }

    private static func outcome<Item: Sendable>(
        _ id: String, _ item: Item,
        _ prepare: @Sendable (String, Item) async throws(MonikerError) -> DescriptionRequest,
        _ describer: any ImageDescriber
    ) async -> Outcome {
        do throws(MonikerError) {
            let request = try await prepare(id, item)
            return Outcome(id: id, result: .success(try await describer.describe(request)))
        } catch {
            return Outcome(id: id, result: .failure(error))
        }
    }
}
