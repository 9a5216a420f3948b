import Dashboard
import Foundation
import Testing

@Suite("Pages of the dashboard") struct RenderingTests {
    private func text<Content: PageContent>(_ content: Content) throws -> String {
        String(
            decoding: try Dashboard.render(
                content, in: PageFrame(site: "https://shop.example.com", formToken: "t")),
            as: UTF8.self)
    }

    @Test("The page to log in has a form, and a sentence where no password was set")
    func login() throws {
        #expect(try text(LoginView(next: "/", hasPassword: true)).contains("name=\"password\""))
        let none = try text(LoginView(next: "/", hasPassword: false))
        #expect(!none.contains("name=\"password\""))
        #expect(none.contains("no password has been set"))
    }

    @Test("Every control has a label, ids are there once, and the page is told where one is")
    func accessibleNames() throws {
        var view = ImagesView()
        view.rows = (1...3).map {
            ImagesView.Row(
                id: $0, file: "2024/05/a-\($0).jpg", mime: "image/jpeg", title: "", alt: "",
                missing: ["alt"], isDecorative: false, hasCameraName: false, use: nil, bytes: 9,
                width: 1, height: 1)
        }
        view.dialogs = ["missing-alt", "metadata-and-filename"].map {
            JobDialog(kind: $0, provider: "offline", isForSelection: true)
        }
        let page = try ParsedPage.rendering(view)
        let ids = page.tags.compactMap { $0.attributes["id"] }
        #expect(Set(ids).count == ids.count)
        #expect(ids.count > 20)
        let labelled = Set(page.tags.filter { $0.tag == "label" }.map { $0.attributes["for"] })
        for tag in page.tags where ["input", "select", "textarea"].contains(tag.tag) {
            guard tag.attributes["type"] != "hidden" else { continue }
            #expect(
                tag.attributes["aria-label"] != nil || labelled.contains(tag.attributes["id"]),
                "\(tag)")
        }
        for tag in page.tags where tag.tag == "img" {
            #expect(tag.attributes["alt"] != nil, "\(tag)")
        }
        for tag in page.tags {
            for name in ["aria-labelledby", "aria-describedby", "data-opens"] {
                guard let target = tag.attributes[name] else { continue }
                #expect(ids.contains(target), "\(name) of \(tag) leads nowhere")
            }
        }
        let current = page.tags.filter { $0.attributes["aria-current"] == "page" }
        #expect(current.map { $0.attributes["href"] } == ["/images"])
        #expect(page.tags.contains { $0.attributes["class"] == "skip-link" })
        #expect(page.tags.first { $0.tag == "html" }?.attributes["lang"] == "en")
    }

    @Test("A picture that cannot be shown small has no address")
    func placeholder() throws {
        func page(mime: String, bytes: Int64?) throws -> ParsedPage {
            var view = ImagesView()
            view.rows = [
                ImagesView.Row(
                    id: 5, file: "a", mime: mime, title: "", alt: "", missing: [],
                    isDecorative: false, hasCameraName: false, use: nil, bytes: bytes, width: nil,
                    height: nil)
            ]
            return try ParsedPage.rendering(view)
        }
        func hasThumbnail(_ page: ParsedPage) -> Bool {
            page.tags.contains { $0.attributes["src"] == "/thumbnails/5" }
        }
        #expect(hasThumbnail(try page(mime: "image/jpeg", bytes: 4)))
        #expect(!hasThumbnail(try page(mime: "image/svg+xml", bytes: 4)))
        #expect(!hasThumbnail(try page(mime: "image/jpeg", bytes: nil)))
        let svg = try page(mime: "image/svg+xml", bytes: 4)
        #expect(!svg.tags.contains { $0.attributes["class"] == "thumbnail" && $0.tag == "img" })
    }

    @Test("All scripts and styles that pages name are there, also by the modules' own imports")
    func assets() throws {
        var waiting = try ["/images", "/"].flatMap { address -> [String] in
            let page =
                address == "/"
                ? try ParsedPage.rendering(OverviewView()) : try ParsedPage.rendering(ImagesView())
            return page.tags.compactMap { $0.attributes["src"] ?? $0.attributes["href"] }
                .filter { $0.hasPrefix("/assets/") }
        }
        waiting += try ParsedPage.rendering(
            ImageView(
                ImagesView.Row(
                    id: 1, file: "a.jpg", mime: "", title: "", alt: "", missing: [],
                    isDecorative: false, hasCameraName: false, use: nil, bytes: nil, width: nil,
                    height: nil))
        ).tags.compactMap { $0.attributes["src"] }.filter { $0.hasPrefix("/assets/") }
        var seen: Set<String> = []
        while let address = waiting.popLast() {
            guard seen.insert(address).inserted else { continue }
            let parts = address.split(separator: "/").map(String.init)
            let asset = try #require(
                DashboardAsset.named(parts[2], version: parts[1]), "\(address)")
            #expect(DashboardAsset.named(parts[2], version: "0000000000000000") == nil)
            let source = String(decoding: asset.bytes, as: UTF8.self)
            #expect(!source.contains("innerHTML") && !source.contains("eval("), "\(address)")
            for line in source.split(separator: "\n") where line.hasPrefix("import ") {
                let name = try #require(line.split(separator: "\"").dropFirst().first)
                #expect(name.hasPrefix("./"))
                waiting.append("/assets/\(parts[1])/\(name.dropFirst(2))")
            }
        }
        #expect(seen.count >= 10)
    }
}

@Suite("Numbers, sizes and times in words") struct WordingTests {
    @Test(
        "Times are those that date(1) tells",
        arguments: [0, 951_782_400, 1_078_012_799, 1_709_164_800, 4_102_444_799, -86_401])
    func times(_ seconds: Int64) throws {
        var view = ImagesView()
        view.taken = PageTime(seconds)
        let page = try ParsedPage.rendering(view)
        let shown = try #require(page.tags.first { $0.tag == "time" }?.attributes["datetime"])
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["date", "-u", "-d", "@\(seconds)", "+%Y-%m-%dT%H:%M:%SZ"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let told = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(shown + "\n" == told)
    }

    @Test("Numbers, sizes, shares and amounts")
    func words() {
        #expect(Wording.count(0) == "0")
        #expect(Wording.count(999) == "999")
        #expect(Wording.count(1_234_567) == "1,234,567")
        #expect(Wording.count(1, "image", "images") == "1 image")
        #expect(Wording.bytes(999) == "999 bytes")
        #expect(Wording.bytes(1500) == "1.5 kB")
        #expect(Wording.bytes(999_999) == "1.0 MB")
        #expect(Wording.bytes(343_680) == "344 kB")
        #expect(Wording.percent(1, of: 100_000) == 1, "something is never nothing")
        #expect(Wording.percent(99_999, of: 100_000) == 99, "and never all")
        #expect(Wording.percent(0, of: 0) == 0)
        #expect(Wording.dollars(12_345_678) == "$12.35")
        #expect(Wording.dollars(1_000_000_000) == "$1,000.00")
        #expect(Wording.dollars(400) == "less than 1 cent")
        #expect(Wording.duration(seconds: 200) == "3 minutes")
    }
}
