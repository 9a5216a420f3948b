internal import Model

/// Addresses and file names, which are no words to read aloud.
enum Addresses {
    /// Whether the text has a URL or an e-mail address.
    ///
    /// A scheme, `www.`, a data URI, or a host with a path; `Amazon.com` alone is a name.
    static func hasURL(_ text: String) -> Bool {
        let tokens = text.withoutFullWidth.lowercased().split(whereSeparator: \.isWhitespace)
        return tokens.contains { token in
            token.contains("://") || token.contains("www.") || token.hasPrefix("//")
                || ["mailto:", "data:image", "tel:", "file:"].contains(where: token.contains)
                || isHostWithPath(token) || isMailAddress(token)
        }
    }

    /// Whether the text is a file name, has one among its words, or is a camera's.
    static func hasFileName(_ text: String) -> Bool {
        let tokens = text.lowercased().split(whereSeparator: \.isWhitespace)
        return tokens.contains { hasExtension($0) || hasUnderscore($0) || isNumbered($0) }
            || CameraName.matches(text)
            || tokens.count == 1 && text.count(where: { $0 == "-" }) >= 2 && !text.contains("&")
    }

    private static func isHostWithPath(_ token: Substring) -> Bool {
        guard let slash = token.firstIndex(of: "/") else { return false }
        let labels = token[..<slash].split(separator: ".", omittingEmptySubsequences: false)
        return labels.count >= 2
            && labels.allSatisfy {
                !$0.isEmpty && $0.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" }
            }
            && (labels.last.map { $0.count >= 2 && $0.allSatisfy(\.isLetter) } ?? false)
    }

    private static func isMailAddress(_ token: Substring) -> Bool {
        let parts = token.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty
            && parts[1].dropFirst().dropLast().contains(".")
    }

    private static func hasExtension(_ token: Substring) -> Bool {
        let name = token.trimmingPrefix { !$0.isLetter && !$0.isNumber }
        let end = String(name.reversed().drop { !$0.isLetter && !$0.isNumber }.reversed())
        guard let dot = end.lastIndex(of: "."), dot > end.startIndex else { return false }
        return extensions.contains(String(end[end.index(after: dot)...]))
    }

    /// `red_bicycle`, but not a blank to be filled in.
    private static func hasUnderscore(_ token: Substring) -> Bool {
        token.split(separator: "_").count { $0.contains { $0.isLetter || $0.isNumber } } >= 2
    }

    /// `DSC0001` and `IMG-1234` among words.
    private static func isNumbered(_ token: Substring) -> Bool {
        let letters = token.prefix(while: \.isLetter)
        let rest = token.dropFirst(letters.count).drop { $0 == "-" }
        let number = rest.prefix(while: \.isNumber)
        return number.count >= 4
            && [
                "img", "dsc", "dscn", "dscf", "pxl", "mvimg", "gopr", "dji", "cimg", "pict", "imgp",
            ]
            .contains(letters)
    }

    private static let extensions: Set<String> = [
        "jpg", "jpeg", "jpe", "png", "gif", "webp", "avif", "heic", "heif", "tif", "tiff", "bmp",
        "svg", "ico", "jxl", "psd", "cr2", "nef", "dng", "arw", "pdf", "eps", "mp4", "mov",
    ]
}
