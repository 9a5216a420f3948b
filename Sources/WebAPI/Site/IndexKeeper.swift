import Logging
import Model
import ServiceLifecycle

/// Keeps the reference index up between two changes, so that none waits for it.
///
/// What has begun is finished before the service ends: an index that is left half way has to be made
/// again.
struct IndexKeeper: ServiceLifecycle.Service {
    let site: Site
    let logger: Logger

    /// So long nothing has been changed when it begins: whoever changes one image after the other is
    /// not kept waiting.
    private static let rest = Duration.milliseconds(250)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in site.changes {
                do { try await waitForRest() } catch { return }
                do throws(MonikerError) {
                    for note in try await site.keepUpIndex() { logger.notice("\(note)") }
                } catch {
                    logger.warning(
                        "the reference index has to wait",
                        metadata: ["code": "\(error.code.rawValue)", "reason": "\(error.message)"])
                }
            }
        }
    }

    /// - Throws: where the service ends.
    private func waitForRest() async throws {
        var newest: Int
        repeat {
            newest = site.newestChange
            try await Task.sleep(for: Self.rest)
        } while site.newestChange != newest || site.writesWaiting > 0
    }
}
