/// Decimal amounts without rounding.
enum Decimal {
    /// The number that a text such as `0.15` spells, times ten for each digit of a fraction; nil
    /// for any other text, and for a fraction of more digits.
    static func scaled(_ text: some StringProtocol, digits: Int) -> Int? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts[0].utf8.count <= 9 else { return nil }
        let fraction = parts.count == 2 ? String(parts[1]) : "0"
        guard fraction.utf8.count <= digits, isNumber(parts[0]), isNumber(fraction) else {
            return nil
        }
        return Int(
            parts[0] + fraction + String(repeating: "0", count: digits - fraction.utf8.count))
    }

    private static func isNumber(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
