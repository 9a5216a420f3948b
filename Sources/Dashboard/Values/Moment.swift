/// A point in time, for people and for scripts that show it in the reader's own zone.
public struct Moment: Sendable {
    /// `2026-11-21T05:24:00Z`.
    let iso: String
    /// `2026-11-21 05:24 UTC`.
    let text: String

    /// The time so many seconds after the beginning of 1970.
    ///
    /// The date is that of the Gregorian calendar (Howard Hinnant, "chrono-Compatible Low-Level Date
    /// Algorithms", civil_from_days).
    public init(_ seconds: Int64) {
        // Within the years that four digits can tell.
        let seconds = min(max(seconds, 0), 253_402_300_799)
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let shifted = seconds / 86_400 + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let year =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let dayOfMonth = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let day = "\(year + era * 400 + (month <= 2 ? 1 : 0))-\(two(month))-\(two(dayOfMonth))"
        let ofDay = seconds % 86_400
        let clock = "\(two(ofDay / 3600)):\(two(ofDay % 3600 / 60))"
        iso = "\(day)T\(clock):\(two(ofDay % 60))Z"
        text = "\(day) \(clock) UTC"
    }

    /// How long something takes, for people.
    public static func duration(_ seconds: Int) -> String {
        switch seconds {
        case ..<60: "\(max(0, seconds)) s"
        case ..<3600: "\(seconds / 60) min"
        case ..<86_400: "\(seconds / 3600) h \(seconds % 3600 / 60) min"
        default: "\(seconds / 86_400) d \(seconds % 86_400 / 3600) h"
        }
    }
}
