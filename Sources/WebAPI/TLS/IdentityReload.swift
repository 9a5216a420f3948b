import Logging
import Model
import ServiceLifecycle
import UnixSignals

/// Reads the certificate again on SIGHUP, as the tools that renew certificates ask for.
struct IdentityReload: ServiceLifecycle.Service {
    let identity: ServerIdentity
    let logger: Logger

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() {
            do throws(MonikerError) {
                try identity.reload()
                logger.notice("the certificate was read again")
            } catch {
                logger.error(
                    "the certificate stays as it was",
                    metadata: ["code": "\(error.code.rawValue)", "reason": "\(error.message)"])
            }
        }
    }
}
