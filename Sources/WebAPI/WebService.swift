import Access
import Dispatch
import Foundation
import Glibc
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Jobs
import Logging
public import Model
import NIOCore
import NIOSSL
import ServiceLifecycle
import Synchronization
import UnixSignals
import UseCases

/// The service that answers HTTP requests.
public enum WebService {
    /// Runs the service until a signal ends it; what has begun is finished then.
    ///
    /// Not for asynchronous code, whose thread it would hold.
    ///
    /// - Parameter listening: hears the address once requests are answered.
    /// - Throws: what opening the site throws; `access-unusable`, `service-unusable`,
    ///   `address-unavailable`.
    public static func run(
        _ options: ServiceOptions, listening: @escaping @Sendable (String) -> Void
    ) throws(MonikerError) {
        // A browser that goes away must not end the service.
        signal(SIGPIPE, SIG_IGN)
        let application = try application(options, listening: listening)
        let signals: [UnixSignal] =
            endsOnHangup(options) ? [.sigterm, .sigint, .sighup] : [.sigterm, .sigint]
        let outcome = Mutex<(any Error)?>(nil)
        let end = DispatchSemaphore(value: 0)
        let box = Box(outcome)
        Task.detached {
            do {
                try await application.runService(gracefulShutdownSignals: signals)
            } catch {
                box.value.withLock { $0 = error }
            }
            end.signal()
        }
        end.wait()
        guard let error = box.value.withLock({ $0 }) else { return }
        throw error as? MonikerError
            ?? MonikerError(
                .addressUnavailable,
                "the service cannot listen on \(options.address) (\(error)): choose another with --listen, or end what holds it",
                details: ["listen": "\(options.address)"], cause: error)
    }

    /// Whether SIGHUP says that the terminal is gone, and not that the certificate is to be read again.
    private static func endsOnHangup(_ options: ServiceOptions) -> Bool {
        options.tls == nil && isatty(STDIN_FILENO) == 1
    }

    private final class Box: Sendable {
        let value: Mutex<(any Error)?>
        init(_ value: consuming Mutex<(any Error)?>) { self.value = value }
    }

    private static func application(
        _ options: ServiceOptions, listening: @escaping @Sendable (String) -> Void
    ) throws(MonikerError) -> Application<Responder> {
        let identity: ServerIdentity?
        if let files = options.tls { identity = try ServerIdentity(files) } else { identity = nil }
        let home = try options.session.preparedHome()
        // A site that cannot be opened is told at once, and not to the first who asks.
        _ = try Session(options.session)
        let access = try AccessStore(home: home)
        let environment = ProcessInfo.processInfo.environment
        let redaction = Redaction(
            secrets: ServiceOptions.secretVariables.compactMap { environment[$0] })
        let logger = Logger(label: "moniker") { _ in JSONLog(redaction) }
        let service = try Service(options, access: access, store: try ServiceStore(home: home))
        let address = options.address
        var services: [any ServiceLifecycle.Service] = [
            Upkeep(site: service.site, logger: logger),
            IndexKeeper(site: service.site, logger: logger),
            JobWorker(store: service.jobs, options: options.session, logger: logger),
        ]
        if !endsOnHangup(options) {
            services.append(IdentityReload(identity: identity, logger: logger))
        }
        return Application(
            responder: service.responder,
            server: try server(identity, idleSeconds: options.idleSeconds),
            configuration: .init(
                address: address.bindAddress,
                availableConnectionsDelegate: MaximumAvailableConnections(1000, logger: logger)),
            services: services,
            onServerRunning: { channel in
                switch address.kind {
                case .network(let host, let port):
                    let bound = channel.localAddress?.port ?? port
                    let name = host.contains(":") ? "[\(host)]" : host
                    listening("\(identity == nil ? "http" : "https")://\(name):\(bound)")
                case .socket(let path): listening("unix:\(path)")
                }
            },
            logger: logger)
    }

    private static func server(
        _ identity: ServerIdentity?, idleSeconds: Double
    ) throws(MonikerError) -> HTTPServerBuilder {
        let plain = HTTPServerBuilder.http1(
            configuration: .init(
                idleTimeout: .milliseconds(Int64(idleSeconds * 1000)),
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10,
                    maxHeaderFieldCount: 100)))
        guard let identity else { return plain }
        do {
            return try .tls(plain, tlsConfiguration: identity.configuration)
        } catch {
            throw MonikerError(
                .certificateUnusable, "the certificate cannot be used (\(error)): make another one",
                cause: error)
        }
    }
}

/// The parts of the service, put together.
struct Service: Sendable {
    let site: Site
    let jobs: JobStore
    let responder: Responder

    init(
        _ options: ServiceOptions, access: AccessStore, store: ServiceStore
    ) throws(MonikerError) {
        site = Site(options.session)
        let metrics = Metrics()
        let storeWorker = Worker("store")
        var policy = JobPolicy()
        policy.leaseSeconds = options.leaseSeconds
        jobs = try options.session.jobStore(policy: policy)
        let jobsWorker = Worker("job-store")
        let streams = EventStreams(jobs: jobs, worker: jobsWorker)
        let changes = Changes(site: site, store: store)
        let settings = try SettingsDesk(options, store: store, jobs: jobs)
        let audit = Audit(store: store, worker: storeWorker)
        let accessWorker = Worker("access")
        let endpoints =
            ServiceRoutes(site: site, metrics: metrics, streams: streams).endpoints
            + AttachmentRoutes(site: site, changes: changes, settings: settings).endpoints
            + JournalRoutes(
                site: site, changes: changes, store: store, storeWorker: storeWorker, jobs: jobs
            ).endpoints
            + JobRoutes(
                jobs: jobs, worker: jobsWorker, streams: streams, settings: settings, store: store
            ).endpoints
            + ReviewRoutes(site: site, changes: changes, audit: audit).endpoints
            + AnalysisRoutes(jobs: jobs, worker: jobsWorker).endpoints
            + SettingsRoutes(
                site: site, settings: settings, audit: audit, tester: Worker("provider-test")
            ).endpoints
            + TokenRoutes(access: access, worker: accessWorker, audit: audit).endpoints
        let pages = PageEnvironment(
            site: site, access: access, store: store, storeWorker: storeWorker, jobs: jobs,
            jobsWorker: jobsWorker, options: options, settings: settings)
        responder = Responder(
            table: EndpointTable(endpoints + PageList.endpoints(pages)),
            authenticator: Authenticator(
                store: access, worker: accessWorker, isSecure: options.isSecure),
            limiter: RateLimiter(
                rate: options.requestsPerSecond, burst: 2 * options.requestsPerSecond),
            bodyTimeout: .seconds(options.bodySeconds), store: store, storeWorker: storeWorker,
            metrics: metrics, proxies: options.proxies, isTLS: options.tls != nil,
            pages: pages.frame)
    }
}

/// What has to be done from time to time: finish what a crash left, retire old names whose time is up.
private struct Upkeep: ServiceLifecycle.Service {
    let site: Site
    let logger: Logger

    private static let interval = Duration.seconds(600)

    func run() async throws {
        site.warmUp()
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do throws(MonikerError) {
                    let notes = try await site.write(for: "") { session throws(MonikerError) in
                        try session.prepareToWrite()
                        return session.notes
                    }
                    for note in notes { logger.notice("\(note)") }
                } catch {
                    logger.warning(
                        "upkeep has to wait",
                        metadata: ["code": "\(error.code.rawValue)", "reason": "\(error.message)"])
                }
                // Cancelled by the end of the service, which ends the loop as well.
                do { try await Task.sleep(for: Self.interval) } catch { return }
            }
        }
    }
}
