import Model
import UseCases

extension ChangeReport {
    /// The failure of a report of nothing done, as any failure is told.
    func requireDone() throws(MonikerError) {
        guard state == .refused, let error else { return }
        throw MonikerError(
            ErrorCode(error.code.isEmpty ? ErrorCode.invalidArgument.rawValue : error.code),
            error.message, details: error.details)
    }
}
