import HTTPTypes
import Model
import UseCases

/// A failure as RFC 9457 tells it.
struct Problem: Encodable {
    var type = "about:blank"
    var title: String
    var status: Int
    var detail: String
    var code: String
    var details: [String: String]
    /// The request's id, as in the log.
    var instance: String

    init(_ error: MonikerError, request: String) {
        let status = Self.status(of: error.code)
        title = status.reasonPhrase
        self.status = status.code
        detail = error.message
        code = error.code.rawValue
        details = error.details
        instance = "urn:moniker:request:\(request)"
    }

    /// The answer that tells a failure.
    static func answer(_ error: MonikerError, request: String) -> APIAnswer {
        let problem = Problem(error, request: request)
        var answer = APIAnswer.json(problem, status: status(of: error.code))
        answer.contentType = "application/problem+json"
        answer.code = error.code
        if let seconds = error.details["retry_after"] {
            answer.headers[.retryAfter] = seconds
        } else if answer.status == .tooManyRequests || answer.status == .serviceUnavailable {
            answer.headers[.retryAfter] = "5"
        }
        if error.code == .unauthorized { answer.headers[.wwwAuthenticate] = "Bearer" }
        if let methods = error.details["allow"] { answer.headers[.allow] = methods }
        return answer
    }

    /// The status of each code; what is not listed was refused because of what was asked for.
    static func status(of code: ErrorCode) -> HTTPResponse.Status {
        switch code {
        case .unauthorized: .unauthorized
        case .forbidden: .forbidden
        case .unknownRoute, .unknownAttachment, .unknownJournal, .unknownToken, .unknownJob,
            .unknownSchedule, .notInReview:
            .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .bodyTooLarge: .contentTooLarge
        case .unsupportedMediaType: .unsupportedMediaType
        case .tooManyRequests, .queueFull: .tooManyRequests
        case .busy, .databaseLocked, .keyInUse, .stalePlan, .outcomeUnknown, .alreadyReverted,
            .notApplied, .originalReleased, .nameTaken, .fileChanged, .cancelled,
            .needsAttention, .foreignJournal, .journalLost, .jobState:
            .conflict
        case .databaseUnreachable, .connectionLost, .accessDenied, .databaseReadOnly,
            .fileSystemReadOnly, .uploadsUnreadable, .notASite, .computedConfiguration,
            .inventoryBuilding:
            .serviceUnavailable
        case .diskFull: .init(code: 507, reasonPhrase: "Insufficient Storage")
        case .commitUnknown, .unfinished, .databaseFailed, .fileSystemFailed, .permissionDenied,
            .journalUnusable, .inventoryUnusable, .indexUnusable, .generationUnusable,
            .accessUnusable, .serviceUnusable, .jobsUnusable, .internalFailure, .imageWorkerFailed,
            .missingLibrary:
            .internalServerError
        case .networkFailed, .timedOut, .responseTooLarge, .addressRefused, .keyMissing,
            .keyFileUnsafe, .keyRejected, .paymentRequired, .quotaExhausted, .rateLimited,
            .providerFailed, .requestRejected, .unknownModel, .malformedAnswer:
            .badGateway
        default: .unprocessableContent
        }
    }
}
