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
        do {
            try FileManager.default.createDirectory(
                atPath: text, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw MonikerError(
                .permissionDenied,
                "the home \(text) cannot be created (\(error.localizedDescription)): name another with --home DIR",
                details: ["home": text], cause: error)
        }
        guard unsafe access(text, W_OK | X_OK) == 0 else {
            throw MonikerError(
                .permissionDenied,
                "the home \(text) cannot be written: check its owner and rights, or name another with --home DIR",
                details: ["home": text])
        }
    }
}
