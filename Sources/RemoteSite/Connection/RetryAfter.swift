import Glibc
import HTTPClient

/// When a busy site says that it may be asked again.
enum RetryAfter {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The wait that `Retry-After` asks for, in seconds or as a date (RFC 9110, 10.2.3).
    ///
    /// Nil where there is none, or none that can be read.
    static func wait(_ response: HTTPResponse, now milliseconds: Int64) -> Duration? {
        guard let text = response["retry-after"] else { return nil }
        if let seconds = Int64(text) { return .seconds(min(max(0, seconds), 86400 * 365)) }
        return date(text).map { .milliseconds(max(0, $0 * 1000 - milliseconds)) }
    }

    /// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func date(_ text: String) -> Int64? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT" else { return nil }
        let clock = parts[4].split(separator: ":").compactMap { Int32($0) }
        guard clock.count == 3, let day = Int32(parts[1]), let year = Int32(parts[3]),
            (1970...9999).contains(year), let month = months.firstIndex(of: String(parts[2]))
        else { return nil }
        var time = unsafe tm()
        unsafe (time.tm_mday, time.tm_mon, time.tm_year) = (day, Int32(month), year - 1900)
        unsafe (time.tm_hour, time.tm_min, time.tm_sec) = (clock[0], clock[1], clock[2])
        // SAFETY: timegm reads and normalises the one value that it is given.
        return unsafe Int64(timegm(&time))
    }
}
