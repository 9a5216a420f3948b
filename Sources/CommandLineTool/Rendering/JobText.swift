import Foundation
import Jobs
import Model

/// Jobs for people.
enum JobText {
    /// One line about a job.
    static func line(_ job: Job) -> String {
        var parts = ["\(job.id)  \(job.kind.rawValue)  \(state(job))"]
        if job.progress.total > 0 { parts.append("\(job.progress.done)/\(job.progress.total)") }
        if let seconds = job.progress.etaSeconds { parts.append("about \(seconds) s left") }
        let items = job.progress.items
        for (count, name) in [
            (items.applied, "applied"), (items.review, "to review"), (items.skipped, "skipped"),
            (items.failed, "failed"),
        ] where count > 0 {
            parts.append("\(count) \(name)")
        }
        if let journal = job.journal { parts.append(journal) }
        if let error = job.error { parts.append(PlainLine.of(error.message)) }
        return parts.joined(separator: ", ")
    }

    /// One line about an item.
    static func line(_ item: JobItem) -> String {
        "  [\(item.state.rawValue)] \(item.attachment): \(item.reason ?? "") \(PlainLine.of(item.detail))"
    }

    /// One line about a schedule.
    static func line(_ schedule: JobSchedule) -> String {
        let next = schedule.next.map {
            Date(timeIntervalSince1970: Double($0)).formatted(.iso8601)
        }
        return
            "\(schedule.id)  \(schedule.kind.rawValue)  \(PlainLine.of(schedule.cron))  next \(next ?? "never")"
    }

    /// A table of jobs.
    static func write(_ jobs: [Job]) {
        var table = Table([
            ("ID", .left), ("Kind", .left), ("State", .left), ("Done", .right), ("Failed", .right),
            ("Journal", .left),
        ])
        for job in jobs {
            table.add([
                job.id, job.kind.rawValue, state(job),
                job.progress.total > 0 ? "\(job.progress.done)/\(job.progress.total)" : "",
                "\(job.progress.items.failed)", job.journal ?? "",
            ])
        }
        for line in table.lines(width: Output.standard.width) { Output.standard.line(line) }
    }

    private static func state(_ job: Job) -> String {
        switch job.request {
        case .pause: "\(job.state.rawValue), to be paused"
        case .cancel: "\(job.state.rawValue), to be cancelled"
        case nil: job.state.rawValue
        }
    }
}
