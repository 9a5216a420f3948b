import Hummingbird
import NIOCore

/// What the framework knows of a request.
struct ServiceContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The address of whoever sent it, without the port; `local` for a socket in the file system.
    let remoteAddress: String

    /// The address of whoever uses a socket in the file system.
    static let local = "local"

    init(source: Source) {
        coreContext = .init(source: source)
        remoteAddress = source.channel.remoteAddress?.ipAddress ?? Self.local
    }
}
