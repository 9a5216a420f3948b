import HTTPTypes
import Model
import Testing

@testable import WebAPI

@Suite("Where a request comes from")
struct TrustedProxiesTests {
    private func origin(_ proxies: [String], from address: String, _ values: [String]) throws
        -> String
    {
        var fields = HTTPFields()
        for value in values { fields.append(HTTPField(name: .forwardedFor, value: value)) }
        return try TrustedProxies(proxies).origin(of: fields, from: address)
    }

    @Test(
        "The last hop counts that no trusted proxy is, and of others nothing is believed",
        arguments: [
            ("127.0.0.1", ["203.0.113.7"], "203.0.113.7"),
            ("127.0.0.1", ["6.6.6.6, 203.0.113.7"], "203.0.113.7"),
            ("127.0.0.1", ["6.6.6.6", "203.0.113.7"], "203.0.113.7"),
            ("127.0.0.1", ["203.0.113.7, 10.0.0.1"], "203.0.113.7"),
            ("127.0.0.1", ["203.0.113.7,10.0.0.1 ,127.0.0.1"], "203.0.113.7"),
            ("127.0.0.1", ["203.0.113.7:4711"], "203.0.113.7"),
            ("127.0.0.1", ["[2001:DB8::0:1]:80"], "2001:db8::1"),
            ("127.0.0.1", ["[2001:db8::1]"], "2001:db8::1"),
            ("127.0.0.1", ["2001:db8:0::1"], "2001:db8::1"),
            ("127.0.0.1", [], "127.0.0.1"),
            ("127.0.0.1", ["10.0.0.1"], "127.0.0.1"),
            ("127.0.0.1", ["unknown"], "127.0.0.1"),
            ("127.0.0.1", ["203.0.113.7, unknown"], "127.0.0.1"),
            ("127.0.0.1", ["203.0.113.7,"], "203.0.113.7"),
            ("127.0.0.1", ["203.0.113.7, , 10.0.0.1"], "127.0.0.1"),
            ("127.0.0.1", ["", " ", "["], "127.0.0.1"),
            ("127.0.0.1", ["1.2.3"], "127.0.0.1"),
            ("local", ["203.0.113.7"], "203.0.113.7"),
            ("192.0.2.1", ["203.0.113.7"], "192.0.2.1"),
            ("::1", ["203.0.113.7"], "::1"),
        ] as [(String, [String], String)])
    func hops(address: String, values: [String], expected: String) throws {
        #expect(try origin(["127.0.0.1", "10.0.0.1", "local"], from: address, values) == expected)
        #expect(try origin([], from: address, values) == address)
    }

    @Test("What is no address is refused", arguments: ["nginx", "", "10.0.0.0/8", "1.2.3.4.5"])
    func refused(address: String) {
        #expect { try TrustedProxies([address]) } throws: {
            ($0 as? MonikerError)?.code == .invalidArgument
        }
    }
}
