import Files
import Foundation
import Hashing
import Model
import Testing

@Suite("Workers, which keep folders open")
struct WorkerTests {
    private func worker(_ sandbox: Sandbox) throws -> any MediaFiles {
        try #require(try sandbox.files().makeWorker())
    }

    /// How many descriptors of this process are open below a folder.
    private func openDescriptors(below folder: String) throws -> Int {
        let names = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        return names.filter { name in
            var buffer = [CChar](repeating: 0, count: 4096)
            // SAFETY: the call writes at most as many bytes as the buffer has.
            let count = unsafe readlink("/proc/self/fd/" + name, &buffer, buffer.count - 1)
            let target = buffer[..<max(count, 0)].map { UInt8(bitPattern: $0) }
            return target.starts(with: (folder + "/").utf8)
        }.count
    }

    @Test("Folders stay open, but not more than there are descriptors for")
    func bounded() throws {
        let sandbox = try Sandbox()
        let worker = try worker(sandbox)
        let most = 200
        for number in 0..<300 {
            try sandbox.run("mkdir", sandbox.uploads + "/2026/01/\(number)")
            let path = try sandbox.write("2026/01/\(number)/a.jpg", "photo \(number)")
            let new = try MediaPath("2026/01/\(number)/b.jpg")
            try worker.link(path, as: new)
            #expect(try openDescriptors(below: sandbox.uploads) <= most)
        }
        #expect(try openDescriptors(below: sandbox.uploads) > 1)
        try worker.requireFoldersInPlace()
        for number in 0..<300 {
            #expect(sandbox.text(try MediaPath("2026/01/\(number)/b.jpg")) == "photo \(number)")
        }
    }

    @Test(
        "A folder that is moved, replaced, deleted or exchanged with a link is noticed, also after it was closed",
        arguments: [
            "mv uploads/2026/01 uploads/2026/away",
            "mv uploads/2026/01 uploads/2026/away; mkdir uploads/2026/01",
            "mv uploads/2026/01 uploads/2026/away; ln -s away uploads/2026/01",
            "mv uploads/2026 uploads/away; mkdir -p uploads/2026/01",
            "rm -r uploads/2026/01; mkdir uploads/2026/01",
        ], [0, 200])
    func moved(script: String, foldersAfter: Int) throws {
        let sandbox = try Sandbox()
        let path = try sandbox.write("2026/01/a.jpg", "photo")
        let worker = try worker(sandbox)
        #expect(try worker.status(of: path) != nil)
        try worker.requireFoldersInPlace()
        try sandbox.run("sh", "-c", "cd '\(sandbox.uploads)/..' && \(script)")
        for number in 0..<foldersAfter {
            try sandbox.run("mkdir", sandbox.uploads + "/\(number)")
            let other = try sandbox.write("\(number)/a.jpg")
            #expect(try worker.status(of: other) != nil)
        }
        #expect(
            code { () throws(MonikerError) in try worker.requireFoldersInPlace() } == "file-changed"
        )
    }

    @Test("A file is linked only while it is the one that was asked for", arguments: [true, false])
    func identity(isWorker: Bool) throws {
        let sandbox = try Sandbox()
        let path = try sandbox.write("2026/01/a.jpg", "photo")
        let files: any MediaFiles = isWorker ? try worker(sandbox) : try sandbox.files()
        let identity = try #require(try files.status(of: path)).identity
        let new = try MediaPath("2026/01/b.jpg")
        // Kept, so that its inode is not given to the next file.
        try sandbox.run("mv", sandbox.uploads + "/2026/01/a.jpg", sandbox.path + "/kept")
        try sandbox.write("2026/01/a.jpg", "another")
        #expect(
            code { () throws(MonikerError) in try files.link(path, as: new, identity: identity) }
                == "file-changed")
        #expect(sandbox.text(new) == nil)
        try files.link(path, as: new, identity: nil)
        #expect(sandbox.text(new) == "another")
    }

    @Test(
        "A content is that of a regular file, with its status and time", arguments: [true, false])
    func content(isWorker: Bool) throws {
        let sandbox = try Sandbox()
        let path = try sandbox.write("2026/01/a.jpg", "photo")
        let files: any MediaFiles = isWorker ? try worker(sandbox) : try sandbox.files()
        let content = try #require(try files.content(of: path))
        let absolute = sandbox.uploads + "/2026/01/a.jpg"
        #expect(
            content.digest.description == String(try sandbox.run("sha256sum", absolute).prefix(64)))
        #expect(try content.status == files.status(of: path))
        let time = try sandbox.stat("%.9Z", absolute).replacingOccurrences(of: ".", with: "")
        #expect(content.changed.map(String.init) == time)
        try sandbox.run(
            "sh", "-c",
            "cd '\(sandbox.uploads)/2026/01' && ln -s a.jpg link && mkfifo pipe && mkdir folder")
        for name in ["link", "pipe", "folder", "missing"] {
            #expect(try files.content(of: MediaPath("2026/01/" + name)) == nil)
        }
        #expect(try files.content(of: MediaPath("2027/a.jpg")) == nil)
    }

    @Test("The size of an original is that of what is stored", arguments: [true, false])
    func originalSize(isWorker: Bool) throws {
        let sandbox = try Sandbox()
        let path = try sandbox.write("a.jpg", "photo")
        let files: any MediaFiles = isWorker ? try worker(sandbox) : try sandbox.files()
        let digest = SHA256.digest(of: Array("photo".utf8))
        #expect(try files.originalSize(digest) == nil)
        #expect(try files.storeOriginal(path, as: .file) == digest)
        #expect(try files.originalSize(digest) == 5)
        let name = digest.description
        let stored = sandbox.home + "/originals/\(name.prefix(2))/\(name)"
        try sandbox.run("truncate", "-s", "3", stored)
        #expect(try files.originalSize(digest) == 3)
        try sandbox.run("rm", stored)
        #expect(try files.originalSize(digest) == nil)
    }
}
