/// Two texts side by side, cut into what they share and what is in one alone.
public struct TextDifference: Sendable {
    /// A stretch of one of the texts.
    struct Part: Sendable, Equatable {
        let text: String
        let isChanged: Bool
    }

    /// The text before; empty where there was none.
    let before: [Part]
    /// The text after; empty where there is none.
    let after: [Part]
    /// Whether there was a text before.
    let hasBefore: Bool
    /// Whether there is a text after.
    let hasAfter: Bool

    /// Longer texts are compared by their beginnings and ends alone.
    private static let mostWords = 400

    /// Compares two texts word by word; nil is no text.
    ///
    /// - Complexity: O(words before × words after) up to 400 words each, linear beyond.
    public init(_ old: String?, _ new: String?) {
        hasBefore = old.map { !$0.isEmpty } ?? false
        hasAfter = new.map { !$0.isEmpty } ?? false
        let (left, right) = (Self.words(old ?? ""), Self.words(new ?? ""))
        let shared = Self.shared(left, right)
        before = Self.parts(left, shared.left)
        after = Self.parts(right, shared.right)
    }

    /// Words, and what stands between them character by character, by code points: what browsers see.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || scalar.properties.generalCategory == .nonspacingMark
            {
                word.append(scalar)
            } else {
                if !word.isEmpty { words.append(String(word)) }
                word = String.UnicodeScalarView()
                words.append(String(scalar))
            }
        }
        if !word.isEmpty { words.append(String(word)) }
        return words
    }

    /// Which words of each side are also on the other, in the same order.
    private static func shared(
        _ left: [String], _ right: [String]
    ) -> (left: Set<Int>, right: Set<Int>) {
        var start = 0
        while start < left.count, start < right.count, left[start] == right[start] { start += 1 }
        var end = 0
        while end < left.count - start, end < right.count - start,
            left[left.count - 1 - end] == right[right.count - 1 - end]
        { end += 1 }
        var inLeft = Set(0..<start).union((left.count - end)..<left.count)
        var inRight = Set(0..<start).union((right.count - end)..<right.count)
        let (rows, columns) = (left.count - start - end, right.count - start - end)
        guard rows > 0, columns > 0, rows <= mostWords, columns <= mostWords else {
            return (inLeft, inRight)
        }
        // Longest common subsequence, from the end to the beginning.
        var lengths = Array(repeating: Array(repeating: 0, count: columns + 1), count: rows + 1)
        for row in stride(from: rows - 1, through: 0, by: -1) {
            for column in stride(from: columns - 1, through: 0, by: -1) {
                lengths[row][column] =
                    left[start + row] == right[start + column]
                    ? lengths[row + 1][column + 1] + 1
                    : max(lengths[row + 1][column], lengths[row][column + 1])
            }
        }
        var (row, column) = (0, 0)
        while row < rows, column < columns {
            if left[start + row] == right[start + column] {
                inLeft.insert(start + row)
                inRight.insert(start + column)
                row += 1
                column += 1
            } else if lengths[row + 1][column] >= lengths[row][column + 1] {
                row += 1
            } else {
                column += 1
            }
        }
        return (inLeft, inRight)
    }

    private static func parts(_ words: [String], _ shared: Set<Int>) -> [Part] {
        var parts: [Part] = []
        var isChanged = false
        var text = ""
        for (index, word) in words.enumerated() {
            let changes = !shared.contains(index)
            if changes != isChanged, !text.isEmpty {
                parts.append(Part(text: text, isChanged: isChanged))
                text = ""
            }
            isChanged = changes
            text += word
        }
        if !text.isEmpty { parts.append(Part(text: text, isChanged: isChanged)) }
        return parts
    }
}
