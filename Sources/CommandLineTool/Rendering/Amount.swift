/// Numbers and sizes for people.
enum Amount {
    /// A number with its thousands apart: `12 345`, by a narrow space that does not break.
    static func number(_ number: Int) -> String {
        let digits = String(abs(number))
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { result += "\u{202F}" }
            result.append(digit)
        }
        return (number < 0 ? "-" : "") + result
    }

    /// A size in bytes with three digits or so, by powers of 1000.
    static func bytes(_ bytes: Int64) -> String {
        let units = ["B", "kB", "MB", "GB", "TB"]
        var value = Double(bytes)
        var unit = 0
        while value >= 999.5, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        if unit == 0 { return "\(bytes) B" }
        let tenths = Int((value * 10).rounded())
        return tenths < 100
            ? "\(tenths / 10).\(tenths % 10) \(units[unit])"
            : "\(Int(value.rounded())) \(units[unit])"
    }

    /// A share of a whole in percent; never 0 or 100 where it is not exactly that.
    static func percent(_ part: Int, of whole: Int) -> Int {
        guard whole > 0 else { return 100 }
        guard part > 0 else { return 0 }
        return part == whole ? 100 : min(99, max(1, part * 100 / whole))
    }
}
