import Foundation
import Generation
import Model
import Synchronization
import UseCases

/// The lines that `generate` prints while it works, and the bar below them.
///
/// Events come on another thread, one at a time.
final class GenerationLines: Sendable {
    private let isQuiet: Bool
    private let isShown: Bool
    /// Results go to standard output only where no document goes there.
    private let output: Output
    private let hasBar = Mutex(false)

    init(_ options: GlobalOptions) {
        isQuiet = options.quiet
        isShown = Output.error.isTerminal && !options.quiet
        output = options.json ? .error : .standard
    }

    /// Shows an event.
    func show(_ event: GenerationEvent) {
        switch event {
        case .began: break
        case .note(let text):
            guard !isQuiet else { return }
            clear()
            Output.error.line("note: \(text)")
        case .item(let item):
            guard !isQuiet else { return }
            clear()
            output.line(item.line)
        case .progress(let progress):
            guard isShown else { return }
            clear()
            hasBar.withLock { $0 = true }
            Output.error.write(Self.line(progress))
        }
    }

    /// Takes the bar away.
    func clear() {
        guard
            hasBar.withLock({ bar in
                defer { bar = false }
                return bar
            })
        else { return }
        Output.error.write("\r\u{1B}[K")
    }

    private static func line(_ progress: GenerationProgress) -> String {
        var text = "\(progress.done)/\(progress.total)"
        if let seconds = progress.secondsLeft {
            text += seconds < 60 ? ", \(seconds) s left" : ", \(seconds / 60) min left"
        }
        if progress.usage.microdollars > 0 {
            text += String(format: ", $%.4f", Double(progress.usage.microdollars) / 1_000_000)
        }
        return text
    }
}

/// What `generate` did, for people.
struct GenerateText {
    private let report: GenerateReport
    private let isVerbose: Bool

    init(_ report: GenerateReport, isVerbose: Bool) {
        self.report = report
        self.isVerbose = isVerbose
    }

    func write() {
        // Each image had its line already.
        var change = report.change
        change.skipped = []
        ChangeText(change, isVerbose: isVerbose).write()
        for line in lines { Output.standard.line(line) }
    }

    private var lines: [String] {
        var lines = [
            "\(count(report.described, "image")) described, \(report.review.count) to review, \(report.change.skipped.count) skipped, \(report.failed.count) failed."
        ]
        if !report.review.isEmpty { lines.append("See them with: moniker review list") }
        let usage = report.usage
        if usage.requests > 0 {
            lines.append(
                "\(count(usage.requests, "request")), \(usage.inputTokens) tokens sent, \(usage.outputTokens) received, $"
                    + String(format: "%.4f", usage.usd))
        }
        if report.uncertainRequests > 0 {
            lines.append(
                "\(count(report.uncertainRequests, "request")) may have been paid for in vain: a process was killed while they were on their way."
            )
        }
        for item in report.sample ?? [] {
            lines.append("sample \(item.attachment) \(PlainLine.of(item.file)) (\(item.state))")
            for (field, text) in item.texts.sorted(by: { $0.key < $1.key }) {
                lines.append("  \(field): \(PlainLine.of(text))")
            }
            if let name = item.name { lines.append("  name: \(name)") }
        }
        return lines
    }
}
