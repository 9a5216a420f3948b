import HomeStore
import Model

extension HomeLock {
    /// The right to write over REST from a home, which one process at a time has.
    ///
    /// - Throws: `busy` where another process has it; `history-unusable`.
    static func forRemoteWriting(home: String) throws(MonikerError) -> HomeLock {
        let path = home + "/remote.lock"
        return try HomeLock(
            path: path,
            busy: "another process is writing to the site from \(home): try again later"
        ) { number in
            MonikerError(
                .historyUnusable,
                "\(path) cannot be opened (error \(number)); check the home folder and its rights")
        }
    }
}
