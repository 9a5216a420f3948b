import ArgumentParser
import Jobs
import Model
import UseCases
import WebAPI

/// `moniker serve`.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Answer HTTP requests: the API of docs/http-api.md.",
        discussion: """
            Listens on this machine alone unless told otherwise, and asks everybody for a token. Logs \
            are lines of JSON on standard error. SIGTERM and Ctrl-C finish what has begun and end the \
            service. What a crash left is finished or rolled back at the start.

            EXAMPLES
              moniker token create --name shop --scope write
              moniker serve
              moniker serve --listen unix:/run/moniker/api.sock
              moniker serve --listen 0.0.0.0:8484 --insecure-listen
              moniker serve --listen 0.0.0.0:8443 --tls-certificate fullchain.pem --tls-key key.pem
            """)

    @Option(
        help: ArgumentHelp(
            "Where to listen: HOST:PORT, or unix:/PATH. Port 0 is any free one.",
            valueName: "address"))
    var listen = "127.0.0.1:8484"
    @Flag(
        help:
            "Let other machines in without TLS: for networks that are trusted, such as those of containers."
    )
    var insecureListen = false
    @Flag(help: "Browsers come by TLS, through a proxy: cookies are for TLS alone.")
    var behindTls = false
    @Option(
        help: ArgumentHelp(
            "Speak TLS with this certificate, and those that vouch for it, in PEM. SIGHUP reads it again.",
            valueName: "file"))
    var tlsCertificate: String?
    @Option(
        help: ArgumentHelp(
            "The certificate's private key in PEM, its owner's alone (0600).", valueName: "file"))
    var tlsKey: String?
    @Option(
        help: ArgumentHelp("Requests a second that each token may send.", valueName: "n"))
    var rateLimit = 5000.0
    @Option(
        help: ArgumentHelp(
            "After how many seconds of silence a worker takes the job of another one.",
            valueName: "seconds"))
    var lease: Int64 = JobPolicy().leaseSeconds
    @Option(
        help: ArgumentHelp("Seconds that the body of a request may take.", valueName: "seconds"))
    var bodyTimeout = 30.0
    @Option(
        help: ArgumentHelp("Seconds that a connection may be calm.", valueName: "seconds"))
    var idleTimeout = 60.0
    @Option(
        help: ArgumentHelp("What the whole site is about, for every image.", valueName: "text"))
    var context = ""
    @OptionGroup var provider: ProviderOptionGroup
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard (0.1...1_000_000).contains(rateLimit) else {
            throw ValidationError("--rate-limit takes a number of requests a second.")
        }
        guard (1...3600).contains(lease) else {
            throw ValidationError("--lease takes a number from 1 to 3600.")
        }
        guard (tlsCertificate == nil) == (tlsKey == nil) else {
            throw ValidationError("--tls-certificate and --tls-key belong together.")
        }
        guard (0.1...3600).contains(bodyTimeout), (0.1...3600).contains(idleTimeout) else {
            throw ValidationError("--body-timeout and --idle-timeout take a number of seconds.")
        }
    }

    func run() throws {
        var options = ServiceOptions(
            session: global.session,
            address: try ListenAddress(
                parsing: listen, isInsecureAllowed: insecureListen, isTLS: tlsKey != nil))
        if let tlsCertificate, let tlsKey {
            options.tls = TLSFiles(certificate: tlsCertificate, key: tlsKey)
        }
        options.provider = provider.options
        options.website = context
        options.requestsPerSecond = rateLimit
        options.bodySeconds = bodyTimeout
        options.idleSeconds = idleTimeout
        options.isBehindTLS = behindTls
        options.leaseSeconds = lease
        let showsJSON = global.json
        try WebService.run(options) { address in
            Output.standard.line(
                showsJSON ? JSONText.line(["listening": address]) : "Listening on \(address)")
        }
    }
}
