public import Model

/// A cron expression of five fields (minute, hour, day of month, month, day of week), in UTC.
///
/// As POSIX crontab(5) has it, with the usual additions: lists, ranges, steps (`*/15`, `8-18/2`),
/// names of months and days, 7 for Sunday, and `@hourly`, `@daily`, `@weekly`, `@monthly`,
/// `@yearly`. Where both days are restricted, either is enough.
public struct CronExpression: Hashable, Sendable {
    private let minutes: Set<Int>
    private let hours: Set<Int>
    private let days: Set<Int>
    private let months: Set<Int>
    private let weekdays: Set<Int>
    /// Whether a day has to satisfy both fields, because one of them says `*`.
    private let needsBothDays: Bool

    /// Parses an expression.
    ///
    /// - Throws: `invalid-argument`, naming the field.
    public init(parsing text: String) throws(MonikerError) {
        let nicknames = [
            "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *",
            "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *",
            "@annually": "0 0 1 1 *",
        ]
        let fields = (nicknames[text.lowercased()] ?? text)
            .split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
        guard fields.count == 5 else {
            throw MonikerError(
                .invalidArgument,
                "the cron expression \"\(displayText(text.utf8))\" has \(fields.count) fields instead of 5: write minute, hour, day of month, month and day of week, for example \"0 3 * * *\""
            )
        }
        minutes = try Self.values(fields[0], "minute", 0...59)
        hours = try Self.values(fields[1], "hour", 0...23)
        days = try Self.values(fields[2], "day of month", 1...31)
        months = try Self.values(
            fields[3], "month", 1...12,
            names: [
                "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
            ])
        weekdays = Set(
            try Self.values(
                fields[4], "day of week", 0...7,
                names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
            ).map { $0 % 7 })
        // crontab(5): a field that begins with `*` is unrestricted.
        needsBothDays = fields[2].hasPrefix("*") || fields[4].hasPrefix("*")
    }

    private static func values(
        _ field: String, _ name: String, _ range: ClosedRange<Int>, names: [String] = []
    ) throws(MonikerError) -> Set<Int> {
        func failure(_ part: some StringProtocol) -> MonikerError {
            MonikerError(
                .invalidArgument,
                "\"\(displayText(part.utf8))\" is no \(name) of a cron expression: use numbers from \(range.lowerBound) to \(range.upperBound), *, lists such as 1,15, ranges such as 1-5 and steps such as */10"
            )
        }
        func number(_ text: Substring) -> Int? {
            if let place = names.firstIndex(of: text.lowercased()) {
                return place + range.lowerBound
            }
            guard text.utf8.count <= 2, text.utf8.allSatisfy({ (48...57).contains($0) }),
                let number = Int(text), range.contains(number)
            else { return nil }
            return number
        }
        var values: Set<Int> = []
        for part in field.split(separator: ",", omittingEmptySubsequences: false) {
            let halves = part.split(
                separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            var step = 1
            if halves.count == 2 {
                guard halves[1].utf8.count <= 2,
                    halves[1].utf8.allSatisfy({ (48...57).contains($0) }),
                    let given = Int(halves[1]), given > 0
                else { throw failure(part) }
                step = given
            }
            let ends = halves[0].split(
                separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
            let first: Int
            let last: Int
            if halves[0] == "*" {
                (first, last) = (range.lowerBound, range.upperBound)
            } else if ends.count == 2 {
                guard let from = number(ends[0]), let to = number(ends[1]), from <= to else {
                    throw failure(part)
                }
                (first, last) = (from, to)
            } else {
                guard let from = number(halves[0]) else { throw failure(part) }
                (first, last) = (from, halves.count == 2 ? range.upperBound : from)
            }
            values.formUnion(stride(from: first, through: last, by: step))
        }
        return values
    }

    /// The first time after one, in seconds since 1970; nil where there is none in 8 years, as for
    /// the 30th of February.
    ///
    /// - Complexity: at most one step for each day of 8 years.
    public func next(after seconds: Int64) -> Int64? {
        // Whole minutes after the given time.
        let start = Self.floor(seconds, 60) + 1
        var day = Self.floor(start, 1440)
        var minuteOfDay = Int(start - day * 1440)
        for _ in 0..<(366 * 8) {
            if matches(day) {
                for hour in (minuteOfDay / 60)..<24 where hours.contains(hour) {
                    let from = hour == minuteOfDay / 60 ? minuteOfDay % 60 : 0
                    if let minute = (from..<60).first(where: { minutes.contains($0) }) {
                        return (day * 1440 + Int64(hour * 60 + minute)) * 60
                    }
                }
            }
            day += 1
            minuteOfDay = 0
        }
        return nil
    }

    private func matches(_ day: Int64) -> Bool {
        let (month, dayOfMonth) = Self.date(day)
        guard months.contains(month) else { return false }
        // The first of January 1970 was a Thursday.
        let weekday = Int(day + 4 - Self.floor(day + 4, 7) * 7)
        let (isDay, isWeekday) = (days.contains(dayOfMonth), weekdays.contains(weekday))
        return needsBothDays ? isDay && isWeekday : isDay || isWeekday
    }

    /// Month and day of the Gregorian calendar, by the number of days since 1970 (Howard Hinnant,
    /// "chrono-Compatible Low-Level Date Algorithms", civil_from_days).
    private static func date(_ day: Int64) -> (month: Int, day: Int) {
        let shifted = day + 719_468
        let era = floor(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let year =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
        let month = (5 * dayOfYear + 2) / 153
        return (
            Int(month < 10 ? month + 3 : month - 9), Int(dayOfYear - (153 * month + 2) / 5 + 1)
        )
    }

    private static func floor(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor)
    }
}
