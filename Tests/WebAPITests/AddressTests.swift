import Model
import Testing

@testable import WebAPI

@Suite("Where the service listens") struct AddressTests {
    @Test(
        "This machine alone may be listened to without saying more",
        arguments: [
            "127.0.0.1:8484", "127.9.9.9:1", "[::1]:8484", "localhost:0", "unix:/run/moniker.sock",
        ])
    func own(_ text: String) throws {
        let address = try ListenAddress(parsing: text, isInsecureAllowed: false)
        #expect(address.description == text)
    }

    @Test(
        "Other machines are let in only where that is said",
        arguments: [
            "0.0.0.0:8484", "[::]:8484", "192.168.1.4:80", "example.com:80", "128.0.0.1:1",
            "[::ffff:127.0.0.1]:1", "127.0.0.1.example.com:80", "0x7f.1:80",
        ])
    func others(_ text: String) throws {
        let error = #expect(throws: MonikerError.self) {
            try ListenAddress(parsing: text, isInsecureAllowed: false)
        }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains("--insecure-listen") == true)
        _ = try ListenAddress(parsing: text, isInsecureAllowed: true)
    }

    @Test(
        "What is no address is refused",
        arguments: ["", "8484", ":8484", "127.0.0.1", "127.0.0.1:65536", "127.0.0.1:x", "unix:x"])
    func malformed(_ text: String) {
        #expect(throws: MonikerError.self) {
            try ListenAddress(parsing: text, isInsecureAllowed: true)
        }
    }
}
