import HTTPClient
import Model

/// A server, how it is spoken to, and with which key.
struct Endpoint: Sendable {
    let format: any WireFormat
    let base: String
    /// Whether it is the provider's own server, about which more is known.
    let isOwnServer: Bool
    /// Whether it is on this machine.
    let isLoopback: Bool
    let addresses: HTTPRequest.AddressPolicy
    let key: APIKey?
    let client: HTTPClient
    let timeout: Duration

    /// What messages call it.
    var name: String { isOwnServer ? format.provider.rawValue : base }

    /// A request to a path below the base URL.
    func request(
        _ method: String, _ path: String, body: [UInt8]? = nil,
        contentType: String = "application/json"
    ) -> HTTPRequest {
        var fields = format.fields(key)
        fields.append(HTTPRequest.Field("user-agent", "moniker"))
        if body != nil { fields.append(HTTPRequest.Field("content-type", contentType)) }
        var request = HTTPRequest(method, base + path, fields: fields, body: body)
        request.timeout = timeout
        request.addresses = addresses
        return request
    }
}
