import Foundation

/// Runs a program to its end and returns its exit code and output.
func run(_ program: String, _ arguments: [String], input: String = "") throws -> (
    code: Int32, output: String, errors: String
) {
    // Files instead of pipes: neither side can wait for the other.
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
        "moniker-run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = ["in", "out", "err"].map { folder.appendingPathComponent($0) }
    try Data(input.utf8).write(to: files[0])
    try Data().write(to: files[1])
    try Data().write(to: files[2])
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try process.run()
    process.waitUntilExit()
    return (
        process.terminationStatus,
        String(decoding: try Data(contentsOf: files[1]), as: UTF8.self),
        String(decoding: try Data(contentsOf: files[2]), as: UTF8.self)
    )
}

/// A real MariaDB server, started once for the whole run; it ends with this process.
struct MariaDBServer: Sendable {
    let socket: String
    let port: UInt16

    /// The script that starts and ends servers.
    static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Support/mariadb.sh").path

    /// The server, or nil where MariaDB is not installed.
    static let shared: MariaDBServer? = {
        let folder = "/tmp/moniker-mariadb-\(ProcessInfo.processInfo.processIdentifier)"
        do {
            let (code, output, errors) = try run(
                "bash",
                [
                    script, "start", folder, "--tcp", "--watch",
                    String(ProcessInfo.processInfo.processIdentifier),
                ])
            if code == 77 {
                print("MariaDB tests are skipped: \(errors)")
                return nil
            }
            guard code == 0 else { fatalError("mariadb.sh: \(errors)") }
            let port = try String(contentsOfFile: folder + "/port", encoding: .utf8)
            return MariaDBServer(
                socket: output.trimmingCharacters(in: .whitespacesAndNewlines),
                port: UInt16(port.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0)
        } catch { fatalError("mariadb.sh: \(error)") }
    }()

    static var isInstalled: Bool { shared != nil }

    /// Runs SQL with the server's own client, as root, and returns its rows, tab-separated.
    func sql(_ statements: String, database: String = "mysql") throws -> String {
        let (code, output, errors) = try run(
            "mariadb",
            [
                "--no-defaults", "--socket=\(socket)", "--user=root", "--batch", "--raw",
                "--skip-column-names", "--default-character-set=utf8mb4",
                "--init-command=SET sql_mode='ANSI_QUOTES,NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES'",
                database,
            ], input: statements)
        if code != 0 { throw ClientFailure(text: errors) }
        return output.hasSuffix("\n") ? String(output.dropLast()) : output
    }
}

/// What a client program said when it failed.
struct ClientFailure: Error { let text: String }
