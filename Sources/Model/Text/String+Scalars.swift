extension String {
    /// The text with every occurrence of a part replaced, compared by code points.
    ///
    /// Swift compares characters: a quotation mark with a combining accent is another one there, but
    /// for SQLite, CSV and HTML it is a quotation mark. What quotes or hides has to see it.
    ///
    /// - Complexity: linear in the length.
    public func replacingScalars(_ part: String, with replacement: String) -> String {
        String(unicodeScalars.replacing(part.unicodeScalars, with: replacement.unicodeScalars))
    }
}
