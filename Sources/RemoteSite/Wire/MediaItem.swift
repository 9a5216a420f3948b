import Model

/// A text as the API shows it in the context `edit`.
struct RawText: Decodable {
    /// The text as stored.
    var raw: String
}

/// An attachment as the API shows it in the context `edit`.
struct MediaItem: Decodable {
    /// The fields that are asked for; other ones would only cost the site work.
    ///
    /// Of attachments, WordPress does not take parts of `media_details`.
    static let fields =
        "id,post,alt_text,title,caption,description,mime_type,source_url,media_details"

    var id: Int64
    var alt: String
    var title: RawText
    var caption: RawText
    var description: RawText
    var mime: String
    var sourceURL: String
    var post: Int64?
    var details: Details

    /// What WordPress measured of the file; everything may be absent.
    struct Details: Decodable {
        var width: Int?
        var height: Int?
        var filesize: Int64?
        var file: String?

        init() {}

        private enum Keys: CodingKey { case width, height, filesize, file }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: Keys.self)
            width = Self.number(values, .width).map { Int($0) }
            height = Self.number(values, .height).map { Int($0) }
            filesize = Self.number(values, .filesize)
            do {
                file = try values.decodeIfPresent(String.self, forKey: .file)
            } catch is DecodingError {
                // Plugins write what they like; a name that is no text is none.
                file = nil
            }
        }

        /// A number, which plugins also store as text.
        private static func number(
            _ values: KeyedDecodingContainer<Keys>, _ key: Keys
        ) -> Int64? {
            do {
                return try values.decodeIfPresent(Int64.self, forKey: key)
            } catch {
                do {
                    return try values.decodeIfPresent(String.self, forKey: key).flatMap {
                        Int64($0)
                    }
                } catch { return nil }
            }
        }
    }

    private enum Keys: String, CodingKey {
        case id, title, caption, description, post
        case alt = "alt_text"
        case mime = "mime_type"
        case sourceURL = "source_url"
        case details = "media_details"
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Keys.self)
        id = try values.decode(Int64.self, forKey: .id)
        alt = try values.decode(String.self, forKey: .alt)
        title = try values.decode(RawText.self, forKey: .title)
        caption = try values.decode(RawText.self, forKey: .caption)
        description = try values.decode(RawText.self, forKey: .description)
        mime = try values.decodeIfPresent(String.self, forKey: .mime) ?? ""
        // `false` where the file is gone.
        do { sourceURL = try values.decode(String.self, forKey: .sourceURL) } catch {
            sourceURL = ""
        }
        post = try values.decodeIfPresent(Int64.self, forKey: .post)
        // An empty array of PHP where the file was never measured.
        do { details = try values.decode(Details.self, forKey: .details) } catch {
            details = Details()
        }
    }

    /// The texts as stored.
    ///
    /// The text alternative is empty both where its row is empty and where there is none.
    var texts: [MetadataField: String] {
        [
            .alt: alt, .title: title.raw, .caption: caption.raw, .description: description.raw,
        ]
    }
}

extension MetadataField {
    /// The name of the API's parameter.
    var parameter: String {
        switch self {
        case .alt: "alt_text"
        case .title: "title"
        case .caption: "caption"
        case .description: "description"
        }
    }
}
