import Foundation
import Testing

extension EndToEnd {
    @Suite("serve, and servers that settings name") struct ServiceSettingsTests {
        private func settings(_ provider: String, _ server: String) throws -> String {
            let fields = ["provider": provider, "base_url": server, "mode": "balanced"]
            return String(
                decoding: try JSONSerialization.data(withJSONObject: fields), as: UTF8.self)
        }

        @Test("Only an admin may name a server, and none within the network of the service")
        func confined() throws {
            try TestSite.with(.sqlite) { site in
                let admin = try RunningService.token(site, "admin").token
                let service = try RunningService(
                    site, environment: ["OPENAI_API_KEY": "sk-test-0123456789abcdef"])
                for scope in ["read", "write"] {
                    let token = try RunningService.token(site, scope).token
                    let answer = try service.ask(
                        "PUT", "/v1/settings", token: token,
                        body: try settings("openai", "https://example.com/v1"))
                    #expect(answer.status == 403, "\(scope)")
                }
                for server in [
                    "http://169.254.169.254/v1", "https://169.254.169.254/v1",
                    "https://10.0.0.1/v1", "http://10.0.0.1/v1", "https://192.168.1.1/v1",
                    "https://172.16.0.1/v1", "https://100.64.0.1/v1", "https://0.0.0.0/v1",
                    "https://[fe80::1]/v1", "https://[fd00::1]/v1", "https://[::ffff:10.0.0.1]/v1",
                    "https://[64:ff9b::a00:1]/v1", "http://example.com/v1", "file:///etc/passwd",
                    "gopher://127.0.0.1:6379/_x", "https://user:secret@example.com/v1",
                    "javascript:alert(1)", "//10.0.0.1/v1", "https://167772161/v1",
                    "https://0x0a000001/v1", "https://10.1/v1",
                ] {
                    let saved = try service.ask(
                        "PUT", "/v1/settings", token: admin, body: try settings("openai", server))
                    guard saved.status != 422 else { continue }
                    #expect(saved.status == 200, "\(server): \(saved.body)")
                    let tested = try service.ask(
                        "POST", "/v1/settings/provider/test", token: admin, body: "{}")
                    #expect(
                        tested.body.contains("address-refused"),
                        "\(server): \(tested.status) \(tested.body)")
                }
            }
        }

        @Test("A server that settings name gets no key")
        func noKey() throws {
            try TestSite.with(.sqlite) { site in
                let stub = try ProviderStub()
                defer { do { try stub.end() } catch { Issue.record(error) } }
                let admin = try RunningService.token(site, "admin").token
                let service = try RunningService(
                    site, environment: ["ANTHROPIC_API_KEY": "sk-ant-0123456789abcdefghij"])
                let saved = try service.ask(
                    "PUT", "/v1/settings", token: admin,
                    body: try settings("anthropic", stub.address))
                #expect(saved.status == 200, "\(saved.body)")
                _ = try service.ask(
                    "POST", "/v1/settings/provider/test", token: admin, body: "{}")
                _ = try service.ask(
                    "POST", "/v1/attachments/\(try site.id("photo"))/metadata", token: admin,
                    body: #"{"fields":["alt"],"overwrite":true}"#)
                #expect(try stub.requests() > 0)
                let log = try runHelper("curl", ["-sS", "\(stub.address)/stub/log"])
                let names = try #require(
                    (try JSONSerialization.jsonObject(with: Data(log.utf8)) as? [String: Any])?[
                        "entries"] as? [[String: Any]]
                ).flatMap { ($0["headers"] as? [String: Any] ?? [:]).keys }
                #expect(names.contains("host"))
                for header in ["x-api-key", "authorization", "x-goog-api-key", "cookie"] {
                    #expect(!names.contains(header), "\(header)")
                }
            }
        }
    }
}
