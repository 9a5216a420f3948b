import Model
import Offline

/// Facts and contexts for the tests, with only what a test is about.
enum Sample {
    /// A photograph as cameras make them.
    static let photo = PictureFacts(
        width: 4000, height: 3000, colours: [.blue, .green], entropy: 7.2, kind: .continuous)

    /// The use as a product's image.
    static func product(
        _ title: String, kind: ImageUse.Kind = .productGallery, categories: [String] = []
    ) -> ImageUse {
        ImageUse(kind: kind, post: 7, postType: "product", title: title, categories: categories)
    }

    /// Describes with all fields.
    static func describe(
        _ context: ImageContext, picture: PictureFacts? = photo, text: String? = nil,
        confidence: Int = 90, position: Int? = nil, count: Int? = nil,
        mode: DescriptionMode = .balanced,
        fields: Set<MetadataField> = Set(MetadataField.allCases)
    ) -> ImageDescription {
        OfflineDescriber.describe(
            facts: OfflineFacts(
                picture: picture,
                text: text.map {
                    RecognisedText(text: $0, confidence: confidence, languages: ["eng"])
                }, position: position, count: count),
            context: context, fields: fields, mode: mode)
    }
}
