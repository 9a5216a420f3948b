import Dashboard
import Foundation
import Testing

/// A page as Python's html.parser sees it.
struct ParsedPage: Decodable {
    struct Tag: Decodable {
        var tag: String
        var attributes: [String: String]
    }

    var tags: [Tag]
    var text: String
    var comments: Int

    /// Renders a page for a person who is logged in, and has it parsed.
    static func rendering<Content: PageContent>(
        _ content: Content, site: String = "https://shop.example.com"
    ) throws -> ParsedPage {
        try parse(
            try Dashboard.render(content, in: PageFrame(site: site, formToken: "token-of-a-form")))
    }

    /// Has a page parsed.
    static func parse(_ page: [UInt8]) throws -> ParsedPage {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Oracle/parse.py").path
        let folder = FileManager.default.temporaryDirectory
        let input = folder.appendingPathComponent("page-\(UUID().uuidString).html")
        try Data(page).write(to: input)
        defer {
            do { try FileManager.default.removeItem(at: input) } catch { Issue.record(error) }
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", script]
        process.standardInput = try FileHandle(forReadingFrom: input)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return try JSONDecoder().decode(ParsedPage.self, from: bytes)
    }

    /// All values of attributes.
    var values: [String] { tags.flatMap(\.attributes.values) }

    /// Expects nothing that a browser would run, or load from elsewhere.
    func expectHarmless(sourceLocation: SourceLocation = #_sourceLocation) {
        for tag in tags {
            switch tag.tag {
            case "script":
                #expect(
                    tag.attributes["src"]?.hasPrefix("/assets/") == true
                        && tag.attributes["type"] == "module", sourceLocation: sourceLocation)
            case "style", "iframe", "object", "embed", "base", "b", "marquee":
                Issue.record("there is a \(tag.tag)", sourceLocation: sourceLocation)
            default: break
            }
            for (name, value) in tag.attributes {
                #expect(
                    !name.hasPrefix("on") && name != "style" && name != "srcdoc",
                    "\(tag.tag) has \(name)=\(value)", sourceLocation: sourceLocation)
                if ["href", "src", "action", "formaction", "data-source"].contains(name) {
                    #expect(
                        value.hasPrefix("/") && !value.hasPrefix("//") || value.hasPrefix("#"),
                        "\(tag.tag) leads to \(value)", sourceLocation: sourceLocation)
                }
            }
        }
        #expect(comments == 0, sourceLocation: sourceLocation)
    }
}
