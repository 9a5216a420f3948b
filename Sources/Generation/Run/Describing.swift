import Imaging
public import Model
import Offline

/// Who describes the images of a run.
public enum Describing: Sendable {
    /// A model that is paid, or at least slow: its answers are kept and shared among copies.
    case model(any ImageDescriber)
    /// This machine, from texts that exist and what can be measured.
    case offline

    /// The provider's name.
    public var provider: String {
        switch self {
        case .model(let describer): describer.provider
        case .offline: "offline"
        }
    }

    /// The model's name.
    public var model: String {
        switch self {
        case .model(let describer): describer.model
        case .offline: "offline"
        }
    }

    /// Whether the picture leaves for somebody who may charge for it.
    public var asksOthers: Bool {
        switch self {
        case .model: true
        case .offline: false
        }
    }

    func describe(
        _ request: DescriptionRequest, _ picture: PreparedPicture, _ path: MediaPath,
        pictures: any PictureSource
    ) async throws(MonikerError) -> (answer: DescriptionAnswer, recognised: String) {
        switch self {
        case .model(let describer):
            return (try await describer.describe(request), "")
        case .offline:
            let text = try await recognised(picture, path, request, pictures)
            let description = OfflineDescriber.describe(
                facts: OfflineFacts(picture: picture.facts, text: text), context: request.context,
                fields: request.fields, mode: request.mode)
            let answer = DescriptionAnswer(
                description: description, provider: provider, model: model, usage: ProviderUsage())
            return (answer, text?.text ?? "")
        }
    }

    /// The text in the picture, where nobody has said better what it shows and there may be some.
    private func recognised(
        _ picture: PreparedPicture, _ path: MediaPath, _ request: DescriptionRequest,
        _ pictures: any PictureSource
    ) async throws(MonikerError) -> RecognisedText? {
        let embedded = picture.embedded
        guard picture.facts.kind != .flat, embedded.alt == nil, embedded.description == nil,
            embedded.headline == nil, embedded.title == nil
        else { return nil }
        return try await pictures.recogniseText(in: path, language: request.context.language)
    }
}
