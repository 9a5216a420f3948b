import UseCases

/// What `provider test` found, for people.
struct ProviderText {
    private let report: ProviderReport

    init(_ report: ProviderReport) { self.report = report }

    func write() {
        Output.standard.line(PlainLine.of(report.message))
        var facts: [(String, String)] = []
        if let server = report.server { facts.append(("Server", server)) }
        facts.append(("Model", report.model))
        if report.answeredBy != report.model { facts.append(("Answered by", report.answeredBy)) }
        if let latency = report.latency { facts.append(("Answer after", "\(latency) ms")) }
        if let describes = report.describesImages {
            let time = report.imageLatency.map { ", after \($0) ms" } ?? ""
            facts.append(
                (
                    "Pictures",
                    describes ? "described as JSON\(time)" : "no: \(report.imageFailure ?? "")"
                ))
        }
        if !report.models.isEmpty {
            facts.append(("Models", "\(report.models.count) for this key"))
        }
        if report.usage.requests > 0 {
            let tokens = report.usage.inputTokens + report.usage.outputTokens
            facts.append(
                ("Cost", "\(Amount.number(tokens)) tokens, \(Self.dollars(report.usage.usd))"))
        }
        for (name, value) in facts {
            Output.standard.line(
                "  " + name + String(repeating: " ", count: 14 - name.count) + PlainLine.of(value))
        }
    }

    /// An amount in US dollars; small ones in cents to two places.
    private static func dollars(_ amount: Double) -> String {
        let hundredths = Int((amount * 10_000).rounded(.up))
        return hundredths == 0
            ? "no price known or free" : "about $0.\(String(hundredths + 10_000).dropFirst())"
    }
}
