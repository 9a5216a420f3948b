import UseCases

/// What the reference index is, for people.
struct IndexText {
    private let report: IndexReport

    init(_ report: IndexReport) { self.report = report }

    func write() {
        switch report.state {
        case "off":
            Output.standard.line("The reference index is off: every rename scans all tables.")
            return
        case "stale":
            Output.standard.line(
                "The reference index is on, but cannot be used: the next rename makes it again, or run `moniker index on`."
            )
        default:
            Output.standard.line(
                "The reference index is on: \(count(report.names, "name")) in \(count(report.rows, "row")), \(count(report.always, "row")) always looked at, \(count(report.pending, "change")) not taken in yet, \(report.bytes / 1024) KiB."
            )
        }
        for table in report.tables where !table.indexed {
            Output.standard.line("\(table.table) is scanned: \(Self.reason(table.reason))")
        }
    }

    private static func reason(_ code: String?) -> String {
        switch code {
        case "no-primary-key": "it has no primary key"
        case "no-transactions": "it cannot roll back (it is not InnoDB)"
        case "foreign-keys": "a foreign key changes it, which fires no trigger"
        case "unsuitable-key": "its primary key is of a kind that is not noted"
        case "trigger-refused": "the server takes no further trigger on it"
        case "not-tracked": "it is new or was made again; `moniker index on` takes it in"
        default: "it, or its triggers, were made again; the next rename reads it"
        }
    }
}
