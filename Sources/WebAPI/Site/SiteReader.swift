import Model
import UseCases

/// A session that is kept from question to question, on a worker of its own.
final class SiteReader: @unchecked Sendable {
    // SAFETY: `session` and `opened` are used by work of `worker` alone, which is never two at once.
    let worker: Worker
    private let options: SessionOptions
    private var session: Session?
    private var opened = ContinuousClock.now

    /// So long, a session's idea of where the site is may be old.
    private static let lifetime = Duration.seconds(30)

    init(_ options: SessionOptions, label: String) {
        self.options = options
        worker = Worker(label)
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Session) throws(MonikerError) -> Value
    ) async throws(MonikerError) -> Value {
        try await worker.run { () throws(MonikerError) in try self.perform(body) }
    }

    /// The same, on the thread of the worker.
    func perform<Value>(_ body: (Session) throws(MonikerError) -> Value) throws(MonikerError)
        -> Value
    {
        let isKept = session != nil
        do throws(MonikerError) {
            return try body(try current())
        } catch {
            // A server ends connections that were idle; a new one tells whether it is that.
            guard isKept, [.connectionLost, .databaseFailed].contains(error.code) else {
                throw error
            }
            session = nil
            return try body(try current())
        }
    }

    private func current() throws(MonikerError) -> Session {
        if let session, ContinuousClock.now - opened < Self.lifetime { return session }
        session = nil
        let session = try Session(options)
        self.session = session
        opened = .now
        return session
    }
}
