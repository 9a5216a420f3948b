import ArgumentParser
import UseCases

extension ParsableCommand {
    /// Ends with the status that says what a writing command did.
    func end(_ report: ChangeReport) throws {
        switch report.state {
        case .done, .planned: break
        case .partial: throw ExitCode(ExitStatus.partial)
        case .refused:
            Output.error.line("error: \(report.error?.message ?? "nothing was changed")")
            throw ExitCode(ExitStatus.refused)
        }
    }
}
