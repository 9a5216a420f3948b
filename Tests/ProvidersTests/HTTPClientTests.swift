import HTTPClient
import Model
import Providers
import ProviderStub
import Testing

struct HTTPClientTests {
    @Test func answersOfEveryStatusComeBack() async throws {
        let stub = try await StubServer()
        let client = try HTTPClient()
        let answer = try await client.send(HTTPRequest("GET", stub.address + "/nowhere"))
        #expect(answer.status == 404)
        #expect(answer["content-type"] == "application/json")
        #expect(String(decoding: answer.body, as: UTF8.self).contains("no such path /nowhere"))
    }

    @Test func cancellingEndsATransferAtOnce() async throws {
        let stub = try await StubServer(#"{"default": {"do": "hang"}}"#)
        var settings = settings(.openai, stub)
        settings.timeout = .seconds(600)
        let describer = try settings.describer(client: try HTTPClient())
        let task = Task {
            await failure { () async throws(MonikerError) in
                try await describer.describe(request())
            }
        }
        while try await stub.questions().isEmpty { await Task.yield() }
        let start = ContinuousClock.now
        task.cancel()
        let error = await task.value
        #expect(error?.code == .cancelled)
        // Far less than the time after which the transfer would end by itself, on a busy machine too.
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    @Test func aTaskThatIsCancelledAlreadySendsNothing() async throws {
        let stub = try await StubServer()
        let client = try HTTPClient()
        let address = stub.address
        let task = Task { () -> MonikerError? in
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return await failure { () async throws(MonikerError) in
                try await client.send(HTTPRequest("GET", address + "/v1/models"))
            }
        }
        #expect(await task.value?.code == .cancelled)
        #expect(try await stub.log().entries.isEmpty)
    }

    @Test func aHangEndsByTheTimeout() async throws {
        let stub = try await StubServer(#"{"latency": 5}"#)
        var settings = settings(.openai, stub)
        settings.timeout = .milliseconds(300)
        let describer = try settings.describer(client: try HTTPClient(), clock: InstantClock())
        let error = await failure { () async throws(MonikerError) in
            try await describer.describe(request())
        }
        #expect(error?.code == .timedOut)
        #expect(error?.details["sent"] == "true")
    }

    @Test func anAnswerThatIsTooLargeIsCutOff() async throws {
        let stub = try await StubServer()
        var message = HTTPRequest("GET", stub.address + "/nowhere")
        message.responseLimit = 10
        let client = try HTTPClient()
        let error = await failure { () async throws(MonikerError) in try await client.send(message)
        }
        #expect(error?.code == .responseTooLarge)
    }

    @Test(arguments: [
        "http://169.254.169.254/latest/meta-data/", "http://[::ffff:169.254.169.254]/",
        "http://2852039166/", "http://0xa9.0xfe.0xa9.0xfe/", "http://[fe80::1]/",
        "http://[fd00:ec2::254]/",
    ]) func metadataServicesAreNeverAsked(_ url: String) async throws {
        let client = try HTTPClient()
        let error = await failure { () async throws(MonikerError) in
            try await client.send(HTTPRequest("GET", url))
        }
        #expect(error?.code == .addressRefused)
    }

    @Test(arguments: [
        "http://127.0.0.1:1/", "http://0x7f.1/", "http://[::1]/", "http://[::ffff:10.0.0.1]/",
        "http://10.1.2.3/", "http://192.168.0.1/", "http://100.64.0.1/", "http://172.31.255.255/",
        "http://[fd12::1]/", "http://0.0.0.0/", "http://localhost/", "http://[64:ff9b::7f00:1]/",
    ]) func publicOnlyMeansPublic(_ url: String) async throws {
        let client = try HTTPClient()
        var message = HTTPRequest("GET", url)
        message.addresses = .publicOnly
        let error = await failure { () async throws(MonikerError) in try await client.send(message)
        }
        #expect(error?.code == .addressRefused)
    }

    @Test(arguments: [
        "file:///etc/passwd", "ftp://example.com/", "http://user:pass@example.com/",
        "http://example.com/a b", "example.com", "gopher://127.0.0.1:70/",
    ]) func onlyPlainHTTPURLsAreTaken(_ url: String) async throws {
        let client = try HTTPClient()
        let error = await failure { () async throws(MonikerError) in
            try await client.send(HTTPRequest("GET", url))
        }
        #expect(error?.code == .invalidArgument)
    }

    @Test func aFieldCannotAddALine() async throws {
        let stub = try await StubServer()
        let client = try HTTPClient()
        let message = HTTPRequest(
            "GET", stub.address + "/v1/models", fields: [.init("x-a", "b\r\nx-evil: 1")])
        let error = await failure { () async throws(MonikerError) in try await client.send(message)
        }
        #expect(error?.code == .invalidArgument)
    }

    @Test func manyRequestsRunAtOnceOnOneThread() async throws {
        let stub = try await StubServer()
        let describer = try settings(.gemini, stub).describer(client: try HTTPClient())
        // The first one finds out about structures alone.
        _ = try await describer.describe(request("first.jpg"))
        // Long enough for all of them to arrive, however slow the machine is.
        try await stub.load(#"{"latency": 5}"#)
        await withTaskGroup { group in
            for number in 0..<32 {
                group.addTask { () async -> Bool in
                    do throws(MonikerError) {
                        _ = try await describer.describe(request("\(number).jpg"))
                        return true
                    } catch { return false }
                }
            }
            for await isDescribed in group { #expect(isDescribed) }
        }
        #expect(try await stub.log().mostRunning == 32)
    }

    @Test func aLargeBodyArrivesWhole() async throws {
        let stub = try await StubServer()
        let describer = try settings(.anthropic, stub).describer(client: try HTTPClient())
        _ = try await describer.describe(request(padding: 8 << 20))
        let picture = try await stub.questions().first?.images?.first
        #expect(picture?.bytes == tinyJPEG(padding: 8 << 20).count)
    }
}
