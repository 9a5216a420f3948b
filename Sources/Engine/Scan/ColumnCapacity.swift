import Model

extension ColumnSchema {
    /// Whether a value fits the column after replacements.
    ///
    /// Limits are as information_schema states them: characters for CHAR and VARCHAR, bytes for the
    /// TEXT and BLOB types.
    func holds(_ value: [UInt8], after splices: [Splice]) -> Bool {
        let count = value.count + splices.growth
        if let maximumBytes, count > maximumBytes { return false }
        guard let maximumCharacters, count > maximumCharacters else { return true }
        let isUTF8 = characterSet?.hasPrefix("utf8") ?? true
        guard isUTF8 else { return false }
        // Continuation bytes (10xxxxxx) do not begin a character.
        return splices.applied(to: value).count(where: { $0 & 0xC0 != 0x80 }) <= maximumCharacters
    }
}
