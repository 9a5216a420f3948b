internal import Foundation
public import Model

/// A new name as a person types it.
public enum TypedName {
    /// The longest stem: with suffixes such as `-1024x1024@2x` and `-e1712345678901`, an extension
    /// and a sidecar's second one, it still fits the 255 bytes of a file name.
    static let longestStem = 180

    /// The stem that a file family gets.
    ///
    /// Accents and other scripts become ASCII letters; whitespace, dots and what WordPress's
    /// `sanitize_file_name` strips become `-`; letter case stays. Not looked at: whether the name
    /// is taken.
    ///
    /// - Parameters:
    ///   - typed: the name with or without the extension.
    ///   - currentExtension: the extension of the file, without its dot.
    /// - Throws: `invalid-name`, `extension-mismatch`, `double-extension`, `reserved-name`,
    ///   `empty-name`, `name-too-long`.
    public static func stem(
        from typed: [UInt8], currentExtension: [UInt8]
    ) throws(MonikerError) -> [UInt8] {
        let text = try validated(typed)
        let written = try withoutExtension(text, currentExtension: currentExtension)
        try refuseInnerExtensions(written)
        // As written, because the cleaning would hide an `@2x`.
        try refuseReserved(Array(written.utf8), typed)
        let stem = Cleaning.hyphenated(Cleaning.latin(written))
        guard !stem.isEmpty else {
            throw MonikerError(
                .emptyName,
                "nothing is left of the name \"\(displayText(typed))\" after cleaning; use letters or digits"
            )
        }
        try refuseReserved(stem, typed)
        guard stem.count <= longestStem else {
            throw MonikerError(
                .nameTooLong,
                "the name has \(stem.count) bytes after cleaning; use at most \(longestStem), so that the sizes' suffixes fit",
                details: ["bytes": String(stem.count), "limit": String(longestStem)])
        }
        return stem
    }

    /// The text without whitespace around it, if it can be a single file name.
    private static func validated(_ typed: [UInt8]) throws(MonikerError) -> String {
        func refusal(_ reason: String) -> MonikerError {
            MonikerError(
                .invalidName,
                "\"\(displayText(typed))\" is not a file name: \(reason); give a plain name such as \"red-bicycle\""
            )
        }
        guard let text = String(validating: typed, as: UTF8.self) else {
            throw refusal("it is not UTF-8")
        }
        // Names of ASCII alone are most names, and need no look into Unicode's tables.
        let isPlain = typed.allSatisfy { (0x20..<0x7F).contains($0) }
        guard
            isPlain
                || !text.unicodeScalars.contains(where: {
                    $0.properties.generalCategory == .control
                })
        else { throw refusal("it has control characters") }
        guard !typed.contains(UInt8(ascii: "/")), !typed.contains(UInt8(ascii: "\\")) else {
            throw refusal("it has a slash or backslash")
        }
        guard !zip(typed, typed.dropFirst()).contains(where: { $0 == 0x2E && $1 == 0x2E }) else {
            throw refusal("it has \"..\"")
        }
        let space = UInt8(ascii: " ")
        let isTrimmed = isPlain && typed.first != space && typed.last != space
        let trimmed = isTrimmed ? text : text.trimmingCharacters(in: .whitespaces)
        guard trimmed.utf8.first != UInt8(ascii: ".") else {
            throw refusal("it begins with a dot")
        }
        return trimmed
    }

    /// The text without the file's own extension, if it has one.
    private static func withoutExtension(
        _ text: String, currentExtension: [UInt8]
    ) throws(MonikerError) -> String {
        guard let dot = text.utf8.lastIndex(of: UInt8(ascii: ".")) else { return text }
        let written = text.utf8[text.utf8.index(after: dot)...]
        if !currentExtension.isEmpty, FileExtension.areSameType(written, currentExtension) {
            return String(text[..<dot])
        }
        guard FileExtension.isKnown(written), !FileExtension.isExecutable(written) else {
            return text
        }
        let current = displayText(currentExtension)
        throw MonikerError(
            .extensionMismatch,
            "\"\(displayText(text.utf8))\" has another extension than the file, which \(current.isEmpty ? "has none" : "is .\(current)"); leave the extension away, because renaming does not convert",
            details: ["extension": current])
    }

    /// Refuses `x.php` and `x.jpg`: a server may run the former or serve another type.
    private static func refuseInnerExtensions(_ stem: String) throws(MonikerError) {
        for part in stem.utf8.split(separator: UInt8(ascii: ".")).dropFirst() {
            let part = String(decoding: part, as: UTF8.self).trimmingCharacters(in: .whitespaces)
            guard FileExtension.isKnown(part.utf8) else { continue }
            throw MonikerError(
                .doubleExtension,
                "\"\(displayText(stem.utf8))\" has the second or executable extension \".\(displayText(part.utf8))\"; leave it away",
                details: ["extension": displayText(part.utf8)])
        }
    }

    /// Refuses what WordPress or Windows would misunderstand.
    private static func refuseReserved(
        _ stem: [UInt8], _ typed: [UInt8]
    ) throws(MonikerError) {
        if let suffix = ReservedName.suffix(of: stem) {
            throw MonikerError(
                .reservedName,
                "\"\(displayText(typed))\" ends in \"\(displayText(suffix))\", which WordPress takes for its own suffix; choose another end",
                details: ["suffix": displayText(suffix)])
        }
        if ReservedName.isDevice(stem) {
            throw MonikerError(
                .reservedName,
                "\"\(displayText(typed))\" is a device name on Windows, where no file can have it; choose another name"
            )
        }
    }
}
