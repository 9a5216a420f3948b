import Imaging
import Inventory
import Model

/// Asks about one image: prepares the picture, notes the attempt, asks, and keeps the answer before
/// anybody uses it.
struct Asking: Sendable {
    let store: GenerationStore
    let describing: Describing
    let pictures: any PictureSource
    let mode: DescriptionMode
    /// Whether an opt-out in the file is honoured.
    let honoursOptOut: Bool
    /// The job.
    let run: Int64

    /// What came of it; never throws, so that every image that was begun ends.
    func ask(_ candidate: Candidate) async -> Outcome {
        Outcome(candidate: candidate, result: await result(candidate))
    }

    private func result(_ candidate: Candidate) async -> Outcome.Result {
        do throws(MonikerError) {
            let picture = try await pictures.prepare(candidate.path)
            guard !(honoursOptOut && picture.embedded.forbidsAI) else {
                return .forbidden
            }
            let notes = PictureNotes(
                embedded: picture.embedded, width: picture.facts.width,
                height: picture.facts.height)
            let request = DescriptionRequest(
                id: "\(candidate.item.id)", jpeg: picture.jpeg,
                context: candidate.context(with: notes), fields: candidate.fields, mode: mode)
            try store.ask(candidate.key, attachment: candidate.item.id, run: run)
            let answer: StoredAnswer
            do throws(MonikerError) {
                let (said, recognised) = try await describing.describe(
                    request, picture, candidate.path, pictures: pictures)
                var notes = notes
                notes.recognised = recognised
                answer = StoredAnswer(
                    result: .success(said.description), model: said.model, usage: said.usage,
                    picture: notes)
            } catch {
                guard error.code.isPaidFailure else {
                    try store.giveUp(
                        candidate.key, run: run, microdollars: error.usage.microdollars,
                        isUncertain: error.details["sent"] == "true")
                    return .failed(error)
                }
                answer = StoredAnswer(
                    result: .failure(StoredFailure(error)), model: describing.model,
                    usage: error.usage, picture: notes)
            }
            try store.keep(
                answer, for: candidate.key, attachment: candidate.item.id,
                provider: describing.provider, model: describing.model, run: run)
            return .answered(answer)
        } catch {
            return .failed(error)
        }
    }
}
