import Imaging
import Model
import Synchronization

@testable import Generation

/// Pictures without pixels.
struct FakePictures: PictureSource {
    /// What files say of themselves, by name.
    var embedded: [String: EmbeddedTexts] = [:]
    /// Files that cannot be prepared.
    var damaged: Set<String> = []

    func prepare(_ path: MediaPath) async throws(MonikerError) -> PreparedPicture {
        let name = String(decoding: path.name, as: UTF8.self)
        if damaged.contains(name) {
            throw MonikerError(.damagedImage, "\"\(name)\" is damaged")
        }
        return PreparedPicture(
            jpeg: Self.jpeg, facts: PictureFacts(width: 1200, height: 900),
            embedded: embedded[name] ?? EmbeddedTexts())
    }

    func recogniseText(
        in path: MediaPath, language: String
    ) async throws(MonikerError) -> RecognisedText {
        RecognisedText(text: "", confidence: 0, languages: ["eng"])
    }

    /// A JPEG as far as its header goes.
    static let jpeg: [UInt8] =
        [0xFF, 0xD8, 0xFF, 0xE0, 0, 16] + Array("JFIF\0".utf8) + [1, 1, 0, 0, 1, 0, 1, 0, 0]
        + [0xFF, 0xC0, 0, 11, 8, 3, 0, 4, 0, 1, 1, 0x11, 0]
        + [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x55, 0xFF, 0xD9]
}

/// A describer that does what a test says, and remembers what it was asked.
final class ScriptedDescriber: ImageDescriber {
    typealias Answer =
        @Sendable (DescriptionRequest) async throws(MonikerError) -> ImageDescription

    let provider = "anthropic"
    let model: String
    private let answer: Answer
    private let state = Mutex([DescriptionRequest]())

    init(model: String = "scripted", _ answer: @escaping Answer) {
        self.model = model
        self.answer = answer
    }

    /// What it was asked, in order.
    var requests: [DescriptionRequest] { state.withLock { $0 } }

    func describe(
        _ request: DescriptionRequest
    ) async throws(MonikerError) -> DescriptionAnswer {
        state.withLock { $0.append(request) }
        return DescriptionAnswer(
            description: try await answer(request), provider: provider, model: model,
            usage: ProviderUsage(
                requests: 1, inputTokens: 1000, outputTokens: 100, microdollars: 500))
    }
}

/// A description that the gate lets through, another one for each image.
func good(_ request: DescriptionRequest) -> ImageDescription {
    let number = Int(request.id) ?? 0
    let colours = ["red", "blue", "green", "white", "black", "yellow", "silver"]
    let things = ["boat", "chair", "bridge", "lantern", "door", "clock", "bench", "kettle"]
    let places = ["beside a lake", "under pine trees", "on a square", "in deep snow", "at a wall"]
    let alt =
        "A \(colours[number % 7]) \(things[number / 7 % 8]) \(places[number / 56 % 5]) \(number / 280)"
    var texts: [MetadataField: String] = [:]
    for field in request.fields {
        switch field {
        case .alt: texts[field] = alt
        case .title: texts[field] = "The \(things[number / 7 % 8]) of \(number)"
        case .caption: texts[field] = "\(alt), seen from afar."
        case .description: texts[field] = "\(alt), as it stood there in the year \(number + 1000)."
        }
    }
    return ImageDescription(texts: texts, fileName: "\(colours[number % 7])-boat-by-the-lake")
}
