import Access
import Dashboard
import HTTPTypes
import Model

/// Makes answers of views.
struct PageMaker: Sendable {
    let site: Site

    /// A page as an answer.
    ///
    /// - Throws: `internal-failure`.
    func answer<Content: PageContent>(
        _ content: Content, _ request: APIRequest, status: HTTPResponse.Status = .ok
    ) throws(MonikerError) -> APIAnswer {
        // Who has no session is not told where the site lies.
        let frame = PageFrame(
            site: request.session == nil ? "" : site.watch.siteName,
            formToken: request.session?.formToken)
        return Self.page(try Dashboard.render(content, in: frame), status)
    }

    private static func page(_ bytes: [UInt8], _ status: HTTPResponse.Status) -> APIAnswer {
        var answer = APIAnswer(status, contentType: "text/html; charset=utf-8", body: bytes)
        answer.headers[.contentSecurityPolicy] = contentSecurityPolicy
        // With `no-referrer` browsers send the forms of our own pages with `Origin: null`.
        answer.headers[.referrerPolicy] = "same-origin"
        answer.headers[.crossOriginOpenerPolicy] = "same-origin"
        return answer
    }

    /// What a page may load and do: nothing inline, nothing from elsewhere, in no frame.
    static let contentSecurityPolicy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'",
        "connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
    ].joined(separator: "; ")

    /// Sends the browser to another page of ours.
    static func redirect(to address: String) -> APIAnswer {
        var answer = page([], .seeOther)
        answer.headers[.location] = address
        return answer
    }

    /// A failure as a page; whoever is not logged in is sent to do so.
    func problem(
        _ error: MonikerError, request: String, address: String
    ) -> APIAnswer {
        if error.code == .unauthorized {
            return Self.redirect(to: "/login?next=\(Self.escapingQuery(address))")
        }
        let answer = Problem.answer(error, request: request)
        do throws(MonikerError) {
            let view = ProblemView(
                title: answer.status.code == 404
                    ? "There is no such page" : "This cannot be shown",
                message: Self.sentence(error.message), code: error.code.rawValue,
                request: request)
            var page = Self.page(
                try Dashboard.render(view, in: PageFrame(site: "")), answer.status)
            page.headers[.retryAfter] = answer.headers[.retryAfter]
            page.headers[.allow] = answer.headers[.allow]
            page.code = error.code
            return page
        } catch {
            // The template itself is what is broken.
            return Problem.answer(error, request: request)
        }
    }

    /// A message of an error as a sentence.
    static func sentence(_ message: String) -> String {
        guard let first = message.first else { return "" }
        let text = first.uppercased() + message.dropFirst()
        return text.last.map { ".!?".contains($0) } ?? true ? text : text + "."
    }

    /// Where to go after a login: an address of ours, and the overview for anything else.
    ///
    /// Browsers read backslashes as slashes and leave out control characters, so that an address
    /// with those might lead elsewhere.
    static func ownAddress(_ address: String) -> String {
        let isPlain = address.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x5C }
        guard isPlain, address.utf8.count <= 2000, address.hasPrefix("/"),
            !address.hasPrefix("//"), !address.hasPrefix("/login"), !address.hasPrefix("/logout")
        else { return "/" }
        return address
    }

    /// A text as the value of a query's parameter.
    static func escapingQuery(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        var escaped = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            if scalar.isASCII,
                Character(scalar).isLetter || Character(scalar).isNumber
                    || "-._~/".unicodeScalars.contains(scalar)
            {
                escaped.unicodeScalars.append(scalar)
            } else {
                escaped += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return escaped
    }
}

extension HTTPField.Name {
    static let crossOriginOpenerPolicy = known("Cross-Origin-Opener-Policy")
}
