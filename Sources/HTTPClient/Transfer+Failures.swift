import CCurl
import Model

extension Transfer {
    /// What a cancelled request fails with.
    var cancellation: MonikerError {
        MonikerError(.cancelled, "the request to \(request.place) was cancelled", details: sent)
    }

    /// What libcurl's code means.
    func failure(_ code: CURLcode) -> MonikerError {
        let place = request.place
        if isTooLarge {
            return MonikerError(
                .responseTooLarge,
                "the answer of \(place) is larger than \(request.responseLimit) bytes; "
                    + "check that the URL is that of the API", details: sent)
        }
        if let refusedAddress {
            return MonikerError(
                .addressRefused,
                "\(place) leads to the address \(refusedAddress), to which no request is sent; "
                    + "use another URL")
        }
        // SAFETY: libcurl returns a constant for every code.
        let reason = unsafe String(cString: curl_easy_strerror(code))
        switch code {
        case CURLE_OPERATION_TIMEDOUT:
            return MonikerError(
                .timedOut,
                "\(place) did not answer within \(request.timeout.milliseconds / 1000) s; "
                    + "try again, or allow more time", details: sent)
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL:
            return MonikerError(.invalidArgument, "\(place) is no usable URL: \(reason)")
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE:
            return MonikerError(
                .networkFailed,
                "the certificate of \(place) is not to be trusted (\(reason)); "
                    + "check the URL and the system's certificates")
        default:
            return MonikerError(
                .networkFailed,
                "the request to \(place) failed (\(reason)); check the URL and the network",
                details: sent)
        }
    }

    /// Whether the server may have acted on the request, for callers that must not pay twice.
    private var sent: [String: String] { wasSent ? ["sent": "true"] : [:] }
}
