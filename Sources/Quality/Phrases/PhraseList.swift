/// Phrases that are looked for in a text, word by word.
struct PhraseList {
    /// The phrases by their first words.
    private let phrases: [String: [[String]]]

    /// Reads a list with commas between the phrases.
    init(_ list: String) {
        let split = list.split(separator: ",").map { $0.split(separator: " ").map(String.init) }
        phrases = Dictionary(grouping: split.filter { !$0.isEmpty }) { $0[0] }
    }

    /// Whether the words begin with one of the phrases.
    func begins(_ words: ArraySlice<Words.Word>) -> Bool {
        guard let first = words.first, let candidates = phrases[first.folded] else { return false }
        return candidates.contains { phrase in
            phrase.count <= words.count && zip(phrase, words).allSatisfy { $0 == $1.folded }
        }
    }

    /// Whether the words have one of the phrases anywhere.
    func isIn(_ words: [Words.Word]) -> Bool {
        words.indices.contains { begins(words[$0...]) }
    }
}
