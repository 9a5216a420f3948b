/// Whether a file name was given by a camera, a phone, a screenshot or a program, not by a person.
enum CameraLikeName {
    private static let prefixes = [
        "img", "image", "dsc", "dscn", "dscf", "dcim", "pict", "pic", "photo", "mvimg", "pxl",
        "p", "wp", "sam", "gopr", "dji", "imag", "cimg", "sdc", "hpim", "mov", "whatsappimage",
        "signal", "fbimg", "untitled", "unnamed", "download", "scan",
    ]
    private static let screenshots = ["screenshot", "bildschirmfoto", "capturadepantalla"]

    /// Tests the stem of a name.
    static func matches(_ stem: [UInt8]) -> Bool {
        var text = String(decoding: stem, as: UTF8.self).lowercased()
        for suffix in ["-scaled", "-rotated"] where text.hasSuffix(suffix) {
            text.removeLast(suffix.count)
        }
        let plain = text.filter { $0 != "_" && $0 != "-" && $0 != " " && $0 != "." }
        guard !plain.isEmpty else { return false }
        if screenshots.contains(where: { plain.hasPrefix($0) }) { return true }
        // Digits only: times and counters.
        if plain.allSatisfy(\.isNumber) { return true }
        // A UUID or a hash: hexadecimal digits, some of them digits.
        let isHexadecimal = plain.allSatisfy(\.isHexDigit)
        if isHexadecimal, plain.count >= 16, plain.contains(where: \.isNumber) { return true }
        let letters = plain.prefix { $0.isLetter }
        let rest = plain.dropFirst(letters.count)
        // `IMG_20240501_120000`, `DSC04711`, `image (3)`; words behind the number are a person's.
        return !rest.isEmpty && prefixes.contains(String(letters))
            && rest.allSatisfy { $0.isNumber || "()e~".contains($0) }
    }
}
