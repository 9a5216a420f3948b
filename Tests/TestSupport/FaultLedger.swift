internal import Foundation

/// Where each test of crashes, faults and races writes down how much it tried and what broke.
///
/// `Scripts/fault-table.py` makes the table of docs/protocol.md from these rows.
public enum FaultLedger {
    /// Whether the long run was asked for (`make crash`) instead of the short one (`make test`).
    public static var isLongRun: Bool {
        ProcessInfo.processInfo.environment["MONIKER_LONG_RUN"] == "1"
    }

    /// Writes one row, replacing an earlier one of the same name.
    ///
    /// - Parameters:
    ///   - layer: `L1` … `L8`, as the plan numbers the layers.
    ///   - name: what was tried, in words, unique among the rows.
    ///   - tried: how many times.
    ///   - violations: how many of these broke an invariant.
    public static func record(
        layer: String, _ name: String, tried: Int, violations: Int
    ) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../.test/faults").standardizedFileURL
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let slug = name.map { $0.isLetter || $0.isNumber ? $0 : "-" }
        let row = "\(layer)\t\(name)\t\(tried)\t\(violations)\n"
        try Data(row.utf8).write(
            to: folder.appendingPathComponent("\(layer)-\(String(slug)).tsv"), options: .atomic)
    }
}
