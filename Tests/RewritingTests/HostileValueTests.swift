import Foundation
import Model
import Rewriting
import Testing

/// Values that tempt a rewriter into too much, too little, or work without end.
@Suite struct HostileValueTests {
    private static let old = "https://example.com/wp-content/uploads/2024/05/IMG_1.jpg"
    private static let new = "https://example.com/wp-content/uploads/2024/05/red-bike.jpg"

    @Test(
        "J14 a data URI ends where its characters do",
        arguments: [
            "<img srcset=\"data:image/gif;base64,R0lGOD 1x, \(old) 2x\">",
            "a;data:image/gif;base64,R0lGOD \(old)",
            "metadata:image/x,\(old)",
            "background:url(data:image/svg+xml,%3Csvg/%3E) url(\(old))",
        ])
    func goesOnBehindDataURIs(value: String) throws {
        let expected = value.replacingOccurrences(of: Self.old, with: Self.new)
        #expect(try Sample.rewriter().result(value) == expected)
    }

    @Test("a host's name may end in a dot, a letter may be one of htmlentities'")
    func readsRareSpellings() throws {
        let rewriter = try Sample.rewriter()
        #expect(
            rewriter.result("https://example.com./wp-content/uploads/2024/05/IMG_1.jpg")
                == "https://example.com./wp-content/uploads/2024/05/red-bike.jpg")
        #expect(
            rewriter.result("/wp-content/uploads/2024/05/Caf&eacute;.jpg")
                == "/wp-content/uploads/2024/05/cafe.jpg")
    }

    @Test("G20 two keys that swap their names, and keys that are taken")
    func keepsKeysApart() throws {
        let folder = "https://example.com/wp-content/uploads/"
        let swap = try Sample.rewriter([("a.jpg", "b.jpg"), ("b.jpg", "a.jpg")])
        #expect(
            swap.result("a:2:{\(s(folder + "a.jpg"))i:1;\(s(folder + "b.jpg"))i:2;}")
                == "a:2:{\(s(folder + "b.jpg"))i:1;\(s(folder + "a.jpg"))i:2;}")
        let move = try Sample.rewriter([("a.jpg", "b.jpg")])
        for value in [
            "a:2:{\(s(folder + "a.jpg"))i:1;\(s(folder + "b.jpg"))i:2;}",
            #"{"\#(folder)a.jpg":1,"\#(folder)b.jpg":2}"#,
        ] {
            let rewrite = move.rewrite(Array(value.utf8), role: .ordinary)
            #expect(rewrite.splices.isEmpty)
            #expect(rewrite.references == 0)
            #expect(rewrite.opaque.map(\.reason) == [.keyCollision])
        }
    }

    @Test("uploads on a host of their own: ports, other hosts, one count for each foreign URL")
    func judgesHostsThatAreAnchors() throws {
        let rewriter = try Sample.rewriter(
            location: UploadsLocation(
                hosts: ["example.com", "media.example.com"], urlPaths: [""], directories: [],
                assumesUsualServerFolders: false))
        for host in ["media.example.com", "MEDIA.example.com:443", "u:p@media.example.com"] {
            #expect(
                rewriter.result("https://\(host)/2024/05/IMG_1.jpg")
                    == "https://\(host)/2024/05/red-bike.jpg")
        }
        let foreign = "https://xmedia.example.com/2024/05/IMG_1.jpg"
        let rewrite = rewriter.rewrite(Array(foreign.utf8), role: .ordinary)
        #expect(rewrite.splices.isEmpty)
        #expect(rewrite.foreign == ["xmedia.example.com": 1])
    }

    @Test("a bare path without an extension")
    func findsNamesWithoutExtension() throws {
        let rewriter = try Sample.rewriter([("2024/05/README", "2024/05/notes")])
        #expect(rewriter.result("2024/05/README") == "2024/05/notes")
        #expect(rewriter.result("{\"a\":\"2024/05/README\"}") == "{\"a\":\"2024/05/notes\"}")
        #expect(rewriter.prefilterTerms.contains(Array("README".utf8)))
    }

    /// How the time grows is measured in `LinearityTests`.
    @Test(
        "what begins like a container and is none is never changed",
        arguments: [
            "\\", "&amp;", "%25", "../", "/wp-content/uploads/", "/wp-content/uploads////",
            "wp-content/uploads/./././", "dXBsb2Fkc+_", "dXBsb2Fkc", "a:1:{i:0;", "[[",
            "s:999999:\\\"",
            "<!-- wp:a {\"k\":\"\\\"", "\"data:image/png;base64,", "s:57:\"\(old)\"; ", "\(old),",
            "\(Data(old.utf8).base64EncodedString()) ",
        ])
    func leavesBrokenContainers(unit: String) throws {
        let rewriter = try Sample.rewriter()
        let body = Array(repeating: Array(unit.utf8), count: 20_000 / unit.utf8.count).joined()
        for start in ["", "a:1:{i:0;s:3:\"", "{\"a\":\""] {
            let value = Array(start.utf8) + body
            let rewrite = rewriter.rewrite(value, role: .ordinary)
            #expect(start.isEmpty || rewrite.splices.isEmpty)
        }
    }
}
