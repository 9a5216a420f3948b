import Model
import Testing

@Suite("Replacing by code points") struct ScalarReplacementTests {
    @Test(
        "A part is found also where a combining mark makes another character of it",
        arguments: [
            ("a\"b", "a\"\"b"), ("a\"\u{301}b", "a\"\"\u{301}b"),
            ("\"\u{200D}\"", "\"\"\u{200D}\"\""),
            ("", ""), ("none", "none"),
            ("\u{1F468}\u{200D}\u{1F469}", "\u{1F468}\u{200D}\u{1F469}"),
        ])
    func quotes(_ text: String, _ expected: String) {
        let replaced = text.replacingScalars("\"", with: "\"\"")
        // By code points: as characters they could be equal without being the same text.
        #expect(Array(replaced.unicodeScalars) == Array(expected.unicodeScalars))
    }
}
