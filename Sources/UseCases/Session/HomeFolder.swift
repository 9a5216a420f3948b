import Foundation
import Glibc
import Model

/// The folder that Moniker keeps everything in.
enum HomeFolder {
    /// The absolute path: `--home`, else `$MONIKER_HOME`, else `./backups`.
    static func path(_ options: SessionOptions) -> [UInt8] {
        let chosen =
            options.home ?? ProcessInfo.processInfo.environment["MONIKER_HOME"] ?? "backups"
        let url = URL(fileURLWithPath: chosen).standardizedFileURL
        return Array(url.path.utf8)
    }

    /// Makes the folder, for its owner alone, unless it is there.
    static func create(_ path: [UInt8]) throws(MonikerError) {
        let text = String(decoding: path, as: UTF8.self)
        // From the folder itself upwards to the first that is there, and down again. Not
        // Foundation's way, which never ends while the system cannot say whether a folder exists.
        var missing: [[UInt8]] = []
        var folder = path
        while let failure = makeFolder(folder) {
            let name = folder.lastIndex(of: UInt8(ascii: "/")) ?? 0
            guard failure == ENOENT, name > 0 else { throw notCreated(text, failure) }
            missing.append(folder)
            folder = Array(folder[..<name])
        }
        for folder in missing.reversed() {
            if let failure = makeFolder(folder) { throw notCreated(text, failure) }
        }
        guard unsafe access(text, W_OK | X_OK) == 0 else {
            throw MonikerError(
                .permissionDenied,
                "the home \(text) cannot be written: check its owner and rights, or name another with --home DIR",
                details: ["home": text])
        }
    }

    /// Makes one folder unless it is there; the system's error number when that failed.
    private static func makeFolder(_ path: [UInt8]) -> Int32? {
        // SAFETY: the C string lives through the call, which only reads it.
        let answer = unsafe mkdir(String(decoding: path, as: UTF8.self), 0o700)
        return answer == 0 || errno == EEXIST ? nil : errno
    }

    private static func notCreated(_ home: String, _ failure: Int32) -> MonikerError {
        // SAFETY: the text is copied before anybody else can ask for another one.
        let reason = unsafe String(cString: strerror(failure))
        return MonikerError(
            .permissionDenied,
            "the home \(home) cannot be created (\(reason)): name another with --home DIR",
            details: ["home": home])
    }
}
