import Foundation
import HTTPClient
import Model
import Synchronization
import Testing

@testable import Generation

@Suite("Generation: the web hook", .serialized) struct WebhookTests {
    /// A server in Python that answers with a list of statuses and prints what it was sent.
    private final class Receiver {
        let process = Process()
        let output = Pipe()
        let input = Pipe()
        let port: Int

        init(_ statuses: [Int]) throws {
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = [
                "python3", "-u", "-c",
                """
                import http.server, sys, threading
                statuses = [int(s) for s in sys.argv[1].split(",")]
                class Handler(http.server.BaseHTTPRequestHandler):
                    def do_POST(self):
                        body = self.rfile.read(int(self.headers["content-length"]))
                        print(self.headers.get("x-moniker-signature", "-"), body.decode(), flush=True)
                        self.send_response(statuses.pop(0) if len(statuses) > 1 else statuses[0])
                        self.send_header("location", "http://169.254.169.254/")
                        self.send_header("content-length", "0")
                        self.end_headers()
                    def log_message(self, *_): pass
                server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
                print(server.server_port, flush=True)
                threading.Thread(target=server.serve_forever, daemon=True).start()
                sys.stdin.read()
                """, statuses.map(String.init).joined(separator: ","),
            ]
            process.standardInput = input
            process.standardOutput = output
            try process.run()
            let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
            port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)))
        }

        /// What it was sent, one message a line, once it has ended.
        func received() throws -> [String] {
            try input.fileHandleForWriting.close()
            let data = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
        }
    }

    private let message = WebhookMessage(
        site: "https://example.com", failure: nil, journal: "J0000000000001",
        counts: GenerationProgress().counts,
        usage: ProviderUsage(requests: 3, inputTokens: 30, outputTokens: 3, microdollars: 1_500))

    private func code(_ hook: Webhook, _ message: WebhookMessage) async -> ErrorCode? {
        do throws(MonikerError) {
            try await hook.send(message)
            return nil
        } catch { return error.code }
    }

    @Test("The message is Slack's JSON, signed as openssl signs it")
    func signed() async throws {
        let receiver = try Receiver([200])
        let hook = Webhook(
            url: "http://127.0.0.1:\(receiver.port)/hook", secret: Array("a secret".utf8),
            client: try HTTPClient(), clock: InstantClock())
        #expect(await code(hook, message) == nil)
        let line = try #require(try receiver.received().first)
        let parts = line.split(separator: " ", maxSplits: 1)
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(parts[1].utf8)) as? [String: Any])
        #expect((object["text"] as? String)?.contains("moniker revert J0000000000001") == true)
        #expect(object["event"] as? String == "generate.done")
        #expect((object["usage"] as? [String: Any])?["usd"] as? Double == 0.0015)
        let scene = try GenerationScene()
        let signed = try scene.run(
            "sh",
            [
                "-c", "printf %s \"$1\" | openssl dgst -sha256 -hmac 'a secret' -r", "sh",
                String(parts[1]),
            ])
        #expect(parts[0] == "sha256=" + signed.prefix(64))
    }

    @Test("Busy services are asked again; refusals, redirects and metadata services are not")
    func retries() async throws {
        let busy = try Receiver([503, 429, 200])
        let clock = InstantClock()
        let client = try HTTPClient()
        let hook = Webhook(url: "http://127.0.0.1:\(busy.port)/", client: client, clock: clock)
        #expect(await code(hook, message) == nil)
        #expect(clock.sleeps == [1, 2])
        #expect(try busy.received().count == 3)

        for (status, count) in [(500, 4), (404, 1), (302, 1)] {
            let receiver = try Receiver([status])
            let hook = Webhook(
                url: "http://127.0.0.1:\(receiver.port)/", client: client, clock: InstantClock())
            #expect(await code(hook, message) == .webhookFailed)
            #expect(try receiver.received().count == count)
        }
        for url in [
            "http://169.254.169.254/latest", "file:///etc/passwd", "http://u:p@example.com/",
        ] {
            let hook = Webhook(url: url, client: client, clock: InstantClock())
            #expect(await code(hook, message) == .webhookFailed)
        }
        let inside = try Receiver([200])
        let guarded = Webhook(
            url: "http://127.0.0.1:\(inside.port)/", client: client, addresses: .publicOnly,
            clock: InstantClock())
        #expect(await code(guarded, message) == .webhookFailed)
        #expect(try inside.received().isEmpty)
    }

    @Test("Texts of strangers mention nobody on Slack")
    func escapes() throws {
        var message = message
        message.failure = .init(MonikerError(.refused, "it said <!channel> & more"))
        #expect(message.text.contains("&lt;!channel&gt; &amp; more"))
        #expect(
            try String(decoding: message.json(at: 1), as: UTF8.self).contains("generate.failed"))
    }

    @Test("HMAC-SHA256 as RFC 4231 has it")
    func vectors() {
        #expect(
            MessageAuthentication.code(
                of: Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(
            MessageAuthentication.code(
                of: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
                key: [UInt8](repeating: 0xAA, count: 131))
                == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    }
}
