import ArgumentParser
import Foundation
import Model
import UseCases

/// The exit statuses of the contract.
enum ExitStatus {
    static let refused: Int32 = 1
    static let partial: Int32 = 3
    static let usage: Int32 = 64
    static let busy: Int32 = 75
}

extension ParsableCommand {
    /// Ends the process after an error: `error: …` on standard error, with `--json` a document on
    /// standard output as well.
    static func exit(reporting error: any Error, asJSON: Bool) -> Never {
        guard let failure = error as? MonikerError else {
            if asJSON, exitCode(for: error).rawValue == ExitStatus.usage {
                Output.standard.line(
                    ErrorDocument.text(code: "usage", message: message(for: error), details: [:]))
            }
            exit(withError: error)
        }
        Output.error.line("error: \(failure.message)")
        if asJSON {
            Output.standard.line(
                ErrorDocument.text(
                    code: failure.code.rawValue, message: failure.message,
                    details: failure.details))
        }
        let busy: Set<ErrorCode> = [.busy, .databaseLocked]
        let usage: Set<ErrorCode> = [.invalidArgument]
        // A script that reads 1 may believe that nothing has changed.
        let partial: Set<ErrorCode> = [.unfinished, .commitUnknown]
        if partial.contains(failure.code) { Foundation.exit(ExitStatus.partial) }
        let status =
            busy.contains(failure.code)
            ? ExitStatus.busy
            : usage.contains(failure.code) ? ExitStatus.usage : ExitStatus.refused
        Foundation.exit(status)
    }
}

/// The JSON of a failure.
private struct ErrorDocument: Encodable {
    struct Failure: Encodable {
        var code: String
        var message: String
        var details: [String: String]
    }

    var error: Failure

    static func text(code: String, message: String, details: [String: String]) -> String {
        JSONText.line(
            ErrorDocument(error: Failure(code: code, message: message, details: details)))
    }
}
