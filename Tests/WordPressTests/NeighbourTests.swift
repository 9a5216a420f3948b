import Model
import Testing
import WordPress

/// Attachments in the same folder, with and without somebody who knows them.
@Suite struct NeighbourTests {
    /// Answers with the rows that it is given, and notes what it was asked for.
    private final class Known: AttachedFileLookup {
        let rows: [Int64]?
        private(set) var asked: [[[UInt8]]] = []

        init(_ rows: [Int64]?) { self.rows = rows }

        func rows(attachingFilesIn folders: [[UInt8]]) -> [Int64]? {
            asked.append(folders)
            return rows
        }
    }

    private func site() throws -> LibrarySite {
        let site = try LibrarySite()
        try site.attach(1, "2024/05/a.jpg", sizes: ["a-10x10.jpg"])
        try site.attach(2, "2024/05/b.jpg", sizes: ["a-10x10.jpg"])
        try site.attach(3, "2024/06/a.jpg")
        try site.attach(4, "a.jpg")
        try site.attach(5, "2024/a.jpg")
        try site.attach(6, "2024/05/deeper/a.jpg")
        try site.attach(7, "b.jpg")
        return site
    }

    private func some(_ ids: Int64...) -> MediaLibrary.Selection {
        .some(Set(ids.map { AttachmentID($0) }))
    }

    private func ids(_ library: MediaLibrary) -> [Int64] {
        library.attachments.map(\.id.rawValue)
    }

    @Test(
        "are those whose file lies directly in the folder",
        arguments: [(1, [1, 2]), (3, [3]), (4, [4, 7]), (5, [5]), (6, [6])] as [(Int64, [Int64])])
    func scanned(id: Int64, expected: [Int64]) throws {
        let site = try site()
        #expect(try ids(site.library(some(id))) == expected)
    }

    @Test("are among the rows of who knows them; other rows do no harm")
    func known() throws {
        let site = try site()
        let known = Known(Array(1...30))
        #expect(try ids(site.library(some(1, 4), lookup: known)) == [1, 2, 4, 7])
        #expect(known.asked.map(Set.init) == [[Array("2024/05/".utf8), []]])
    }

    @Test("are looked for where nobody knows them, and taken as told where somebody does")
    func unknown() throws {
        let site = try site()
        #expect(try ids(site.library(some(1), lookup: Known(nil))) == [1, 2])
        #expect(try ids(site.library(some(1), lookup: Known([]))) == [1])
    }
}
