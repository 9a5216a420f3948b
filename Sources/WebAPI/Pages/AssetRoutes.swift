import Dashboard
import HTTPTypes
import Model

/// Stylesheet, scripts and icon: the same for everybody, kept by browsers for ever.
struct AssetRoutes: Sendable {
    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/assets/{version}/{name}", .openPage) {
                request async throws(MonikerError) in
                guard
                    let asset = DashboardAsset.named(
                        request.parameters["name"] ?? "",
                        version: request.parameters["version"] ?? "")
                else {
                    throw MonikerError(
                        .unknownRoute, "there is no such file: reload the page that asked for it")
                }
                var answer = APIAnswer(
                    .ok, contentType: asset.contentType, body: asset.bytes)
                answer.headers[.cacheControl] = "public, max-age=31536000, immutable"
                return answer
            }
        ]
    }
}
