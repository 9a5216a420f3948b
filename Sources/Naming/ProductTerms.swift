/// Names whose meaning is in their signs, which a file name cannot have.
enum ProductTerms {
    /// The line with such names in letters: `C++` is `cpp`, `C#` is `csharp`, `.NET` is `dotnet`.
    ///
    /// Versions keep their digits (`v2.0` becomes `v2-0` later), `&` and `+` between words vanish.
    static func spelledOut(_ line: String) -> String {
        guard line.utf8.contains(where: { $0 == 0x2B || $0 == 0x23 || $0 == 0x2E }) else {
            return line
        }
        return line.split(separator: " ", omittingEmptySubsequences: false).map { word in
            terms[word.lowercased().filter { !",;:!?()\"'".contains($0) }] ?? String(word)
        }.joined(separator: " ")
    }

    private static let terms: [String: String] = [
        "c++": "cpp", "c++11": "cpp11", "c++17": "cpp17", "c++20": "cpp20", "c#": "csharp",
        "f#": "fsharp", ".net": "dotnet", "asp.net": "aspnet", "g++": "gpp", "a+": "a-plus",
        "google+": "google-plus", "notepad++": "notepad-plus-plus",
    ]
}
