@testable import Files
import Foundation
import Hashing
import Model
import Testing

@Suite("Symbolic links below uploads", .serialized)
struct SymbolicLinkTests {
    private func files(_ sandbox: Sandbox, walking: Bool) throws -> LocalMediaFiles {
        try LocalMediaFiles(
            uploads: Array(sandbox.uploads.utf8), home: Array(sandbox.home.utf8),
            walkingSegments: walking)
    }

    @Test(
        "F14 a folder that is a symbolic link is refused by every call", arguments: [false, true])
    func refused(walking: Bool) throws {
        let sandbox = try Sandbox()
        let inside = try sandbox.write("in.jpg")
        try sandbox.run("mkdir", sandbox.path + "/outside")
        try sandbox.run("sh", "-c", "printf secret > '\(sandbox.path)/outside/a.jpg'")
        try sandbox.run("ln", "-s", sandbox.path + "/outside", sandbox.uploads + "/link")
        try sandbox.run("ln", "-s", "2026", sandbox.uploads + "/near")
        let files = try files(sandbox, walking: walking)
        let stored = try files.storeOriginal(inside)
        let new = try MediaPath("new.jpg")
        let tree = try sandbox.tree()
        let status = try #require(try files.status(of: inside))
        let digest = SHA256.digest(of: Array("secret".utf8))
        for name in ["link", "near"] {
            let folder = try MediaPath(name)
            let path = try MediaPath(name + "/a.jpg")
            func refuses(_ body: () throws(MonikerError) -> Void) -> Bool {
                code(body) == "unsafe-path"
            }
            #expect(refuses { () throws(MonikerError) in _ = try files.entries(of: folder) })
            #expect(refuses { () throws(MonikerError) in _ = try files.status(of: path) })
            #expect(refuses { () throws(MonikerError) in _ = try files.digest(of: path) })
            #expect(
                refuses { () throws(MonikerError) in _ = try files.contents(of: path, limit: 9) })
            #expect(
                refuses { () throws(MonikerError) in _ = try files.modified(directory: folder) })
            #expect(
                refuses { () throws(MonikerError) in try files.setModified(directory: folder, to: 0)
                }
            )
            #expect(refuses { () throws(MonikerError) in try files.link(path, as: new) })
            #expect(refuses { () throws(MonikerError) in try files.link(inside, as: path) })
            #expect(
                refuses { () throws(MonikerError) in
                    _ = try files.retire(
                        path, identity: status.identity, into: sandbox.journal, as: 1)
                })
            #expect(
                refuses { () throws(MonikerError) in
                    _ = try files.replaceContents(
                        of: path, expected: digest, with: [], modified: nil)
                })
            #expect(
                refuses { () throws(MonikerError) in try files.synchronize(directories: [folder]) })
            #expect(refuses { () throws(MonikerError) in _ = try files.storeOriginal(path) })
            #expect(
                refuses { () throws(MonikerError) in
                    try files.restoreOriginal(stored, as: path, status: status)
                })
        }
        #expect(try sandbox.tree() == tree)
    }
}
