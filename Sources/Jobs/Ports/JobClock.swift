import Glibc

/// Port: the times that a queue needs.
public protocol JobClock: Sendable {
    /// Seconds since 1970 by the wall clock: for schedules, the age of uploads, and display.
    func wall() -> Int64
    /// Nanoseconds since the machine was started, asleep or not: for leases. Nobody can set it.
    func uptime() -> Int64
    /// Which start of the machine that was; a lease of another one has ended.
    func boot() -> String
}

/// The clocks of Linux.
public struct SystemJobClock: JobClock {
    private let identity: String

    /// Reads which start of the machine this is.
    public init() {
        var bytes = [UInt8](repeating: 0, count: 64)
        // SAFETY: the path is a constant that ends with NUL, and the call only reads it.
        let descriptor = unsafe open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            // Without /proc no lease is known to be of another start; they still run out.
            identity = "unknown"
            return
        }
        let count = unsafe bytes.withUnsafeMutableBytes { buffer in
            // SAFETY: the buffer lives as long as the call.
            unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        }
        close(descriptor)
        identity = String(
            decoding: bytes.prefix(max(0, count)).filter { $0 > 0x20 }, as: UTF8.self)
    }

    /// Seconds since 1970.
    public func wall() -> Int64 {
        Int64(time(nil))
    }

    /// CLOCK_BOOTTIME.
    public func uptime() -> Int64 {
        var now = timespec()
        // SAFETY: the call writes one `timespec`.
        guard unsafe clock_gettime(CLOCK_BOOTTIME, &now) == 0 else { return 0 }
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    }

    /// The boot id of the kernel.
    public func boot() -> String { identity }
}
