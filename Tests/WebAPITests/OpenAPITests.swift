import Access
import Foundation
import HTTPTypes
import Testing
import UseCases

@testable import WebAPI

@Suite("The OpenAPI document") struct OpenAPITests {
    /// Every endpoint of the service; none of them is asked here, so there need be no site.
    private func endpoints() throws -> [Endpoint] {
        let home = FileManager.default.temporaryDirectory
            .appendingPathComponent("moniker-openapi-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        defer {
            do { try FileManager.default.removeItem(at: home) } catch { Issue.record(error) }
        }
        let options = ServiceOptions(
            session: SessionOptions(site: "/nowhere", home: home.path),
            address: try ListenAddress(parsing: "127.0.0.1:0", isInsecureAllowed: false))
        return try Service(
            options, access: try AccessStore(home: home.path),
            store: try ServiceStore(home: home.path)
        ).responder.table.endpoints
    }

    private func document() throws -> [String: Any] {
        try #require(
            try JSONSerialization.jsonObject(with: Data(OpenAPIDocument.bytes)) as? [String: Any])
    }

    @Test("Every endpoint is described with its scope, and nothing else is")
    func complete() throws {
        let paths = try #require(try document()["paths"] as? [String: [String: [String: Any]]])
        var described: Set<String> = []
        for (path, operations) in paths {
            for (method, operation) in operations {
                let scope = operation["x-scope"] as? String ?? "open"
                described.insert("\(method.uppercased()) \(path) \(scope)")
            }
        }
        var registered: Set<String> = []
        for endpoint in try endpoints() where !endpoint.isPage {
            let scope =
                switch endpoint.access {
                case .open: "open"
                case .scope(let scope): scope.rawValue
                case .page, .openPage: "page"
                }
            registered.insert("\(endpoint.method.rawValue) \(endpoint.path) \(scope)")
        }
        #expect(registered.count > 15)
        #expect(described == registered)
    }

    @Test("Everything that writes takes an Idempotency-Key and needs more than the scope read")
    func writes() throws {
        let paths = try #require(try document()["paths"] as? [String: [String: [String: Any]]])
        let posts = paths.values.flatMap { operations in
            ["post", "put", "delete"].compactMap { operations[$0] }
        }
        #expect(posts.count >= 19)
        for operation in posts {
            let parameters = try #require(operation["parameters"] as? [[String: Any]])
            let id = try #require(operation["operationId"] as? String)
            #expect(
                parameters.contains { $0["$ref"] as? String == "#/components/parameters/key" },
                "\(id)")
            #expect(["write", "admin"].contains(operation["x-scope"] as? String), "\(id)")
        }
    }
}
