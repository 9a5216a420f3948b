import Model

/// Notes who asked for what changes the service itself, before it is changed.
struct Audit: Sendable {
    let store: ServiceStore
    let worker: Worker

    /// Does some work between a note of who asks for it and a note of what came of it.
    ///
    /// - Throws: what the work throws; `service-unusable`.
    func note<Value: Sendable>(
        _ request: APIRequest, _ operation: String, target: String,
        _ work: @escaping @Sendable () throws(MonikerError) -> Value
    ) async throws(MonikerError) -> Value {
        let store = store
        return try await worker.run { () throws(MonikerError) in
            let number = try store.beginAudit(request, operation: operation, target: target)
            let value: Value
            do throws(MonikerError) {
                value = try work()
            } catch {
                try store.finishAudit(number, journal: nil, outcome: error.code.rawValue)
                throw error
            }
            try store.finishAudit(number, journal: nil, outcome: "done")
            return value
        }
    }
}
