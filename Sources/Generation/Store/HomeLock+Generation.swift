import HomeStore
import Model

extension HomeLock {
    /// One run at a time in a home: two would ask about the same images twice.
    ///
    /// - Throws: `busy`, `permission-denied`.
    static func forGeneration(home: String) throws(MonikerError) -> HomeLock {
        let path = home + "/generation.lock"
        return try HomeLock(
            path: path,
            busy:
                "another moniker process generates texts with this home: wait for it to end and try again"
        ) { _ in
            MonikerError(
                .permissionDenied,
                "\(path) cannot be opened: check the owner and rights of the home folder")
        }
    }
}
