public import Jobs
public import Model

extension SessionOptions {
    /// The queue of the home, which is made if it is not there.
    ///
    /// - Throws: `jobs-unusable`; `permission-denied` for a home that cannot be written.
    public func jobStore(policy: JobPolicy = JobPolicy()) throws(MonikerError) -> JobStore {
        let home = HomeFolder.path(self)
        try HomeFolder.create(home)
        return try JobStore(home: String(decoding: home, as: UTF8.self), policy: policy)
    }
}
