import Model

extension RemoteChange {
    /// The change after the site was asked.
    ///
    /// - Parameters:
    ///   - now: what the site holds.
    ///   - answered: what it said that it stored; nil where it was not heard.
    ///   - failure: why it was not heard, or what it said instead.
    func resolved(
        now texts: [MetadataField: String], answered: [MetadataField: String]?,
        failure: MonikerError?
    ) -> RemoteChange {
        var change = self
        let now = texts[field] ?? ""
        change.stored = nil
        change.failure = nil
        if now.hasSameBytes(as: after) {
            change.state = .written
        } else if now.hasSameBytes(as: before) {
            change.state = .notWritten
            change.failure =
                failure.map { Failure($0) }
                ?? Failure(
                    code: ErrorCode.restFailed.rawValue,
                    message:
                        "the site kept the \(field.rawValue) of attachment \(attachment) as it "
                        + "was; nothing that it stores is left of the text, or a plugin holds it")
        } else {
            change.stored = now
            switch answered?[field] {
            case .some(let answer) where answer.hasSameBytes(as: now): change.state = .altered
            // Somebody wrote between the answer and the second look.
            case .some: change.state = .conflict
            case nil:
                change.state = .uncertain
                change.failure = failure.map { Failure($0) }
            }
        }
        return change
    }

    /// The change after nothing could be sent.
    func failed(_ error: MonikerError) -> RemoteChange {
        var change = self
        change.state = .notWritten
        change.failure = Failure(error)
        return change
    }
}

extension RemoteChange.Failure {
    /// The code and sentence of an error.
    init(_ error: MonikerError) {
        self.init(code: error.code.rawValue, message: error.message)
    }
}

extension String {
    /// Whether both are the same bytes; Swift's `==` holds `é` and `e` with an accent for the same.
    func hasSameBytes(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }

    /// What PHP's `stripslashes` makes of it.
    func removingSlashes() -> String {
        var result = String.UnicodeScalarView()
        var isEscaped = false
        for scalar in unicodeScalars {
            if scalar == "\\", !isEscaped {
                isEscaped = true
                continue
            }
            result.append(isEscaped && scalar == "0" ? "\0" : scalar)
            isEscaped = false
        }
        return String(result)
    }
}
