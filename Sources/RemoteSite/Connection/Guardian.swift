import HTTPClient

/// What stands before a site and answers in its place, known by the words of its pages.
enum Guardian {
    /// The beginnings of the words in pages and headers, in lower case, and who says them.
    private static let words: [(word: String, name: String)] = [
        ("mod_security", "mod_security"), ("modsecurity", "mod_security"),
        ("not acceptable!", "mod_security"), ("just a moment", "Cloudflare"),
        ("cf-chl", "Cloudflare"), ("attention required! | cloudflare", "Cloudflare"),
        ("sgcaptcha", "SiteGround's captcha"), ("imunify360", "Imunify360"),
        ("wordfence", "Wordfence"), ("sucuri", "Sucuri"), ("_incapsula_", "Imperva"),
        ("ddos-guard", "DDoS-Guard"), ("aes.js", "a browser check"),
        ("enable javascript and cookies", "a browser check"),
        ("checking your browser", "a browser check"), ("captcha", "a captcha"),
    ]

    /// Who answered; nil where nobody is recognised.
    ///
    /// Complexity: bounded by the first 16 KiB of the answer.
    static func name(_ response: HTTPResponse) -> String? {
        if response["cf-mitigated"] != nil { return "Cloudflare" }
        let text = String(decoding: response.body.prefix(16384), as: UTF8.self).lowercased()
        guard isPage(text) else { return nil }
        return words.first { text.contains($0.word) }?.name
    }

    /// Whether an answer is a page.
    static func isPage(_ text: String) -> Bool {
        let start = text.drop(while: \.isWhitespace).prefix(200).lowercased()
        return start.hasPrefix("<!doctype html") || start.hasPrefix("<html")
            || start.hasPrefix("<head") || start.hasPrefix("<script") || start.hasPrefix("<title")
    }
}
