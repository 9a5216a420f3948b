/// The names that files of a family have, by WordPress's rules and those of plugins that make more.
struct FamilyNames {
    let stem: [UInt8]
    let pathExtension: [UInt8]

    /// What a name is in the family, by its spelling alone; nil where it is not of the family.
    ///
    /// Recognised are, behind the stem: `-300x200`, `-scaled`, `-rotated`, `-e1795228072554`, these
    /// with a size, `-pdf` previews, each with `@2x`, and for each a sidecar: `.webp` or `.avif`
    /// behind the extension, or in its place.
    func role(of name: [UInt8]) -> String? {
        guard name.starts(with: stem) else { return nil }
        var rest = name[stem.count...]
        var isSidecar = false
        for sidecar in [".webp", ".avif"]
        where rest.suffix(sidecar.utf8.count).elementsEqual(sidecar.utf8) {
            let before = rest.dropLast(sidecar.utf8.count)
            if before.suffix(pathExtension.count + 1).elementsEqual([0x2E] + pathExtension)
                || before.suffix(4).elementsEqual(".jpg".utf8)
            {
                rest = before
                isSidecar = true
            } else if !pathExtension.elementsEqual(sidecar.utf8.dropFirst()) {
                rest = before + [0x2E] + pathExtension
                isSidecar = true
            }
            break
        }
        guard let dot = rest.lastIndex(of: UInt8(ascii: ".")) else { return nil }
        let ending = rest[(dot + 1)...]
        var suffix = rest[..<dot]
        guard let kind = Self.kind(&suffix, hasOwnExtension: ending.elementsEqual(pathExtension))
        else { return nil }
        // Previews of a PDF are JPEGs; everything else has the file's own extension.
        guard
            ending.elementsEqual(pathExtension)
                || kind == "preview" && ending.elementsEqual("jpg".utf8)
        else { return nil }
        return isSidecar ? "sidecar" : kind
    }

    /// What a suffix between stem and extension means; nil for one that means nothing.
    private static func kind(_ suffix: inout ArraySlice<UInt8>, hasOwnExtension: Bool) -> String? {
        var isRetina = false
        if suffix.suffix(3).elementsEqual("@2x".utf8) {
            suffix = suffix.dropLast(3)
            isRetina = true
        }
        var kind: String? = suffix.isEmpty ? "same" : nil
        if takeSize(&suffix) { kind = "unlisted" }
        if takeEdit(&suffix) { kind = kind == "unlisted" ? kind : "edited" }
        if take("-scaled", &suffix) || take("-rotated", &suffix) { kind = kind ?? "scaled" }
        if take("-pdf", &suffix) { kind = "preview" }
        guard suffix.isEmpty, let kind else { return nil }
        return isRetina ? "retina" : kind
    }

    private static func take(_ text: String, _ suffix: inout ArraySlice<UInt8>) -> Bool {
        guard suffix.suffix(text.utf8.count).elementsEqual(text.utf8) else { return false }
        suffix = suffix.dropLast(text.utf8.count)
        return true
    }

    /// `-300x200`.
    private static func takeSize(_ suffix: inout ArraySlice<UInt8>) -> Bool {
        var rest = suffix
        guard takeDigits(&rest), rest.popLast() == UInt8(ascii: "x"), takeDigits(&rest),
            rest.popLast() == UInt8(ascii: "-")
        else { return false }
        suffix = rest
        return true
    }

    /// `-e` and a time in milliseconds.
    static func takeEdit(_ suffix: inout ArraySlice<UInt8>) -> Bool {
        var rest = suffix
        let count = rest.count
        guard takeDigits(&rest), count - rest.count >= 10, rest.popLast() == UInt8(ascii: "e"),
            rest.popLast() == UInt8(ascii: "-")
        else { return false }
        suffix = rest
        return true
    }

    private static func takeDigits(_ suffix: inout ArraySlice<UInt8>) -> Bool {
        let count = suffix.count
        while let last = suffix.last, (0x30...0x39).contains(last) { suffix = suffix.dropLast() }
        return suffix.count < count
    }
}
