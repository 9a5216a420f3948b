/// The times and durations that servers put into headers.
enum Timestamps {
    /// Seconds since 1970 of an HTTP date (RFC 9110, 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func httpDate(_ text: String) -> Double? {
        let parts = text.split(separator: " ")
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        guard parts.count == 6, parts[5] == "GMT", let day = number(parts[1]),
            let month = months.firstIndex(of: String(parts[2])), let year = number(parts[3]),
            let time = timeOfDay(parts[4])
        else { return nil }
        return seconds(year, month + 1, day).map { $0 + time }
    }

    /// Seconds since 1970 of an RFC 3339 time: `2026-02-25T20:02:37Z`, `…37.5+01:00`.
    static func rfc3339(_ text: String) -> Double? {
        guard let separator = text.firstIndex(where: { "Tt ".contains($0) }) else { return nil }
        let date = text[..<separator].split(separator: "-", omittingEmptySubsequences: false)
        var time = text[text.index(after: separator)...]
        var offset = 0.0
        if time.hasSuffix("Z") || time.hasSuffix("z") {
            time = time.dropLast()
        } else if let sign = time.lastIndex(where: { "+-".contains($0) }) {
            guard let value = timeOfDay(time[time.index(after: sign)...] + ":00") else {
                return nil
            }
            offset = time[sign] == "-" ? -value : value
            time = time[..<sign]
        } else {
            return nil
        }
        guard date.count == 3, let year = number(date[0]), let month = number(date[1]),
            let day = number(date[2]), let value = timeOfDay(time),
            let midnight = seconds(year, month, day)
        else { return nil }
        return midnight + value - offset
    }

    /// Seconds of a duration as Go and OpenAI print it: `12ms`, `1s`, `6m0s`, `1h2m3.5s`, `17s`.
    static func duration(_ text: String) -> Double? {
        var total = 0.0
        var rest = text[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(unit.count)
            let factors = ["ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400]
            guard let value = Double(digits), let factor = factors[String(unit)] else { return nil }
            total += value * factor
        }
        return text.isEmpty ? nil : total
    }

    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }

    private static func timeOfDay(_ text: Substring) -> Double? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let hour = number(parts[0]), let minute = number(parts[1]),
            let second = Double(parts[2]), hour < 25, minute < 60, second >= 0, second < 61
        else { return nil }
        return Double(hour * 3600 + minute * 60) + second
    }

    /// Seconds from 1970 to the midnight that begins a day of the Gregorian calendar.
    private static func seconds(_ year: Int, _ month: Int, _ day: Int) -> Double? {
        guard (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else {
            return nil
        }
        // Years begin in March here, so that the leap day is the last day of a year.
        let marchYear = month > 2 ? year : year - 1
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let days = 365 * marchYear + marchYear / 4 - marchYear / 100 + marchYear / 400 + dayOfYear
        return Double(days - 719_468) * 86400
    }
}
