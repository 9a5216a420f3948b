import Foundation
import HomeStore
import Model
import Testing

@Suite("A lock of the home") struct HomeLockTests {
    private func lock(_ path: String) throws(MonikerError) -> HomeLock {
        try HomeLock(path: path, busy: "taken") {
            MonikerError(.permissionDenied, "error \($0)")
        }
    }

    @Test("One has it at a time, and it ends with the value")
    func exclusive() throws {
        let home = try TestHome()
        let path = home.path + "/work.lock"
        do {
            let first = try lock(path)
            let error = #expect(throws: MonikerError.self) { _ = try lock(path) }
            #expect(error?.code == .busy)
            #expect(error?.message == "taken")
            // Of another process, and no code of the project.
            #expect(try home.run("flock", ["-n", path, "true"]).status == 1)
            _ = consume first
        }
        #expect(try home.run("flock", ["-n", path, "true"]).status == 0)
        _ = try lock(path)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
    }

    @Test("A link is not followed")
    func link() throws {
        let home = try TestHome()
        let path = home.path + "/work.lock"
        try FileManager.default.createSymbolicLink(
            atPath: path, withDestinationPath: home.path + "/elsewhere")
        let error = #expect(throws: MonikerError.self) { _ = try lock(path) }
        #expect(error?.code == .permissionDenied)
        #expect(error?.message == "error \(ELOOP)")
        #expect(!FileManager.default.fileExists(atPath: home.path + "/elsewhere"))
    }
}
