import Foundation
import Jobs
import Model
import TestSupport
import Testing

@Suite("Jobs: cron expressions") struct CronExpressionTests {
    /// Seconds since 1970 by Foundation's calendar, which the parser does not use.
    private static func seconds(_ text: String) throws -> Int64 {
        Int64(try Date(text, strategy: .iso8601).timeIntervalSince1970)
    }

    @Test(
        "the next time is the one that crontab(5) means",
        arguments: [
            ("0 3 * * *", "2026-11-21T19:00:00Z", "2026-11-22T03:00:00Z"),
            ("0 3 * * *", "2026-11-21T03:00:00Z", "2026-11-22T03:00:00Z"),
            ("*/15 * * * *", "2026-11-21T19:00:01Z", "2026-11-21T19:15:00Z"),
            ("0 0 29 2 *", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00Z"),
            ("0 0 29 2 *", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00Z"),
            ("30 8-18/2 * * mon-fri", "2026-11-21T19:00:00Z", "2026-11-23T08:30:00Z"),
            ("0 12 13 * fri", "2026-11-21T00:00:00Z", "2026-11-27T12:00:00Z"),
            ("0 12 13 * 7", "2026-12-12T13:00:00Z", "2026-12-13T12:00:00Z"),
            ("@monthly", "2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z"),
            ("5,50 23 31 12 *", "2026-12-31T23:05:00Z", "2026-12-31T23:50:00Z"),
            ("0 0 1-7 jan,jul sun", "2026-01-08T00:00:00Z", "2026-01-11T00:00:00Z"),
        ])
    func next(expression: String, after: String, expected: String) throws {
        let next = try CronExpression(parsing: expression).next(after: Self.seconds(after))
        #expect(next == (try Self.seconds(expected)))
    }

    @Test(
        "any expression agrees with a walk through every minute", arguments: 0..<40 as Range<UInt64>
    )
    func walk(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        func field(_ range: ClosedRange<Int>) -> (String, Set<Int>) {
            switch Int.random(in: 0...3, using: &random) {
            case 0: return ("*", Set(range))
            case 1:
                let step = Int.random(in: 1...range.upperBound, using: &random)
                return (
                    "*/\(step)",
                    Set(stride(from: range.lowerBound, through: range.upperBound, by: step))
                )
            case 2:
                let low = Int.random(in: range, using: &random)
                let high = Int.random(in: low...range.upperBound, using: &random)
                return ("\(low)-\(high)", Set(low...high))
            default:
                let values = (0..<3).map { _ in Int.random(in: range, using: &random) }
                return (values.map(String.init).joined(separator: ","), Set(values))
            }
        }
        let (minute, hour) = (field(0...59), field(0...23))
        let (day, month, weekday) = (field(1...28), field(1...12), field(0...6))
        let text = [minute.0, hour.0, day.0, month.0, weekday.0].joined(separator: " ")
        let start = 1_795_000_000 + Int64.random(in: 0...40_000_000, using: &random)
        let found = try #require(try CronExpression(parsing: text).next(after: start), "\(text)")

        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        let anyDay = !day.0.hasPrefix("*") && !weekday.0.hasPrefix("*")
        func matches(_ seconds: Int64) -> Bool {
            let parts = calendar.dateComponents(
                [.minute, .hour, .day, .month, .weekday],
                from: Date(timeIntervalSince1970: Double(seconds)))
            guard minute.1.contains(parts.minute ?? -1), hour.1.contains(parts.hour ?? -1),
                month.1.contains(parts.month ?? -1)
            else { return false }
            let isDay = day.1.contains(parts.day ?? -1)
            let isWeekday = weekday.1.contains((parts.weekday ?? 0) - 1)
            return anyDay ? isDay || isWeekday : isDay && isWeekday
        }
        #expect(found > start && matches(found), "\(text) after \(start) gave \(found)")
        // No time before: every minute of the last day before it, and of the first after the start.
        for from in [start / 60 * 60 + 60, max(start / 60 * 60 + 60, found - 86_400)] {
            for seconds in stride(from: from, to: min(found, from + 86_400), by: 60) {
                #expect(!matches(seconds), "\(text) misses \(seconds)")
            }
        }
    }

    @Test(
        "what is no expression is refused, and the message names the field",
        arguments: [
            ("", "0 fields"), ("* * * *", "4 fields"), ("* * * * * *", "6 fields"),
            ("60 * * * *", "minute"), ("* 24 * * *", "hour"), ("* * 0 * *", "day of month"),
            ("* * * 13 *", "month"), ("* * * * 8", "day of week"), ("*/0 * * * *", "minute"),
            ("5-1 * * * *", "minute"), ("a * * * *", "minute"), ("1,,2 * * * *", "minute"),
            ("-1 * * * *", "minute"), ("1/ * * * *", "minute"), ("* * * foo *", "month"),
            ("@reboot", "1 fields"), ("\u{661} * * * *", "minute"),
        ])
    func malformed(expression: String, named: String) throws {
        let error = try #require(throws: MonikerError.self) {
            try CronExpression(parsing: expression)
        }
        #expect(error.code == .invalidArgument)
        #expect(error.message.contains(named), "\(error.message)")
    }

    @Test("a day that never comes has no next time")
    func never() throws {
        #expect(try CronExpression(parsing: "0 0 30 2 *").next(after: 1_800_000_000) == nil)
    }
}
