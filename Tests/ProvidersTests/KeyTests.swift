import Foundation
import HTTPClient
import Model
import ProviderStub
import Testing

@testable import Providers

struct KeyTests {
    @Test func aKeyNeverPrintsItself() throws {
        let key = try #require(APIKey(testKey))
        let settings = ProviderSettings(.openai, key: key)
        let describer = try settings.describer(client: try HTTPClient())
        var dumped = ""
        dump(settings, to: &dumped)
        dump(describer, to: &dumped)
        let message = describer.endpoint.request("GET", "/models")
        dump(message, to: &dumped)
        dumped += "\(message)"
        for text in ["\(key)", String(reflecting: key), "\(settings)", "\(describer)", dumped] {
            #expect(!text.contains("canary"))
        }
    }

    @Test(arguments: ProviderChoice.allCases, ["key", "error"])
    func noErrorHoldsTheKey(_ provider: ProviderChoice, _ kind: String) async throws {
        let stub = try await StubServer(
            #"{"default": {"do": "\#(kind)", "status": 422, "message": "bad \#(testKey) and sk-proj-ab****wxyz9"}}"#
        )
        let describer = try settings(provider, stub).describer(client: try HTTPClient())
        let error = try #require(
            await failure { () async throws(MonikerError) in try await describer.describe(request())
            })
        var dumped = ""
        dump(error, to: &dumped)
        #expect(!dumped.contains("canary"))
        #expect(!dumped.contains("wxyz9"))
        #expect(error.message.contains("•••"))
    }

    @Test func aKeyOfUnknownFormIsTakenOutToo() throws {
        let key = try #require(APIKey("plain.canary+0123"))
        #expect(Redaction.redact("wrong key plain.canary+0123!", key) == "wrong key •••!")
    }

    @Test func wordsThatOnlyBeginLikeKeysStay() {
        let text = "The task-force of disk-drives asked for key=1 (sk-ant)"
        #expect(Redaction.redact(text, nil) == text)
    }

    @Test(arguments: [0o600, 0o400, 0o640, 0o604, 0o644, 0o660])
    func onlyFilesOfTheOwnerAloneAreRead(_ mode: Int) throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("key")
            try Data("\(testKey)\n".utf8).write(to: file)
            try FileManager.default.setAttributes(
                [.posixPermissions: mode], ofItemAtPath: file.path)
            if mode & 0o077 == 0 {
                #expect(try APIKey.from(file: file.path).secret == testKey)
            } else {
                #expect { _ = try APIKey.from(file: file.path) } throws: {
                    let error = $0 as? MonikerError
                    return error?.code == .keyFileUnsafe
                        && error?.message.contains(String(mode, radix: 8)) == true
                }
            }
        }
    }

    @Test func linksAndFoldersAreNoKeyFiles() throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("key")
            try Data(testKey.utf8).write(to: file)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: file.path)
            let link = folder.appendingPathComponent("link")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: file)
            for path in [link.path, folder.path] {
                #expect { _ = try APIKey.from(file: path) } throws: {
                    ($0 as? MonikerError)?.code == .keyFileUnsafe
                }
            }
            #expect { _ = try APIKey.from(file: folder.path + "/none") } throws: {
                ($0 as? MonikerError)?.code == .keyMissing
            }
        }
    }

    @Test func keysComeFromTheProvidersOwnVariable() throws {
        let environment = ["OPENAI_API_KEY": " \(testKey)\n", "GEMINI_API_KEY": ""]
        #expect(try APIKey.from(environment: environment, for: .openai)?.secret == testKey)
        #expect(try APIKey.from(environment: environment, for: .gemini) == nil)
        #expect(try APIKey.from(environment: environment, for: .anthropic) == nil)
        #expect(throws: MonikerError.self) {
            try APIKey.from(environment: ["OPENAI_API_KEY": "a\r\nx: b"], for: .openai)
        }
    }

    // MARK: Where keys go

    @Test(arguments: [
        ("http://192.168.0.5:8000/v1", ErrorCode.invalidArgument),
        ("http://127.0.0.1.example.com/v1", .invalidArgument),
        ("ftp://example.com", .invalidArgument), ("http://u:p@127.0.0.1/v1", .invalidArgument),
        ("https://example.com/v1?x=1", .invalidArgument), ("https://", .invalidArgument),
    ]) func keysDoNotGoThere(_ url: String, _ code: ErrorCode) throws {
        let client = try HTTPClient()
        let settings = ProviderSettings(.openai, baseURL: url, key: APIKey(testKey))
        #expect { _ = try settings.describer(client: client) } throws: {
            ($0 as? MonikerError)?.code == code
        }
    }

    @Test func ownServersNeedAKeyAndOthersMayNot() throws {
        let client = try HTTPClient()
        for provider in ProviderChoice.allCases {
            #expect { _ = try ProviderSettings(provider).describer(client: client) } throws: {
                ($0 as? MonikerError)?.code == .keyMissing
            }
        }
        for url in [
            "http://192.168.0.5:8000/v1", "http://localhost:11434", "http://[::1]:8080/v1/",
        ] {
            let describer = try ProviderSettings(.openai, baseURL: url).describer(client: client)
            #expect(describer.endpoint.base.hasSuffix("/v1"))
        }
        let own = ProviderSettings(
            .openai, baseURL: "https://api.openai.com", key: APIKey(testKey))
        #expect(try own.describer(client: client).endpoint.isOwnServer)
    }

    @Test(arguments: ["a b", "../x", "", "m\n"]) func strangeModelsAreRefused(_ model: String)
        throws
    {
        let client = try HTTPClient()
        let settings = ProviderSettings(.gemini, model: model, key: APIKey(testKey))
        #expect(throws: MonikerError.self) { _ = try settings.describer(client: client) }
    }
}
