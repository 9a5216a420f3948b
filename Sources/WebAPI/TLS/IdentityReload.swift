import Logging
import Model
import ServiceLifecycle
import UnixSignals

/// Reads the certificate again on SIGHUP, as the tools that renew certificates ask for.
///
/// Without a certificate the signal is heard as well: who manages services sends it to all alike,
/// and unheard it would end the process.
struct IdentityReload: ServiceLifecycle.Service {
    let identity: ServerIdentity?
    let logger: Logger

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() {
            guard let identity else {
                logger.notice("there is no certificate to be read again")
                continue
            }
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
