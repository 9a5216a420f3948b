public import Model

/// Why an image is left out of a run of descriptions.
public enum SkipReason: String, CaseIterable, Codable, Hashable, Sendable {
    /// A vector graphic.
    case svg
    /// Narrower or lower than the least size.
    case tooSmall = "too-small"
    /// Its name says that it is an icon, a logo or a spacer.
    case iconName = "icon-name"
    /// A MIME type that no provider takes, and that is not converted.
    case unsupportedType = "unsupported-type"
    /// Its text alternative is empty on purpose.
    case decorative
    /// Nothing uses it, and only used images were asked for.
    case unused
    /// Its owner forbids giving it to AI.
    case aiOptOut = "ai-opt-out"
    /// It has every text that was asked for.
    case complete
}

/// Which images are left out; every rule can be changed.
///
/// As JSON each property is a key in snake_case; what is absent keeps its default.
public struct SkipRules: Codable, Hashable, Sendable {
    /// Whether vector graphics are skipped.
    public var skipsSVG = true
    /// The least width in pixels; 0 for any.
    ///
    /// An unknown width is no reason.
    public var minimumWidth = 50
    /// The least height in pixels; 0 for any.
    ///
    /// An unknown height is no reason.
    public var minimumHeight = 50
    /// Words of file names that tell an icon or a logo; compared with whole words of the name, in
    /// any letter case.
    public var iconWords: Set<String> = [
        "icon", "icons", "favicon", "logo", "logos", "sprite", "sprites", "spacer", "separator",
        "divider", "bullet", "arrow", "placeholder", "pixel", "blank", "avatar",
    ]
    /// The MIME types that can be described.
    public var types: Set<String> = [
        "image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/heic",
        "image/heif", "image/tiff", "image/bmp",
    ]
    /// Whether images with an intentionally empty text alternative are skipped.
    public var skipsDecorative = true
    /// Whether unused images are skipped.
    public var skipsUnused = false
    /// Whether the opt-out in the image's own metadata is honoured.
    public var honoursOptOut = true

    /// The default rules.
    public init() {}

    private enum CodingKeys: String, CodingKey {
        case skipsSVG = "skip_svg"
        case minimumWidth = "minimum_width"
        case minimumHeight = "minimum_height"
        case iconWords = "icon_words"
        case types
        case skipsDecorative = "skip_decorative"
        case skipsUnused = "skip_unused"
        case honoursOptOut = "honour_opt_out"
    }

    /// Reads rules; absent keys keep their defaults.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func value<Value: Decodable>(_ key: CodingKeys, else other: Value) throws -> Value {
            try container.decodeIfPresent(Value.self, forKey: key) ?? other
        }
        skipsSVG = try value(.skipsSVG, else: skipsSVG)
        minimumWidth = try value(.minimumWidth, else: minimumWidth)
        minimumHeight = try value(.minimumHeight, else: minimumHeight)
        iconWords = Set(try value(.iconWords, else: iconWords).map { $0.lowercased() })
        types = Set(try value(.types, else: types).map { $0.lowercased() })
        skipsDecorative = try value(.skipsDecorative, else: skipsDecorative)
        skipsUnused = try value(.skipsUnused, else: skipsUnused)
        honoursOptOut = try value(.honoursOptOut, else: honoursOptOut)
    }

    /// Why an image is skipped; nil where it is not.
    ///
    /// Of several reasons the one is told that stands first here: type, size, name, decoration, use,
    /// completeness, opt-out. What only the file knows comes last, so that the file need not be read
    /// for an image that is skipped anyway.
    ///
    /// - Parameters:
    ///   - fields: the texts that are asked for.
    ///   - overwrites: whether texts that are there are made anew: then nothing is complete.
    ///   - embedded: what the file says of itself; nil where it has not been read yet.
    public func reason(
        toSkip item: InventoryItem, fields: Set<MetadataField>, overwrites: Bool = false,
        embedded: EmbeddedTexts? = nil
    ) -> SkipReason? {
        let type = item.mime.lowercased()
        if type == "image/svg+xml" {
            if skipsSVG { return .svg }
        } else if !types.contains(type) {
            return .unsupportedType
        }
        if item.width > 0 && item.width < minimumWidth
            || item.height > 0 && item.height < minimumHeight
        {
            return .tooSmall
        }
        if hasIconName(item.path) { return .iconName }
        if skipsDecorative, item.states[.alt] == .decorative { return .decorative }
        if skipsUnused, !item.isUsed { return .unused }
        if !overwrites, fields.allSatisfy({ item.states[$0] != .missing }) { return .complete }
        if honoursOptOut, embedded?.forbidsAI == true { return .aiOptOut }
        return nil
    }

    private func hasIconName(_ path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        let words = name.lowercased().split { !$0.isLetter && !$0.isNumber }.dropLast()
        return words.contains { word in
            iconWords.contains(String(word))
                // `logo2` and `icon16` are the same words with a number.
                || iconWords.contains(String(word.prefix { !$0.isNumber }))
        }
    }
}
