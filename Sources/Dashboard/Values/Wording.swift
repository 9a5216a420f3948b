/// How numbers, sizes, times and money are written on pages.
public enum Wording {
    /// A number with commas between thousands.
    public static func count(_ number: Int) -> String {
        var digits = Array(String(number.magnitude))
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: place)
            place -= 3
        }
        return (number < 0 ? "−" : "") + String(digits)
    }

    /// A number with the noun that it counts.
    public static func count(_ number: Int, _ one: String, _ many: String) -> String {
        "\(count(number)) \(number == 1 ? one : many)"
    }

    /// A size in decimal units, as file managers show it.
    public static func bytes(_ number: Int64) -> String {
        guard number >= 1000 else { return number == 1 ? "1 byte" : "\(number) bytes" }
        var value = Double(number)
        var unit = -1
        let units = ["kB", "MB", "GB", "TB"]
        repeat {
            value /= 1000
            unit += 1
        } while value >= 999.5 && unit < units.count - 1
        let tenths = Int((value * 10).rounded())
        return value < 10
            ? "\(tenths / 10).\(tenths % 10) \(units[unit])"
            : "\(Int(value.rounded())) \(units[unit])"
    }

    /// Whole per cent; 100 only for all of it, and 0 only for nothing.
    public static func percent(_ part: Int, of whole: Int) -> Int {
        guard whole > 0, part > 0 else { return 0 }
        guard part < whole else { return 100 }
        return min(99, max(1, part * 100 / whole))
    }

    /// An amount of US dollars, given in millionths.
    public static func dollars(_ microdollars: Int) -> String {
        guard microdollars > 0 else { return "$0" }
        guard microdollars >= 10_000 else { return "less than 1 cent" }
        let cents = (microdollars + 5000) / 10_000
        let rest = cents % 100
        return "$\(count(cents / 100)).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// How long something will take, roughly.
    public static func duration(seconds: Int) -> String {
        switch seconds {
        case ..<10: "a few seconds"
        case ..<90: "\(seconds) seconds"
        case ..<5400: "\((seconds + 30) / 60) minutes"
        case ..<172_800: "\((seconds + 1800) / 3600) hours"
        default: "\((seconds + 43_200) / 86_400) days"
        }
    }
}

/// A point in time, for machines and for people.
public struct PageTime: Sendable {
    /// As RFC 3339 has it.
    let machine: String
    /// In UTC; a script writes it in the reader's own zone.
    let text: String

    /// Creates a time.
    ///
    /// - Parameter seconds: seconds since 1970.
    public init(_ seconds: Int64) {
        let (days, rest) = seconds.quotientAndRemainder(dividingBy: 86_400)
        let second = rest < 0 ? rest + 86_400 : rest
        let date = Self.date(daysSince1970: rest < 0 ? days - 1 : days)
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let clock = "\(two(second / 3600)):\(two(second % 3600 / 60))"
        machine =
            "\(date.year)-\(two(date.month))-\(two(date.day))T\(clock):\(two(second % 60))Z"
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        text = "\(date.day) \(months[Int(date.month) - 1]) \(date.year), \(clock) UTC"
    }

    /// The day of the Gregorian calendar (Howard Hinnant, "chrono-Compatible Low-Level Date
    /// Algorithms", civil_from_days).
    private static func date(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
            dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        )
    }
}
