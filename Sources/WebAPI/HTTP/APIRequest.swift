import Access
import Model

/// A request as an endpoint sees it.
struct APIRequest: Sendable {
    /// The id that stands in the log, in the answer and in errors.
    var id: String
    /// The parts of the path that the endpoint names.
    var parameters: [String: String]
    /// The query, decoded.
    var query: [String: String]
    /// Headers by lower-case name; of several, the last one.
    var headers: [String: String]
    /// The body.
    var body: [UInt8]
    /// Who asks; nil at endpoints that everybody may ask.
    var caller: Caller?
    /// The session of the browser that asks for a page; nil elsewhere.
    var session: BrowserSession?
    /// The address that the request comes from.
    var address = ""
    /// The host and port that the request names.
    var host = ""

    /// The caller's id; empty for anybody.
    var callerID: String { caller?.id ?? "" }

    /// What is asked, as text that is the same for the same question.
    var question: String {
        let parts = parameters.sorted { $0.key < $1.key } + query.sorted { $0.key < $1.key }
        return parts.map { "\($0.key.utf8.count) \($0.key) \($0.value.utf8.count) \($0.value)" }
            .joined(separator: "\n")
    }

    /// A number in the path.
    ///
    /// - Throws: `invalid-argument`.
    func attachment() throws(MonikerError) -> AttachmentID {
        // As it is written in lists: neither "+1" nor "01" is another address of the same thing.
        guard let text = parameters["id"], let number = Int64(text), number > 0,
            text == String(number)
        else {
            throw MonikerError(.unknownAttachment, "attachments have numbers from 1 on as ids")
        }
        return AttachmentID(number)
    }

    /// The journal id in the path.
    ///
    /// - Throws: `unknown-journal` for text that no id looks like.
    func journal() throws(MonikerError) -> JournalID {
        guard let id = parameters["id"].flatMap(JournalID.init) else {
            throw MonikerError(
                .unknownJournal,
                "there is no such change set in this journal: /v1/journal lists them"
            )
        }
        return id
    }

    /// The fields of a form; empty for a body of another kind.
    ///
    /// - Throws: `invalid-argument`.
    func form() throws(MonikerError) -> [String: String] {
        try FormFields.parse(String(decoding: body, as: UTF8.self))
    }

    /// Refuses parameters of the query that the endpoint does not know, so that no typing error
    /// goes unnoticed.
    ///
    /// - Throws: `invalid-argument`.
    func requireQuery(of names: Set<String>) throws(MonikerError) {
        guard let strange = query.keys.sorted().first(where: { !names.contains($0) }) else {
            return
        }
        throw MonikerError(
            .invalidArgument,
            "there is no parameter \"\(strange.prefix(50))\" here: use \(names.sorted().joined(separator: ", "))"
        )
    }

    /// A parameter that is true or false; nil where it is not there.
    func flag(_ name: String) throws(MonikerError) -> Bool? {
        switch query[name] {
        case nil: return nil
        case "true": return true
        case "false": return false
        default:
            throw MonikerError(.invalidArgument, "the parameter \(name) is true or false")
        }
    }

    /// The size of a page.
    func limit(usual: Int = 50, most: Int = 500) throws(MonikerError) -> Int {
        guard let text = query["limit"] else { return usual }
        guard let number = Int(text), (1...most).contains(number) else {
            throw MonikerError(
                .invalidArgument, "the parameter limit is a number from 1 to \(most)")
        }
        return number
    }
}

/// Who asks.
struct Caller: Sendable {
    /// The token's id, or `dashboard`; no secret.
    var id: String
    /// The token's name.
    var name: String
    /// What may be asked for.
    var scope: TokenScope

    /// Whoever knows the dashboard's password.
    static let dashboard = Caller(id: "dashboard", name: "dashboard", scope: .admin)
}
