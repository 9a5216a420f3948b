import Glibc

/// Ends a process, this one or another, with SIGKILL at a crash point that the environment names.
///
/// `MONIKER_CRASH_AT` is the number of the point, from 1; without it nothing ends.
/// `MONIKER_CRASH_LOG` is a file that gets a byte for each point.
/// `MONIKER_CRASH_PROCESS` is the process that ends; without it, this one.
public final class FatalObserver: EffectObserver {
    private let chosen: Int
    private let victim: pid_t
    private let log: Int32
    private var count = 0

    /// Reads the environment.
    public init() {
        chosen = Self.number("MONIKER_CRASH_AT") ?? 0
        victim = Self.number("MONIKER_CRASH_PROCESS").map(pid_t.init) ?? getpid()
        // SAFETY: the path is NULL, or a text that ends with NUL and outlives the call.
        log = unsafe getenv("MONIKER_CRASH_LOG").map { unsafe open($0, O_WRONLY | O_APPEND) } ?? -1
    }

    /// Counts the point and ends the process there, if it is the one.
    public func reach(_ point: EffectPoint) -> Bool {
        count += 1
        if log >= 0 {
            var mark: UInt8 = 0x2E
            // SAFETY: one byte is written from a variable of one byte.
            let written = unsafe write(log, &mark, 1)
            precondition(written == 1, "the log of crash points cannot be written")
        }
        if count == chosen { kill(victim, SIGKILL) }
        return true
    }

    private static func number(_ name: String) -> Int? {
        // SAFETY: the result is NULL or a text that ends with NUL and is copied at once; nothing in
        // this process changes the environment.
        guard let text = unsafe getenv(name) else { return nil }
        return Int(unsafe String(cString: text))
    }
}
