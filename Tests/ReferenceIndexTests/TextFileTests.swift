import Files
import Foundation
import Model
import ReferenceIndex
import Testing

/// Text files below uploads: read once, looked at always.
@Suite(.serialized) struct TextFileTests {
    /// An index with an uploads folder of its own.
    private struct Place {
        let site: IndexSite
        let uploads: URL
        let files: LocalMediaFiles

        init() throws {
            site = try IndexSite(.sqlite)
            uploads = site.folder.appendingPathComponent("uploads")
            for name in ["uploads/css/deep", "home"] {
                try FileManager.default.createDirectory(
                    at: site.folder.appendingPathComponent(name),
                    withIntermediateDirectories: true)
            }
            files = try LocalMediaFiles(
                uploads: Array(uploads.path.utf8),
                home: Array(site.folder.appendingPathComponent("home").path.utf8))
            try site.index.turnOn()
        }

        func write(_ name: String, _ text: String) throws {
            try text.write(
                to: uploads.appendingPathComponent(name), atomically: false, encoding: .utf8)
        }

        func shell(_ command: String) throws {
            _ = try runProgram(["sh", "-c", "cd '\(uploads.path)' && \(command)"])
        }

        /// The files that may name the first picture of the storm.
        ///
        /// By a clock that is ahead, so that what was just written counts as settled.
        func answer() throws -> [String] {
            let time = WallTime.now + 10_000_000_000
            let found = try site.index.textFiles(
                naming: [Storm.paths[0]], in: files, limit: 1 << 20, now: time
            ) { $0.pathExtension.elementsEqual("css".utf8) }
            return try #require(found).map { "\($0)" }
        }
    }

    private static let url = "url(/wp-content/uploads/\(Storm.paths[0]))"
    private static let other = "url(/wp-content/uploads/\(Storm.paths[1]))"

    @Test("only files that may name a path are in the answer, whatever happens to them")
    func follows() throws {
        let place = try Place()
        try place.write("css/a.css", Self.url)
        try place.write("css/b.css", Self.other)
        try place.write("css/deep/c.css", "a{b:url(../../\(Storm.paths[0]))}")
        try place.write("css/picture.txt", Self.url)
        // Nothing is known yet, so each has to be looked at.
        #expect(try place.answer() == ["css/a.css", "css/b.css", "css/deep/c.css"])
        #expect(try place.answer() == ["css/a.css", "css/deep/c.css"])

        // The same size and the same time: only the time that nobody can set tells.
        try place.shell(
            "cp -p css/b.css /tmp/ref-$$ && printf '%s' '\(Self.url)' > css/b.css && touch -r /tmp/ref-$$ css/b.css; rm /tmp/ref-$$"
        )
        #expect(try place.answer().contains("css/b.css"))
        #expect(try place.answer() == ["css/a.css", "css/b.css", "css/deep/c.css"])

        // A new file in a folder whose time is put back, as a revert does.
        try place.shell(
            "touch -r css /tmp/dir-$$ && printf '%s' '\(Self.url)' > css/new.css && touch -r /tmp/dir-$$ css; rm /tmp/dir-$$"
        )
        #expect(try place.answer().contains("css/new.css"))
        try place.shell("mkdir fresh && printf '%s' '\(Self.url)' > fresh/d.css && rm css/a.css")
        #expect(
            try place.answer() == ["css/b.css", "css/deep/c.css", "css/new.css", "fresh/d.css"])
        try place.shell("mv fresh css/moved")
        #expect(
            try place.answer() == [
                "css/b.css", "css/deep/c.css", "css/moved/d.css", "css/new.css",
            ])
    }

    @Test("what may still change within its own tick of the clock is not remembered")
    func unsettled() throws {
        let place = try Place()
        try place.write("css/b.css", Self.other)
        let answer = {
            try place.site.index.textFiles(
                naming: [Storm.paths[0]], in: place.files, limit: 1 << 20, now: WallTime.now
            ) { $0.pathExtension.elementsEqual("css".utf8) }
        }
        #expect(try answer()?.count == 1)
        #expect(try answer()?.count == 1)
    }
}

private enum WallTime {
    /// The time, in nanoseconds since 1970.
    static var now: Int64 { SystemClock().now() }
}
