import Model

extension ColumnSchema {
    /// Whether a value fits the column. Limits are as information_schema states them: characters
    /// for CHAR and VARCHAR, bytes for the TEXT and BLOB types.
    func holds(_ value: [UInt8]) -> Bool {
        if let maximumBytes, value.count > maximumBytes { return false }
        guard let maximumCharacters else { return true }
        guard value.count > maximumCharacters else { return true }
        let isUTF8 = characterSet?.hasPrefix("utf8") ?? true
        guard isUTF8 else { return false }
        // Continuation bytes (10xxxxxx) do not begin a character.
        return value.count(where: { $0 & 0xC0 != 0x80 }) <= maximumCharacters
    }
}
