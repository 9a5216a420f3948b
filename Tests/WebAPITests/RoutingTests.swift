import HTTPTypes
import Model
import Testing

@testable import WebAPI

@Suite("Routing, problems and metrics") struct RoutingTests {
    private let table = EndpointTable([
        Endpoint(.get, "/v1/things", .open) { _ in .text("list") },
        Endpoint(.get, "/v1/things/{id}", .open) { _ in .text("one") },
        Endpoint(.post, "/v1/things/{id}/turn", .open) { _ in .text("turn") },
    ])

    private func describe(_ method: HTTPRequest.Method, _ path: String) -> String {
        switch table.match(method, path) {
        case .found(let endpoint, let parameters): "\(endpoint.path) \(parameters["id"] ?? "-")"
        case .otherMethods(let methods): "405 \(methods.map(\.rawValue))"
        case .nothing: "404"
        }
    }

    @Test("Addresses and methods are told apart")
    func matching() {
        #expect(describe(.get, "/v1/things") == "/v1/things -")
        #expect(describe(.head, "/v1/things") == "/v1/things -")
        #expect(describe(.get, "/v1/things/a%20b") == "/v1/things/{id} a b")
        #expect(describe(.get, "/v1/things/%2e%2e") == "/v1/things/{id} ..")
        #expect(describe(.get, "/v1/things/%ff") == "404", "no UTF-8")
        #expect(describe(.post, "/v1/things") == "405 [\"GET\"]")
        #expect(describe(.get, "/v1/things/1/turn") == "405 [\"POST\"]")
        #expect(describe(.get, "/v1") == "404")
        #expect(describe(.get, "/v1/things/1/2/3") == "404")
    }

    @Test(
        "Codes have the statuses of the contract",
        arguments: [
            (ErrorCode.unauthorized, 401), (.forbidden, 403), (.unknownAttachment, 404),
            (.unknownJournal, 404), (.unknownJob, 404), (.busy, 409), (.keyInUse, 409),
            (.stalePlan, 409), (.jobState, 409), (.bodyTooLarge, 413), (.keyReused, 422),
            (.invalidArgument, 422), (.invalidName, 422), (.tooManyRequests, 429),
            (.queueFull, 429), (.internalFailure, 500), (.databaseUnreachable, 503),
        ])
    func statuses(_ code: ErrorCode, _ status: Int) {
        #expect(Problem.answer(MonikerError(code, "x"), request: "r").status.code == status)
    }

    @Test("Metrics count, and requests cannot make series of their own")
    func metrics() {
        let metrics = Metrics()
        for number in 0..<3 {
            metrics.begin()
            metrics.end(
                route: "/v1/things", method: "GET", status: 200, seconds: Double(number) * 0.02)
        }
        metrics.begin()
        let text = metrics.text(gauges: [("moniker_test", "A test.", 7)])
        #expect(
            text.contains(
                "moniker_requests_total{route=\"/v1/things\",method=\"GET\",status=\"200\"} 3\n"))
        #expect(
            text.contains("moniker_request_seconds_bucket{route=\"/v1/things\",le=\"0.025\"} 2\n"))
        #expect(
            text.contains("moniker_request_seconds_bucket{route=\"/v1/things\",le=\"+Inf\"} 3\n"))
        #expect(text.contains("moniker_requests_in_flight 1\n"))
        #expect(text.contains("# TYPE moniker_test gauge\nmoniker_test 7\n"))
    }
}
