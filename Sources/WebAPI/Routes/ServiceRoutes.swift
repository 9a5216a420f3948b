import HTTPTypes
import Model
import UseCases

/// What the service tells of itself, to everybody.
struct ServiceRoutes: Sendable {
    let site: Site
    let metrics: Metrics
    let streams: EventStreams

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/health/live", .open) { _ in .json(Health(status: "live")) },
            Endpoint(.get, "/health/ready", .open, ready),
            Endpoint(.get, "/metrics", .open) { _ in
                .text(
                    metrics.text(gauges: [
                        (
                            "moniker_writes_waiting", "Changes that wait or run.",
                            site.writesWaiting
                        ),
                        ("moniker_event_streams", "Open streams of events.", streams.count),
                    ]), contentType: "text/plain; version=0.0.4; charset=utf-8")
            },
            Endpoint(.get, "/openapi.json", .open) { _ in
                APIAnswer(
                    .ok, contentType: "application/json", body: OpenAPIDocument.bytes)
            },
        ]
    }

    private struct Health: Encodable {
        var status: String
    }

    @Sendable private func ready(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        do throws(MonikerError) {
            try await site.read { session throws(MonikerError) in
                try session.requireDatabase()
                _ = try session.journalPage(before: nil, limit: 1)
            }
            return .json(Health(status: "ready"))
        } catch {
            // Everybody may ask this, so what is wrong with the site stands in the log alone.
            throw MonikerError(
                .databaseUnreachable, "the site cannot be worked on: see the log", cause: error)
        }
    }
}
