import UseCases

/// An outside service, and which data it gets when.
struct DataFlow: Encodable, Sendable {
    /// What it is called.
    var service: String
    /// The host, or how it is found.
    var server: String
    /// What it is asked for.
    var purpose: String
    /// What it gets.
    var data: [String]
    /// When it gets that.
    var when: String
    /// Whether it is in use now.
    var isActive: Bool
    /// Where its terms are; nil where the owner of the site runs it.
    var terms: String?
    /// Where its privacy policy is; nil where the owner of the site runs it.
    var privacy: String?

    private enum CodingKeys: String, CodingKey {
        case service, server, purpose, data, when, terms, privacy
        case isActive = "active"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(service, forKey: .service)
        try container.encode(server, forKey: .server)
        try container.encode(purpose, forKey: .purpose)
        try container.encode(data, forKey: .data)
        try container.encode(when, forKey: .when)
        try container.encode(isActive, forKey: .isActive)
        try container.encode(terms, forKey: .terms)
        try container.encode(privacy, forKey: .privacy)
    }

    /// What a describer gets of each image: docs/providers.md.
    private static let ofAnImage = [
        "a JPEG of at most 1024 pixels on its long edge, without EXIF, IPTC, XMP or GPS",
        "the file's name, the size of the original, its texts and those embedded in the file",
        "up to 8 uses: kind, type, title, heading, categories and link of the page",
        "what you say of the website, the language, the mode and the wanted texts",
        "the key, in the header of the request",
    ]
    private static let whenDescribing =
        "only while images are described: Generate, a job, or a new upload that was announced. \u{201C}Save and test\u{201D} sends one sentence and a grey square, and nothing of the site."

    /// Everything that may leave the machine.
    ///
    /// - Parameter standing: who describes now.
    static func all(_ standing: ProviderStanding) -> [DataFlow] {
        func isActive(_ provider: String) -> Bool {
            standing.provider == provider && standing.isOwnServer
        }
        let purpose = "describing images"
        return [
            DataFlow(
                service: "Offline describer", server: "this machine", purpose: purpose,
                data: ["nothing leaves this machine"], when: "never",
                isActive: standing.provider == "offline"),
            DataFlow(
                service: "Anthropic", server: "api.anthropic.com", purpose: purpose,
                data: ofAnImage, when: whenDescribing, isActive: isActive("anthropic"),
                terms: "https://www.anthropic.com/legal/commercial-terms",
                privacy: "https://www.anthropic.com/legal/privacy"),
            DataFlow(
                service: "OpenAI", server: "api.openai.com", purpose: purpose, data: ofAnImage,
                when: whenDescribing, isActive: isActive("openai"),
                terms: "https://openai.com/policies/services-agreement/",
                privacy: "https://openai.com/policies/privacy-policy/"),
            DataFlow(
                service: "Google Gemini", server: "generativelanguage.googleapis.com",
                purpose: purpose, data: ofAnImage, when: whenDescribing,
                isActive: isActive("gemini"), terms: "https://ai.google.dev/gemini-api/terms",
                privacy: "https://policies.google.com/privacy"),
            DataFlow(
                service: "A server of your own with the same API",
                server: standing.isOwnServer
                    ? "the base URL of the settings or of --base-url; none is set"
                    : standing.server ?? "",
                purpose: purpose,
                data: ofAnImage.dropLast() + [
                    "the key, if the command line names one for this server"
                ],
                when: whenDescribing,
                isActive: standing.provider != "offline" && !standing.isOwnServer),
            DataFlow(
                service: "Web hook", server: "the URL in MONIKER_WEBHOOK, if it is set",
                purpose: "telling you that a run has ended",
                data: [
                    "the site's uploads address, the journal id, how many images ended how, and what it cost",
                    "no picture and no text of an image",
                ],
                when: "once at the end of each run that describes images", isActive: false),
        ]
    }
}
