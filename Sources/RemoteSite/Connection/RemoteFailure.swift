import Foundation
import HTTPClient
import Model

/// What an answer without success means, and what a person can do about it.
struct RemoteFailure {
    /// The failure; its detail `busy` says that the site may do later what it did not do now.
    let error: MonikerError

    /// What WordPress says in the JSON of an error.
    private struct Said: Decodable {
        var code: String?
        var message: String?
    }

    /// Judges an answer whose status is not 2xx.
    init(_ response: HTTPResponse, url: String, connection: Connection) {
        var said = Said()
        var isJSON = false
        do {
            said = try JSONDecoder().decode(Said.self, from: Data(response.body))
            isJSON = true
        } catch {
            // A page of the server or of a firewall: judged by its words below.
        }
        let place = Self.place(url)
        var details = ["status": String(response.status)]
        if let code = said.code {
            details["type"] = displayText(connection.redacted(code).utf8.prefix(80))
        }
        let wait = RetryAfter.wait(response, now: connection.clock.milliseconds())
        if let wait { details["retry_after"] = String(wait.components.seconds) }
        let guardian = isJSON ? nil : Guardian.name(response)
        // A browser check comes with 503 as well.
        let isBusy = Self.isBusy(response.status) && (guardian == nil || response.status == 429)
        if isBusy { details["busy"] = "true" }
        let message = said.message.map { displayText(connection.redacted($0).utf8.prefix(300)) }
        let quoted = message.map { ": \($0)" } ?? ""
        func fail(_ code: ErrorCode, _ remedy: String) -> MonikerError {
            MonikerError(
                code, "\(place) answered with status \(response.status)\(quoted); \(remedy)",
                details: details)
        }
        switch response.status {
        case 300..<400: error = Self.redirect(response, place: place, details: details)
        case 401: error = Self.unauthorized(response, said.code, connection, fail)
        case 403 where isJSON:
            error = fail(.restForbidden, Self.forbiddenRemedy(said.code))
        case 404 where said.code == "rest_post_invalid_id":
            error = fail(.unknownAttachment, "the attachment does not exist any more")
        case 404, 405, 410, 501:
            error = fail(
                .restMissing,
                "the REST API is switched off, by a plugin or the server, or lies elsewhere; "
                    + "check the address, and let /wp/v2/media and /wp/v2/users/me be reached")
        case _ where isBusy:
            error = fail(
                response.status == 429 || wait != nil ? .rateLimited : .restFailed,
                wait.map { "the site asks to wait \($0.components.seconds) s; try again then" }
                    ?? "the site is busy, under maintenance or down; try again later")
        case 413:
            error = fail(
                .restTooLarge, "the server takes no request as large as this text; shorten it")
        case 403, 406, 409, 418, 444, 503, 520...524:
            error = fail(
                .restBlocked,
                "\(guardian ?? "a firewall such as mod_security") stands before the site; "
                    + "allow this machine's address there, or have the rule lifted for /wp-json/")
        default:
            error = fail(.restFailed, "see the error log of the site")
        }
    }

    /// An answer with success that is no JSON of the kind that was asked for.
    static func notJSON(
        _ response: HTTPResponse, url: String, connection: Connection
    ) -> MonikerError {
        let details = ["status": String(response.status)]
        let text = String(decoding: response.body.prefix(4096), as: UTF8.self)
        if let guardian = Guardian.name(response) ?? (Guardian.isPage(text) ? "a page" : nil) {
            return MonikerError(
                .restBlocked,
                "\(place(url)) answered with \(guardian == "a page" ? "a page" : "a page of \(guardian)") "
                    + "instead of JSON: a browser check, login or maintenance page stands before the "
                    + "site; allow this machine's address there, or have /wp-json/ let through",
                details: details)
        }
        return MonikerError(
            .malformedAnswer,
            "\(place(url)) answered with something that is not the API's JSON; a plugin that prints "
                + "warnings or changes the API's answers is the usual cause: see the site's error log",
            details: details)
    }

    /// The URL without its query, but for the route where that is in the query.
    static func place(_ url: String) -> String {
        let end = url.firstIndex(of: "?") ?? url.endIndex
        let route = url[end...].firstRange(of: "rest_route=").map { url[$0.upperBound...] }
        return url[..<end] + (route.map { "?rest_route=" + $0.prefix { $0 != "&" } } ?? "")
    }

    // MARK: Statuses with several causes

    /// Whether a status says that the server may do later what it did not do now.
    private static func isBusy(_ status: Int) -> Bool {
        [429, 502, 503, 504, 508].contains(status) || (520...524).contains(status)
    }

    private static func redirect(
        _ response: HTTPResponse, place: String, details: [String: String]
    ) -> MonikerError {
        var details = details
        let target = response["location"].flatMap { SiteAddress($0) }
        if let target { details["location"] = target.origin }
        let remedy =
            target.map { "if \($0.origin) is the site, give that as its address" }
            ?? "give the address that the front page has in a browser"
        return MonikerError(
            .restRedirected,
            "\(place) sends requests elsewhere (status \(response.status)), and the password does "
                + "not follow; \(remedy)", details: details)
    }

    private static func unauthorized(
        _ response: HTTPResponse, _ code: String?, _ connection: Connection,
        _ fail: (ErrorCode, String) -> MonikerError
    ) -> MonikerError {
        switch code {
        case "incorrect_password", "invalid_username", "invalid_email":
            return fail(.restUnauthorized, wrongPassword)
        case "application_passwords_disabled", "application_passwords_disabled_for_user":
            return fail(.restUnauthorized, passwordsOff(connection))
        case nil where response["www-authenticate"] != nil:
            return fail(
                .restUnauthorized,
                "the web server itself asks for a password (.htpasswd), which leaves no room for "
                    + "WordPress's; lift it for /wp-json/")
        default:
            if connection.takesPasswords == false {
                return fail(.restUnauthorized, passwordsOff(connection))
            }
            // WordPress asks who it is only after it has looked for errors of that: without a plugin
            // that asks earlier, a wrong password looks like none at all.
            return fail(
                .restUnauthorized,
                "either the password is wrong (\(wrongPassword)), or WordPress does not see it, "
                    + "because the server drops the field Authorization, as CGI setups do: add "
                    + "`CGIPassAuth On`, or `SetEnvIf Authorization \"(.*)\" "
                    + "HTTP_AUTHORIZATION=$1`, to .htaccess")
        }
    }

    private static let wrongPassword =
        "check the user name, which is the one to log in with, not the application's name, and the "
        + "application password, which is not the one to log in with, or make a new one under "
        + "Users › Profile"

    private static func passwordsOff(_ connection: Connection) -> String {
        connection.site.isSecure
            ? "application passwords are switched off, as security plugins do; switch them on there"
            : "WordPress takes application passwords only over https; use https, or set "
                + "WP_ENVIRONMENT_TYPE to local on a site for trying things out"
    }

    private static func forbiddenRemedy(_ code: String?) -> String {
        switch code {
        case "rest_cannot_edit", "rest_forbidden_context", "rest_forbidden":
            "the user may not edit this; use one who is an editor or administrator"
        default:
            "a security plugin restricts the REST API, or the user may not do this; let it be used "
                + "by users who are logged in"
        }
    }
}
