import Model

/// An answer as it is kept, with what was found in the file when it was asked for.
struct StoredAnswer: Hashable, Sendable {
    /// What was said, or why nothing usable was, although it was paid for.
    var result: Result<ImageDescription, StoredFailure>
    /// The model that answered.
    var model: String
    /// What it cost.
    var usage: ProviderUsage
    /// What the file says of itself.
    var picture: PictureNotes
}

/// A failure that was paid for, so that the image is not asked about again.
struct StoredFailure: Error, Hashable, Sendable {
    var code: String
    var message: String

    init(_ error: MonikerError) {
        code = error.code.rawValue
        message = error.message
    }

    init(code: String, message: String) {
        self.code = code
        self.message = message
    }

    var error: MonikerError { MonikerError(ErrorCode(code), message) }
}

/// What is kept of a picture beside the answer, so that judging it again needs no file.
struct PictureNotes: Codable, Hashable, Sendable {
    var embedded = EmbeddedTexts()
    var width = 0
    var height = 0
    /// What text recognition read.
    var recognised = ""
}

extension ErrorCode {
    /// Whether the provider has worked on the request, and asking again would be paid for again.
    var isPaidFailure: Bool {
        [
            .refused, .contentFiltered, .truncated, .emptyAnswer, .malformedAnswer,
            .incompleteAnswer, .responseTooLarge,
        ].contains(self)
    }
}

extension MonikerError {
    /// What the attempts cost that ended with this failure.
    var usage: ProviderUsage {
        func number(_ name: String) -> Int { details[name].flatMap { Int($0) } ?? 0 }
        return ProviderUsage(
            requests: number("requests"), inputTokens: number("input_tokens"),
            outputTokens: number("output_tokens"), microdollars: number("microdollars"))
    }
}
