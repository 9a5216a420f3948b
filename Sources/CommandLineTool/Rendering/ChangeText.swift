import Foundation
import UseCases

/// A change report for people.
struct ChangeText {
    private let report: ChangeReport
    private let isVerbose: Bool

    init(_ report: ChangeReport, isVerbose: Bool) {
        self.report = report
        self.isVerbose = isVerbose
    }

    func write() {
        for line in lines { Output.standard.line(line) }
    }

    private var lines: [String] {
        var lines: [String] = []
        if let changes = report.changes { lines += changeLines(changes) }
        lines.append(headline)
        if report.journal != nil { lines += afterwards }
        lines += leftLines("conflict", report.conflicts)
        lines += leftLines("left as it is", report.opaque)
        lines += list(
            report.skipped.map { "skipped \($0.attachment) (\($0.reason)): \($0.detail)" })
        for (host, count) in report.foreign.sorted(by: { $0.key < $1.key }) {
            lines.append(
                "\(count) URL\(count == 1 ? "" : "s") on \(host) not touched: another host (--host \(host) if it serves this site)"
            )
        }
        if isVerbose {
            lines.append(
                String(
                    format: "plan %.3f s, files %.3f s, database %.3f s", report.seconds.plan,
                    report.seconds.files, report.seconds.database))
        }
        return lines
    }

    private var headline: String {
        let what =
            "\(count(report.attachments, "attachment")), \(count(report.files, "file")), \(count(report.references, "reference")) in \(count(report.cells, "value"))"
        switch report.state {
        case .planned: return "Would change \(what). Nothing was changed (--dry-run)."
        case .refused: return "Nothing was changed."
        case .done, .partial:
            if report.files == 0, report.references == 0 {
                let texts =
                    "\(count(report.cells, "text")) of \(count(report.attachments, "attachment"))"
                return report.reverts.map { "Took back \($0): \(texts)." } ?? "Wrote \(texts)."
            }
            let verb = report.reverts == nil ? "Renamed" : "Took back \(report.reverts ?? ""):"
            return "\(verb) \(what)."
        }
    }

    private var afterwards: [String] {
        guard let journal = report.journal else { return [] }
        var lines = ["Journal entry \(journal); take it back with: moniker revert \(journal)"]
        if let until = report.keepOldUntil, until > Int64(Date().timeIntervalSince1970) {
            lines.append("Old names go on working until \(Moment.text(until)).")
        }
        return lines
    }

    private func changeLines(_ changes: [ChangeReport.Change]) -> [String] {
        list(
            changes.flatMap { change -> [String] in
                guard change.kind != "file" else {
                    return ["file \(change.before) -> \(change.after)"]
                }
                let place =
                    change.file
                    ?? "\(change.table ?? "").\(change.column ?? "")#\(change.key?.description ?? "")"
                return [place, "  - \(change.before)", "  + \(change.after)"]
            })
    }

    private func leftLines(_ what: String, _ cells: [ChangeReport.LeftCell]) -> [String] {
        list(
            cells.map { cell in
                let place =
                    cell.file
                    ?? "\(cell.table ?? "").\(cell.column ?? "")#\(cell.key?.description ?? "")"
                guard cell.field == nil else {
                    return "\(what): \(place) (\(cell.reason)); the text was left as it is"
                }
                return "\(what): \(place) (\(cell.reason)); the old file name goes on working"
            })
    }

    private func list(_ lines: [String]) -> [String] {
        BriefList.of(lines, isVerbose: isVerbose)
    }
}

/// A number and what it counts.
func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
}

/// A point in time for people.
enum Moment {
    /// The time in the machine's own zone, to the minute.
    static func text(_ seconds: Int64) -> String {
        let formatter = DateFormatter()
        formatter.dateFormat = "yyyy-MM-dd HH:mm"
        return formatter.string(from: Date(timeIntervalSince1970: Double(seconds)))
    }
}
