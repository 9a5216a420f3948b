import Foundation
import UseCases

/// A progress bar over all phases of a command with the time that is left, on a terminal only.
final class ProgressBar {
    private let isShown: Bool
    private var phase = ""
    private let start = Date()
    private var phaseStart = Date()
    private var lastDrawn = Date.distantPast
    private var isDrawn = false

    /// Creates a bar that stays invisible in a pipe and when nobody wants to see it.
    init(_ options: GlobalOptions) {
        isShown = Output.error.isTerminal && !options.quiet
    }

    /// Shows how far the work has come; at most ten times a second.
    func show(_ progress: ProgressReport) {
        guard isShown else { return }
        let now = Date()
        if progress.phase != phase {
            phase = progress.phase
            phaseStart = now
        } else if now.timeIntervalSince(lastDrawn) < 0.1, progress.done != progress.total {
            return
        }
        lastDrawn = now
        isDrawn = true
        Output.error.write("\r\u{1B}[K" + line(progress, at: now))
    }

    /// Takes the bar away.
    func clear() {
        guard isDrawn else { return }
        Output.error.write("\r\u{1B}[K")
        isDrawn = false
    }

    private func line(_ progress: ProgressReport, at now: Date) -> String {
        guard let total = progress.total, total > 0 else { return "\(progress.phase)…" }
        let share = progress.share ?? Double(progress.done) / Double(total)
        let cells = 24
        let filled = Int(share * Double(cells))
        let bar =
            String(repeating: "█", count: filled)
            + String(repeating: "░", count: cells - filled)
        var text =
            "\(progress.phase.padding(toLength: 22, withPad: " ", startingAt: 0)) \(bar) \(progress.done)/\(total)"
        let elapsed = now.timeIntervalSince(progress.share == nil ? phaseStart : start)
        // Before a second has passed and a twentieth is done, any estimate would be a guess.
        if elapsed > 1, share > 0.05, share < 1 {
            text += ", about \(Self.duration(elapsed / share - elapsed)) left"
        }
        return text
    }

    private static func duration(_ seconds: Double) -> String {
        switch Int(seconds.rounded(.up)) {
        case ..<60: "\(Int(seconds.rounded(.up))) s"
        case let total where total < 3600: "\(total / 60) min \(total % 60) s"
        case let total: "\(total / 3600) h \(total % 3600 / 60) min"
        }
    }
}
