/// Stems that a new name must not have, because WordPress or Windows gives them a meaning.
enum ReservedName {
    /// The suffix that WordPress or an image plugin would take for its own; nil where there is
    /// none.
    ///
    /// `-300x200`, `-scaled`, `-rotated`, `-e1712345678`, `-pdf`, `@2x`, in any letter case, because
    /// some file systems do not tell the cases apart.
    static func suffix(of stem: [UInt8]) -> [UInt8]? {
        let text = String(decoding: stem.map(lowercased), as: UTF8.self)
        // Swift's regular expressions are not Sendable, so this one cannot be a constant.
        let pattern = #/(?:-[0-9]+x[0-9]+|-scaled|-rotated|-e[0-9]{10,}|-pdf|@[0-9]x)$/#
        guard let match = text.firstMatch(of: pattern) else { return nil }
        return Array(match.output.utf8)
    }

    /// Whether Windows takes the stem for a device, so that a copy of the site could not be
    /// unpacked there.
    static func isDevice(_ stem: [UInt8]) -> Bool {
        let text = String(decoding: stem.map(lowercased), as: UTF8.self)
        return text.wholeMatch(of: #/con|prn|aux|nul|com[1-9]|lpt[1-9]/#) != nil
    }
}
