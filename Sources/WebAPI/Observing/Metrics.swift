import Synchronization

/// What the service counts, as Prometheus reads it.
///
/// Labels come from lists that are known when the program is built (routes, methods, statuses), so
/// no request can make the number of series grow.
final class Metrics: Sendable {
    private struct Series: Hashable {
        var route: String
        var method: String
        var status: Int
    }

    private struct Histogram {
        var counts: [Int]
        var count = 0
        var sum = 0.0
    }

    private struct State {
        var requests: [Series: Int] = [:]
        var durations: [String: Histogram] = [:]
        var inFlight = 0
    }

    private static let bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    private let state = Mutex(State())

    /// Counts a request that begins.
    func begin() { state.withLock { $0.inFlight += 1 } }

    /// Counts a request that has been answered.
    func end(route: String, method: String, status: Int, seconds: Double) {
        state.withLock { state in
            state.inFlight -= 1
            state.requests[Series(route: route, method: method, status: status), default: 0] += 1
            var histogram =
                state.durations[route]
                ?? Histogram(counts: Array(repeating: 0, count: Self.bounds.count))
            for (index, bound) in Self.bounds.enumerated() where seconds <= bound {
                histogram.counts[index] += 1
            }
            histogram.count += 1
            histogram.sum += seconds
            state.durations[route] = histogram
        }
    }

    /// Everything in Prometheus's text format, version 0.0.4.
    ///
    /// - Parameter gauges: further values, by name, with a sentence that explains each.
    func text(gauges: [(name: String, help: String, value: Int)]) -> String {
        let state = state.withLock { $0 }
        var text = """
            # HELP moniker_requests_total Requests that were answered.
            # TYPE moniker_requests_total counter

            """
        let series = state.requests.sorted {
            ($0.key.route, $0.key.method, $0.key.status) < (
                $1.key.route, $1.key.method, $1.key.status
            )
        }
        for (series, count) in series {
            text +=
                "moniker_requests_total{route=\"\(series.route)\",method=\"\(series.method)\",status=\"\(series.status)\"} \(count)\n"
        }
        text += """
            # HELP moniker_request_seconds How long answers took.
            # TYPE moniker_request_seconds histogram

            """
        for (route, histogram) in state.durations.sorted(by: { $0.key < $1.key }) {
            for (bound, count) in zip(Self.bounds, histogram.counts) {
                text +=
                    "moniker_request_seconds_bucket{route=\"\(route)\",le=\"\(bound)\"} \(count)\n"
            }
            text +=
                "moniker_request_seconds_bucket{route=\"\(route)\",le=\"+Inf\"} \(histogram.count)\n"
            text += "moniker_request_seconds_sum{route=\"\(route)\"} \(histogram.sum)\n"
            text += "moniker_request_seconds_count{route=\"\(route)\"} \(histogram.count)\n"
        }
        let own = (
            name: "moniker_requests_in_flight", help: "Requests that are being answered.",
            value: state.inFlight
        )
        for gauge in [own] + gauges {
            text +=
                "# HELP \(gauge.name) \(gauge.help)\n# TYPE \(gauge.name) gauge\n\(gauge.name) \(gauge.value)\n"
        }
        return text
    }
}
