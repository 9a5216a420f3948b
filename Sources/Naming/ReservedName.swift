/// Stems that a new name must not have, because WordPress or Windows gives them a meaning.
enum ReservedName {
    /// The suffix that WordPress or an image plugin would take for its own; nil where there is
    /// none.
    ///
    /// `-300x200`, `-scaled`, `-rotated`, `-e1712345678`, `-pdf`, `@2x`, in any letter case, because
    /// some file systems do not tell the cases apart.
    static func suffix(of stem: [UInt8]) -> [UInt8]? {
        let text = stem.map(lowercased)
        for word in words where text.count >= word.count && text.suffix(word.count) == word[...] {
            return word
        }
        return size(of: text) ?? editTime(of: text) ?? density(of: text)
    }

    private static let words = ["-scaled", "-rotated", "-pdf"].map { Array($0.utf8) }

    /// `-` width `x` height.
    private static func size(of text: [UInt8]) -> [UInt8]? {
        let beforeHeight = withoutDigits(text[...])
        guard beforeHeight.count < text.count, beforeHeight.last == UInt8(ascii: "x") else {
            return nil
        }
        let beforeWidth = withoutDigits(beforeHeight.dropLast())
        guard beforeWidth.count < beforeHeight.count - 1, beforeWidth.last == UInt8(ascii: "-")
        else { return nil }
        return Array(text[(beforeWidth.count - 1)...])
    }

    /// `-e` and at least ten digits.
    private static func editTime(of text: [UInt8]) -> [UInt8]? {
        let rest = withoutDigits(text[...])
        guard text.count - rest.count >= 10, rest.suffix(2).elementsEqual("-e".utf8) else {
            return nil
        }
        return Array(text[(rest.count - 2)...])
    }

    /// `@`, a digit, `x`.
    private static func density(of text: [UInt8]) -> [UInt8]? {
        let end = text.suffix(3)
        guard end.count == 3, end.first == UInt8(ascii: "@"), end.last == UInt8(ascii: "x"),
            isDigit(end[end.startIndex + 1])
        else { return nil }
        return Array(end)
    }

    private static func withoutDigits(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        text.prefix(upTo: text.lastIndex { !isDigit($0) }.map { $0 + 1 } ?? text.startIndex)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }

    /// Whether Windows takes the stem for a device, so that a copy of the site could not be
    /// unpacked there.
    static func isDevice(_ stem: [UInt8]) -> Bool {
        devices.contains(stem.map(lowercased))
    }

    private static let devices: Set<[UInt8]> = {
        let numbered = (1...9).flatMap { ["com\($0)", "lpt\($0)"] }
        return Set((["con", "prn", "aux", "nul"] + numbered).map { Array($0.utf8) })
    }()
}
