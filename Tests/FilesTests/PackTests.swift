import Files
import Foundation
import Hashing
import Model
import Testing

@Suite("Originals in packs")
struct PackTests {
    /// A sandbox with files of different lengths, and what sha256sum says of each.
    private struct Site {
        let sandbox: Sandbox
        let paths: [MediaPath]
        let digests: [ContentDigest]

        init(_ contents: [String]) throws {
            sandbox = try Sandbox()
            var paths: [MediaPath] = []
            for (number, content) in contents.enumerated() {
                paths.append(try sandbox.write("2026/01/\(number).jpg", content))
            }
            self.paths = paths
            digests = try paths.map { [sandbox] in
                let sum = try sandbox.run("sha256sum", "\(sandbox.uploads)/\($0)")
                return try #require(ContentDigest(hexadecimal: String(sum.prefix(64))))
            }
        }

        /// As many files as that, all different.
        init(count: Int) throws {
            try self.init(
                (0..<count).map { String(repeating: "\($0) ", count: $0 * $0) + "photo \($0)" })
        }

        func store(_ files: any MediaFiles) throws {
            for (path, digest) in zip(paths, digests) {
                #expect(try files.storeOriginal(path, as: .packed) == digest)
            }
            try files.synchronizeOriginals()
        }

        /// The absolute paths of all files below the store.
        func stored() throws -> [String] {
            try sandbox.run("find", sandbox.home + "/originals", "-type", "f").split(
                separator: "\n"
            ).map(String.init).sorted()
        }

        func overwrite(_ content: String, with other: String, in pack: String) throws {
            var bytes = try Data(contentsOf: URL(filePath: pack))
            let range = try #require(bytes.range(of: Data(content.utf8)))
            bytes.replaceSubrange(range, with: Data(other.utf8))
            try bytes.write(to: URL(filePath: pack))
        }
    }

    private func files(_ site: Site, isWorker: Bool) throws -> any MediaFiles {
        let files = try site.sandbox.files()
        return isWorker ? try #require(try files.makeWorker()) : files
    }

    @Test("One file has many originals, each under what sha256sum says", arguments: [true, false])
    func storing(isWorker: Bool) throws {
        let site = try Site(count: 60)
        let writing = try files(site, isWorker: isWorker)
        try site.store(writing)
        #expect(try site.stored().count == 1)
        #expect(try site.sandbox.stat("%a", site.stored()[0]) == "600")
        for reading in [writing, try files(site, isWorker: false), try files(site, isWorker: true)]
        {
            #expect(Set(try reading.originals()) == Set(site.digests))
            for (path, digest) in zip(site.paths, site.digests) {
                #expect(try reading.hasOriginal(digest, readingData: false))
                #expect(try reading.hasOriginal(digest, readingData: true))
                #expect(try reading.originalSize(digest) == reading.status(of: path)?.size)
            }
            let unknown = SHA256.digest(of: Array("unknown".utf8))
            #expect(try !reading.hasOriginal(unknown, readingData: false))
            #expect(try reading.originalSize(unknown) == nil)
        }
    }

    @Test("A pack is where it is documented to be, and as it is documented to be")
    func format() throws {
        let site = try Site(["first", "second", ""])
        try site.store(try site.sandbox.files())
        let pack = site.sandbox.home + "/originals/packs/000000001"
        #expect(try site.stored() == [pack])
        let script = """
            import hashlib, struct, sys
            pack = open(sys.argv[1], 'rb').read()
            assert pack[-16:] == b'moniker pack 1\\n\\n'
            counts = struct.unpack('>256I', pack[-1040:-16])
            start = len(pack) - 1040 - 48 * counts[255]
            digests = []
            for at in range(start, len(pack) - 1040, 48):
                digest, offset, length = struct.unpack('>32sQQ', pack[at:at + 48])
                assert hashlib.sha256(pack[offset:offset + length]).digest() == digest
                digests.append(digest)
            assert digests == sorted(digests)
            for byte in range(256):
                assert counts[byte] == sum(digest[0] <= byte for digest in digests)
            print(*sorted(digest.hex() for digest in digests))
            """
        let found = try site.sandbox.run("python3", "-c", script, pack)
        #expect(found == site.digests.map(\.description).sorted().joined(separator: " "))
    }

    @Test("Nothing is stored before it is synchronized, and nothing stays of what is given up")
    func unfinished() throws {
        let site = try Site(count: 3)
        do {
            let files = try files(site, isWorker: true)
            for path in site.paths { _ = try files.storeOriginal(path, as: .packed) }
            #expect(try files.originals() == [])
        }
        #expect(try site.stored() == [])
    }

    @Test("What is packed leaves the store as it is until that is synchronized")
    func packing() throws {
        let site = try Site(count: 5)
        let files = try site.sandbox.files()
        _ = try files.storeOriginal(site.paths[0], as: .file)
        try files.synchronizeOriginals()
        let stored = try site.stored()
        for (path, digest) in zip(site.paths, site.digests) {
            #expect(try files.packOriginal(path) == digest)
        }
        #expect(try site.stored() == stored)
        #expect(try files.originals() == [site.digests[0]])
        try files.synchronizeOriginals()
        #expect(try site.stored().count == 2)
        #expect(Set(try files.originals()) == Set(site.digests))
        for digest in site.digests {
            #expect(try files.hasOriginal(digest, readingData: true))
        }
    }

    @Test("What is too long for a pack, or is not there, is not packed")
    func notPacked() throws {
        let site = try Site([String(repeating: "a", count: 1 << 20 + 1)])
        let files = try site.sandbox.files()
        #expect(try files.packOriginal(site.paths[0]) == nil)
        let missing = try #require(MediaPath(ifValid: Array("2026/01/missing.jpg".utf8)))
        #expect(
            code { () throws(MonikerError) in _ = try files.packOriginal(missing) }
                == "file-missing")
        try files.synchronizeOriginals()
        #expect(try files.originals() == [])
    }

    @Test("What a killed process left of a pack goes with the temporary files")
    func temporaries() throws {
        let site = try Site(count: 1)
        let files = try site.sandbox.files()
        try site.store(files)
        let left = site.sandbox.home + "/originals/.moniker-0123456789abcdef"
        try site.sandbox.run("touch", left)
        try files.removeTemporaries(in: [])
        #expect(try site.stored().count == 1)
        try site.sandbox.run("touch", left)
        #expect(try files.removeOriginals(Set(site.digests)) == 1)
        #expect(try site.stored() == [])
    }

    @Test("What is stored already, in a pack or as a file, is not stored again")
    func again() throws {
        let site = try Site(count: 5)
        let files = try site.sandbox.files()
        _ = try files.storeOriginal(site.paths[0], as: .file)
        try files.synchronizeOriginals()
        try site.store(files)
        let stored = try site.stored()
        #expect(stored.count == 2)
        try site.store(files)
        try site.store(try self.files(site, isWorker: true))
        #expect(try site.stored() == stored)
        #expect(try files.originals().count == 5)
    }

    @Test("The same content is in a pack once")
    func twins() throws {
        let site = try Site(["a photo", "another", "a photo", "a photo"])
        let files = try site.sandbox.files()
        try site.store(files)
        #expect(Set(try files.originals()) == Set(site.digests))
        #expect(try files.originals().count == 2)
        for digest in site.digests {
            #expect(try files.hasOriginal(digest, readingData: true))
        }
    }

    @Test("A file of more than a megabyte is not packed", arguments: [1 << 20, 1 << 20 + 1])
    func long(length: Int) throws {
        let site = try Site([String(repeating: "a", count: length), "short"])
        let files = try site.sandbox.files()
        try site.store(files)
        #expect(try site.stored().count == (length > 1 << 20 ? 2 : 1))
        #expect(Set(try files.originals()) == Set(site.digests))
        for digest in site.digests {
            #expect(try files.hasOriginal(digest, readingData: true))
        }
    }

    @Test("A restored original has the status's mode, owner and time, and replaces nothing")
    func restoring() throws {
        let site = try Site(count: 20)
        let files = try site.sandbox.files()
        let path = site.paths[7]
        let absolute = site.sandbox.uploads + "/\(path)"
        try site.sandbox.run("chmod", "640", absolute)
        if getuid() == 0 { try site.sandbox.run("chown", "1234:4321", absolute) }
        try site.sandbox.run("touch", "-d", "2001-02-03 04:05:06.987654321 UTC", absolute)
        let status = try #require(try files.status(of: path))
        let before = try site.sandbox.stat("%a %u %g %.9Y", absolute)
        try site.store(files)
        #expect(
            code { () throws(MonikerError) in
                try files.restoreOriginal(site.digests[7], as: path, status: status)
            } == "name-taken")
        try site.sandbox.run("rm", absolute)
        try files.restoreOriginal(site.digests[7], as: path, status: status)
        #expect(try site.sandbox.stat("%a %u %g %.9Y", absolute) == before)
        #expect(
            try site.sandbox.run("sha256sum", absolute).hasPrefix(site.digests[7].description))
    }

    @Test("Of a pack, what is removed goes and what stays stays", arguments: [0, 1, 29, 30])
    func removing(kept: Int) throws {
        let site = try Site(count: 30)
        let files = try site.sandbox.files()
        try site.store(files)
        let (staying, going) = (site.digests.prefix(kept), site.digests.dropFirst(kept))
        let unknown = SHA256.digest(of: Array("unknown".utf8))
        #expect(try files.removeOriginals(Set(going).union([unknown])) == going.count)
        try files.synchronizeOriginals()
        #expect(try site.stored().count == (kept == 0 ? 0 : 1))
        for reading in [files, try site.sandbox.files()] {
            #expect(Set(try reading.originals()) == Set(staying))
            for digest in staying { #expect(try reading.hasOriginal(digest, readingData: true)) }
            for digest in going { #expect(try !reading.hasOriginal(digest, readingData: false)) }
        }
        // What is gone from the pack is gone from the disk.
        if kept == 29 {
            let pack = try Data(contentsOf: URL(filePath: try site.stored()[0]))
            #expect(pack.range(of: Data("photo 29".utf8)) == nil)
            #expect(pack.range(of: Data("photo 28".utf8)) != nil)
        }
    }

    @Test("Packs that another process makes and removes are noticed")
    func otherProcess() throws {
        let site = try Site(count: 4)
        let reading = try site.sandbox.files()
        #expect(try !reading.hasOriginal(site.digests[0], readingData: false))
        let other = try site.sandbox.files()
        _ = try other.storeOriginal(site.paths[0], as: .packed)
        try other.synchronizeOriginals()
        #expect(try reading.hasOriginal(site.digests[0], readingData: true))
        try site.store(other)
        #expect(try site.stored().count == 2)
        for digest in site.digests {
            #expect(try reading.hasOriginal(digest, readingData: true))
        }
        #expect(try other.removeOriginals([site.digests[0], site.digests[1]]) == 2)
        #expect(try !reading.hasOriginal(site.digests[0], readingData: true))
        #expect(try reading.hasOriginal(site.digests[2], readingData: true))
    }

    @Test("A damaged original is noticed, not restored, and stored again")
    func damaged() throws {
        let site = try Site(["first photo", "second photo"])
        let files = try site.sandbox.files()
        let status = try #require(try files.status(of: site.paths[0]))
        try site.store(files)
        try site.overwrite("first photo", with: "first ph0to", in: site.stored()[0])
        #expect(try files.hasOriginal(site.digests[0], readingData: false))
        #expect(try !files.hasOriginal(site.digests[0], readingData: true))
        #expect(try files.hasOriginal(site.digests[1], readingData: true))
        let other = try MediaPath("b.jpg")
        #expect(
            code { () throws(MonikerError) in
                try files.restoreOriginal(site.digests[0], as: other, status: status)
            } == "file-changed")
        #expect(try files.status(of: other) == nil)
        try site.store(files)
        #expect(try files.hasOriginal(site.digests[0], readingData: true))
        try files.restoreOriginal(site.digests[0], as: other, status: status)
        #expect(site.sandbox.text(other) == "first photo")
        #expect(try files.removeOriginals([site.digests[0]]) == 1)
        #expect(try files.originals() == [site.digests[1]])
    }

    @Test("A damaged original in a pack is restored from an intact file")
    func intactFile() throws {
        let site = try Site(["first photo", "second photo"])
        let files = try site.sandbox.files()
        let status = try #require(try files.status(of: site.paths[0]))
        try site.store(files)
        try site.overwrite("first photo", with: "first ph0to", in: site.stored()[0])
        _ = try files.storeOriginal(site.paths[0], as: .file)
        #expect(try files.hasOriginal(site.digests[0], readingData: true))
        let other = try MediaPath("b.jpg")
        try files.restoreOriginal(site.digests[0], as: other, status: status)
        #expect(site.sandbox.text(other) == "first photo")
    }

    @Test(
        "Whatever is cut off or written over, a pack is never taken for what it is not",
        arguments: ["truncate -s 0", "truncate -s 15", "truncate -s -1", "truncate -s +1"])
    func torn(command: String) throws {
        let site = try Site(["first photo", "second photo"])
        try site.store(try site.sandbox.files())
        try site.sandbox.run("sh", "-c", "\(command) '\(try site.stored()[0])'")
        let files = try site.sandbox.files()
        #expect(try files.originals() == [])
        #expect(try !files.hasOriginal(site.digests[0], readingData: true))
        try site.store(files)
        #expect(try files.hasOriginal(site.digests[0], readingData: true))
        #expect(try files.hasOriginal(site.digests[1], readingData: true))
    }

    @Test("Any wrong byte of an index leads to a missing original at worst", arguments: 0..<40)
    func wrongByte(seed: Int) throws {
        let site = try Site(["first photo", "second photo"])
        try site.store(try site.sandbox.files())
        let pack = URL(filePath: try site.stored()[0])
        var bytes = try Data(contentsOf: pack)
        let index = bytes.count - 1 - (seed * 47) % (1040 + 96)
        bytes[index] ^= UInt8(1 << (seed % 8))
        try bytes.write(to: pack)
        let files = try site.sandbox.files()
        let status = try #require(try files.status(of: site.paths[0]))
        for (number, digest) in site.digests.enumerated() {
            let isThere = try files.hasOriginal(digest, readingData: true)
            let other = try MediaPath("\(number)-back.jpg")
            let failure = code { () throws(MonikerError) in
                try files.restoreOriginal(digest, as: other, status: status)
            }
            #expect((failure == nil) == isThere)
            let expected = ["first photo", "second photo"][number]
            #expect(site.sandbox.text(other) == (isThere ? expected : nil))
        }
    }

    @Test("The disk of the originals is full: an error, nothing half stored, and no old pack lost")
    func full() throws {
        let site = try Site(count: 3)
        guard getuid() == 0 else {
            print("skipped: mounting needs root")
            return
        }
        try site.sandbox.run("mkdir", "-p", site.sandbox.home)
        try site.sandbox.run(
            "mount", "-t", "tmpfs", "-o", "size=300k", "none", site.sandbox.home)
        defer { _ = try? site.sandbox.run("umount", site.sandbox.home) }
        let files = try site.sandbox.files()
        try site.store(files)
        let stored = try site.stored()
        for number in 0..<4 {
            let long = try site.sandbox.write("long-\(number).jpg", "")
            try site.sandbox.run(
                "sh", "-c",
                "head -c 200000 /dev/urandom > '\(site.sandbox.uploads)/long-\(number).jpg'")
            _ = try files.storeOriginal(long, as: .packed)
        }
        #expect(
            code { () throws(MonikerError) in try files.synchronizeOriginals() } == "disk-full")
        #expect(try site.stored() == stored)
        try files.synchronizeOriginals()
        #expect(Set(try files.originals()) == Set(site.digests))
        for digest in site.digests { #expect(try files.hasOriginal(digest, readingData: true)) }
    }
}
