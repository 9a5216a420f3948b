internal import Glibc

/// Which program becomes a picture worker.
public struct WorkerProgram: Hashable, Sendable {
    /// Its path.
    public var path: String

    /// Names a program.
    public init(path: String) { self.path = path }

    /// The program that runs now, started once more: its `main` calls `PictureWorker.run` when its
    /// first argument is `PictureWorker.argument`.
    public static let current = WorkerProgram(path: "/proc/self/exe")

    /// What a worker hears of the environment: where libraries and languages are, no keys.
    var environment: [String] {
        let names: [String] = ["LD_LIBRARY_PATH", "TESSDATA_PREFIX"]
        let passedOn = names.compactMap { (name: String) -> String? in
            // SAFETY: the program changes no variable of its environment, so the text stays.
            guard let value = unsafe getenv(name) else { return nil }
            return unsafe "\(name)=\(String(cString: value))"
        }
        return passedOn + [
            "LC_ALL=C.UTF-8",
            // One processor for each picture; and memory, not files, for those in between.
            "OMP_THREAD_LIMIT=1", "VIPS_DISC_THRESHOLD=64g",
            "SWIFT_BACKTRACE=enable=no",
        ]
    }
}
