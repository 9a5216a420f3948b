import Model
import Rewriting
import Testing

/// Where a site keeps its uploads, and what kind of value is rewritten.
@Suite struct LocationAndRoleTests {
    private static let pairs = [("2024/05/IMG_1.jpg", "2024/05/red-bike.jpg")]

    private static func rewriter(
        hosts: [String] = ["example.com"], urlPaths: [String], directories: [String] = [],
        assumesUsualServerFolders: Bool = false
    ) throws -> Rewriter {
        try Sample.rewriter(
            pairs,
            location: UploadsLocation(
                hosts: hosts, urlPaths: urlPaths, directories: directories.map { Array($0.utf8) },
                assumesUsualServerFolders: assumesUsualServerFolders))
    }

    private static func renamed(_ value: String) -> String {
        value.split(separator: "IMG_1", omittingEmptySubsequences: false).joined(
            separator: "red-bike")
    }

    @Test(
        "U04 a network's second site",
        arguments: [
            ("/wp-content/uploads/sites/2/2024/05/IMG_1.jpg", true),
            ("https://example.com/wp-content/uploads/sites/2/2024/05/IMG_1.jpg", true),
            ("/wp-content/uploads/sites/3/2024/05/IMG_1.jpg", false),
            ("/wp-content/uploads/sites/22/2024/05/IMG_1.jpg", false),
            ("/wp-content/uploads/2024/05/IMG_1.jpg", false),
        ])
    func network(value: String, isOwn: Bool) throws {
        let rewriter = try Self.rewriter(urlPaths: ["/wp-content/uploads/sites/2"])
        #expect(rewriter.result(value) == (isOwn ? Self.renamed(value) : value))
    }

    @Test(
        "U04 a subfolder install",
        arguments: [
            ("/blog/wp-content/uploads/2024/05/IMG_1.jpg", true),
            ("https://example.com/blog/wp-content/uploads/2024/05/IMG_1.jpg", true),
            ("/wp-content/uploads/2024/05/IMG_1.jpg", false),
            ("https://example.com/wp-content/uploads/2024/05/IMG_1.jpg", false),
            ("/shop/wp-content/uploads/2024/05/IMG_1.jpg", false),
        ])
    func subfolder(value: String, isOwn: Bool) throws {
        let rewriter = try Self.rewriter(urlPaths: ["/blog/wp-content/uploads"])
        #expect(rewriter.result(value) == (isOwn ? Self.renamed(value) : value))
    }

    @Test(
        "U07 the UPLOADS constant",
        arguments: [
            ("/media/2024/05/IMG_1.jpg", true),
            ("https://example.com/media/2024/05/IMG_1.jpg", true),
            (#"{"u":"https:\/\/example.com\/media\/2024\/05\/IMG_1.jpg"}"#, true),
            ("/social/media/2024/05/IMG_1.jpg", false), ("/media2/2024/05/IMG_1.jpg", false),
        ])
    func constant(value: String, isOwn: Bool) throws {
        let rewriter = try Self.rewriter(urlPaths: ["/media"])
        #expect(rewriter.result(value) == (isOwn ? Self.renamed(value) : value))
    }

    @Test(
        "U07 uploads with a host of their own",
        arguments: [
            ("https://cdn.example.net/2024/05/IMG_1.jpg", true),
            ("//cdn.example.net/2024/05/IMG_1.jpg", true),
            (#"https:\/\/cdn.example.net\/2024\/05\/IMG_1.jpg"#, true),
            ("https%3A%2F%2Fcdn.example.net%2F2024%2F05%2FIMG_1.jpg", true),
            ("https://example.org/2024/05/IMG_1.jpg", false),
            ("https://cdn.example.net/old/2024/05/IMG_1.jpg", false),
        ])
    func ownHost(value: String, isOwn: Bool) throws {
        let rewriter = try Self.rewriter(hosts: ["cdn.example.net"], urlPaths: [""])
        #expect(rewriter.result(value) == (isOwn ? Self.renamed(value) : value))
    }

    @Test(
        "U07 hosts and ports",
        arguments: [
            ("http://127.0.0.1:8080/wp-content/uploads/2024/05/IMG_1.jpg", true),
            ("https://cdn.example.net/wp-content/uploads/2024/05/IMG_1.jpg", true),
            ("https://user@cdn.example.net/wp-content/uploads/2024/05/IMG_1.jpg", true),
            ("https://cdn.example.net:443/wp-content/uploads/2024/05/IMG_1.jpg", true),
            ("http://127.0.0.1:9090/wp-content/uploads/2024/05/IMG_1.jpg", false),
            ("https://cdn.example.net:8443/wp-content/uploads/2024/05/IMG_1.jpg", false),
        ])
    func ports(value: String, isOwn: Bool) throws {
        let rewriter = try Self.rewriter(
            hosts: ["127.0.0.1:8080", "cdn.example.net"], urlPaths: ["/wp-content/uploads"])
        #expect(rewriter.result(value) == (isOwn ? Self.renamed(value) : value))
    }

    @Test(
        "U07 usual server folders",
        arguments: [
            ("/var/www/html/wp-content/uploads/2024/05/IMG_1.jpg", true),
            ("/srv/a/wp-content/uploads/2024/05/IMG_1.jpg", true),
            (#"C:\sites\wp-content\uploads\2024\05\IMG_1.jpg"#, true),
            ("/shop/wp-content/uploads/2024/05/IMG_1.jpg", false),
        ])
    func serverFolders(value: String, isOwn: Bool) throws {
        let assuming = try Self.rewriter(
            urlPaths: ["/wp-content/uploads"], assumesUsualServerFolders: true)
        #expect(assuming.result(value) == (isOwn ? Self.renamed(value) : value))
        let knowing = try Self.rewriter(urlPaths: ["/wp-content/uploads"])
        #expect(knowing.result(value) == value)
    }

    // MARK: Roles

    @Test("U12 prose: only paths with the uploads folder")
    func prose() throws {
        let rewriter = try Self.rewriter(urlPaths: ["/wp-content/uploads"])
        let value = "2024/05/IMG_1.jpg"
        #expect(rewriter.result(value, role: .prose) == value)
        #expect(rewriter.result(value, role: .ordinary) == Self.renamed(value))
        let url = "see /wp-content/uploads/2024/05/IMG_1.jpg"
        #expect(rewriter.result(url, role: .prose) == Self.renamed(url))
    }

    @Test("U03 U12 an attachment's metadata, without what people wrote in image_meta")
    func metadata() throws {
        let rewriter = try Self.rewriter(urlPaths: ["/wp-content/uploads"])
        let caption = "a:2:{\(s("caption"))\(s("IMG_1.jpg"))\(s("title"))\(s("IMG_1.jpg"))}"
        func value(_ name: String) -> String {
            "a:3:{\(s("file"))\(s("2024/05/\(name).jpg"))\(s("image_meta"))\(caption)\(s("original_image"))\(s("\(name).jpg"))}"
        }
        let role = ValueRole.attachmentMetadata(directory: try MediaPath("2024/05"))
        #expect(rewriter.result(value("IMG_1"), role: role) == value("red-bike"))
        // The same names in another folder are other files.
        let other = ValueRole.attachmentMetadata(directory: try MediaPath("2024/06"))
        #expect(rewriter.result(s("IMG_1.jpg"), role: other) == s("IMG_1.jpg"))
    }

    @Test(
        "J10 F21 U14 generated files resolve ../",
        arguments: [
            ("a{b:url(../../2024/05/IMG_1.jpg)}", true),
            ("a{b:url(\"../../2024/05/IMG_1.jpg\")}", true),
            ("a{b:url(../2024/05/IMG_1.jpg)}", false),
            ("a{b:url(../../../2024/05/IMG_1.jpg)}", false),
            ("a{b:url(/wp-content/uploads/2024/05/IMG_1.jpg)}", true),
        ])
    func generatedFile(value: String, isOwn: Bool) throws {
        let rewriter = try Self.rewriter(urlPaths: ["/wp-content/uploads"])
        let role = ValueRole.uploadedFile(directory: try MediaPath("elementor/css"))
        #expect(rewriter.result(value, role: role) == (isOwn ? Self.renamed(value) : value))
    }

    // MARK: Maps

    @Test("U10 G14 G15 (differs: nothing is chained) swaps and chains are simultaneous")
    func swapsAndChains() throws {
        let rewriter = try Sample.rewriter([
            ("a.jpg", "b.jpg"), ("b.jpg", "a.jpg"), ("c.jpg", "d.jpg"), ("d.jpg", "e.jpg"),
        ])
        let root = "/wp-content/uploads/"
        #expect(
            rewriter.result("abcd".map { "\(root)\($0).jpg" }.joined(separator: " "))
                == "bade".map { "\(root)\($0).jpg" }.joined(separator: " "))
    }

    @Test("U11 W19 the new name contains the old one: applied once")
    func containing() throws {
        let rewriter = try Sample.rewriter([("photo.jpg", "best-photo.jpg")])
        let once = rewriter.result("/wp-content/uploads/photo.jpg")
        #expect(once == "/wp-content/uploads/best-photo.jpg")
        #expect(rewriter.result(once) == once)
    }

    @Test("U01 U02 U05 neighbours of a name stay")
    func neighbours() throws {
        let rewriter = try Sample.rewriter([("trees.jpg", "oaks.jpg"), ("a.jpg", "x.jpg")])
        let value = [
            "trees-in-the-wind.jpg", "trees-150x150.jpg", "aa.jpg", "a-1.jpg", "a.jpgx", "a.png",
            "A.JPG", "a.webp",
        ]
        .map { "/wp-content/uploads/\($0)" }.joined(separator: " ")
        #expect(rewriter.result(value) == value)
    }

    @Test("U09 composed and decomposed forms are different names")
    func normalization() throws {
        let rewriter = try Sample.rewriter([("Caf\u{E9}.jpg", "cafe.jpg")])
        #expect(
            Array(rewriter.result("/wp-content/uploads/Cafe\u{301}.jpg").utf8)
                == Array("/wp-content/uploads/Cafe\u{301}.jpg".utf8))
        #expect(
            rewriter.result("/wp-content/uploads/Caf\u{E9}.jpg") == "/wp-content/uploads/cafe.jpg")
    }

    @Test("U17 sidecars of the family are entries of their own")
    func sidecars() throws {
        let rewriter = try Sample.rewriter([("a.jpg", "b.jpg"), ("a.jpg.webp", "b.jpg.webp")])
        #expect(
            rewriter.result("/wp-content/uploads/a.jpg.webp /wp-content/uploads/a.jpg")
                == "/wp-content/uploads/b.jpg.webp /wp-content/uploads/b.jpg")
    }

    @Test("U15 names with pattern characters, quotes and wildcards")
    func characters() throws {
        for name in ["50%_off.jpg", "a+b.jpg", "it's.jpg", "x$y^z.jpg", "a#b.jpg"] {
            let rewriter = try Sample.rewriter([(name, "plain.jpg")])
            #expect(
                rewriter.result(s("/wp-content/uploads/\(name)"))
                    == s("/wp-content/uploads/plain.jpg"), "\(name)")
            #expect(
                rewriter.result(s("/wp-content/uploads/x\(name)"))
                    == s("/wp-content/uploads/x\(name)"), "\(name)")
        }
    }

    @Test func contradictoryMapsAreRefused() throws {
        #expect(throws: MonikerError.self) {
            try Sample.map([("a.jpg", "b.jpg"), ("a.jpg", "c.jpg")])
        }
        #expect(throws: MonikerError.self) {
            try Sample.map([("a.jpg", "c.jpg"), ("b.jpg", "c.jpg")]).inverted()
        }
    }
}
