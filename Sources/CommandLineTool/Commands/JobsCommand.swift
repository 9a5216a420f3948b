import ArgumentParser
import Jobs
import Model
import UseCases

/// `moniker jobs`.
struct JobsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs",
        abstract: "List jobs, submit them, and say what becomes of them.",
        discussion: """
            Jobs wait in the home until a `moniker worker` takes them.

            EXAMPLES
              moniker jobs
              moniker jobs B7K2M9QX4T1W8ZC3D
              moniker jobs submit metadata-and-filename
              moniker jobs submit missing-alt 42 43 --options '{"mode":"wcag"}'
              moniker jobs submit rename-map --map names.csv
              moniker jobs submit scan --schedule '0 3 * * *'
              moniker jobs pause B7K2M9QX4T1W8ZC3D
            """,
        subcommands: [
            JobsShowCommand.self, JobsSubmitCommand.self, JobsPauseCommand.self,
            JobsResumeCommand.self, JobsCancelCommand.self, JobsRetryCommand.self,
            JobsUploadsCommand.self, JobsSchedulesCommand.self, JobsUnscheduleCommand.self,
        ], defaultSubcommand: JobsShowCommand.self)
}

/// `moniker jobs [ID]`.
struct JobsShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "List jobs, newest first, or show one (the default).")

    @Argument(help: "The job's id.") var id: String?
    @Option(help: ArgumentHelp("At most so many jobs.", valueName: "n")) var limit = 50
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard (1...10_000).contains(limit) else {
            throw ValidationError("--limit takes a number from 1 to 10000.")
        }
    }

    func run() throws {
        let store = try global.session.jobStore()
        if let id {
            let job = try store.job(id)
            guard !global.json else { return Output.standard.line(JSONText.line(job)) }
            Output.standard.line(JobText.line(job))
            for item in try store.items(of: id, limit: 1000, state: .failed) {
                Output.standard.line(JobText.line(item))
            }
            return
        }
        let page = try store.jobs(limit: limit)
        if global.json {
            for job in page.items { Output.standard.line(JSONText.line(job)) }
        } else {
            JobText.write(page.items)
        }
    }
}

/// `moniker jobs submit`.
struct JobsSubmitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit", abstract: "Put a job into the queue, once or by a schedule.")

    @Argument(help: ArgumentHelp("What it does.", valueName: "kind"))
    var kind: JobKindArgument
    @Argument(help: ArgumentHelp("Only these attachments.", valueName: "id"))
    var attachments: [AttachmentArgument] = []
    @Option(
        help: ArgumentHelp("What exactly, as a JSON object (docs/jobs.md).", valueName: "json"))
    var options = "{}"
    @Option(
        help: ArgumentHelp(
            "For rename-map: CSV with the header id,name.", valueName: "file"),
        completion: .file(extensions: ["csv"]))
    var map: String?
    @Option(help: ArgumentHelp("For revert: the journal id.", valueName: "id")) var journal: String?
    @Option(help: ArgumentHelp("Jobs of a higher priority are begun first.", valueName: "n"))
    var priority = 0
    @Option(
        help: ArgumentHelp(
            "Submit it again and again: a cron expression of five fields, in UTC.",
            valueName: "cron"))
    var schedule: String?
    @OptionGroup var global: GlobalOptions

    func run() throws {
        var options = try JobOptions(parsing: self.options.utf8)
        if !attachments.isEmpty {
            let ids = attachments.map(\.id.rawValue)
            if kind.kind == .revert { options.only = ids } else { options.attachments = ids }
        }
        if let map {
            options.names = try RenameMapFile(parsing: try InputFile.contents(of: map)).lines.map {
                JobOptions.Name(
                    id: $0.attachment.rawValue, name: String(decoding: $0.name, as: UTF8.self))
            }
        }
        if let journal { options.journal = journal }
        try options.checkValues()
        let submission = JobSubmission(kind.kind, options, priority: priority)
        let store = try global.session.jobStore()
        if let schedule {
            let made = try store.schedule(submission, cron: schedule)
            Output.standard.line(global.json ? JSONText.line(made) : JobText.line(made))
        } else {
            let job = try store.submit(submission)
            Output.standard.line(global.json ? JSONText.line(job) : JobText.line(job))
        }
    }
}

/// A kind of jobs on the command line.
struct JobKindArgument: ExpressibleByArgument {
    let kind: JobKind

    init?(argument: String) {
        guard let kind = JobKind(rawValue: argument) else { return nil }
        self.kind = kind
    }

    static var allValueStrings: [String] { JobKind.allCases.map(\.rawValue) }
}

/// A command that does one thing with one job.
protocol JobControlCommand: ParsableCommand {
    var id: String { get }
    var global: GlobalOptions { get }

    /// Does it.
    func change(_ store: JobStore) throws(MonikerError) -> Job
}

extension JobControlCommand {
    func run() throws {
        let job = try change(try global.session.jobStore())
        Output.standard.line(global.json ? JSONText.line(job) : JobText.line(job))
    }
}

/// `moniker jobs pause`.
struct JobsPauseCommand: JobControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Stop a job so that `resume` goes on from there.")

    @Argument(help: "The job's id.") var id: String
    @OptionGroup var global: GlobalOptions

    func change(_ store: JobStore) throws(MonikerError) -> Job { try store.pause(id) }
}

/// `moniker jobs resume`.
struct JobsResumeCommand: JobControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Let a paused job go on.")

    @Argument(help: "The job's id.") var id: String
    @OptionGroup var global: GlobalOptions

    func change(_ store: JobStore) throws(MonikerError) -> Job { try store.resume(id) }
}

/// `moniker jobs cancel`.
struct JobsCancelCommand: JobControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "End a job; what it has committed stays.")

    @Argument(help: "The job's id.") var id: String
    @OptionGroup var global: GlobalOptions

    func change(_ store: JobStore) throws(MonikerError) -> Job { try store.cancel(id) }
}

/// `moniker jobs retry`.
struct JobsRetryCommand: JobControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Try the items again that failed, and only those.")

    @Argument(help: "The job's id.") var id: String
    @OptionGroup var global: GlobalOptions

    func change(_ store: JobStore) throws(MonikerError) -> Job { try store.retry(id) }
}

/// `moniker jobs uploads`.
struct JobsUploadsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uploads",
        abstract: "Note new uploads: one job describes them once no more have come for a while.")

    @Argument(help: ArgumentHelp("The attachments' ids.", valueName: "id"))
    var attachments: [AttachmentArgument]
    @OptionGroup var global: GlobalOptions

    private struct Waiting: Encodable {
        var waiting: Int
    }

    func run() throws {
        let store = try global.session.jobStore()
        let waiting = try store.noteUploads(attachments.map(\.id.rawValue))
        Output.standard.line(
            global.json
                ? JSONText.line(Waiting(waiting: waiting))
                : "\(waiting) uploads wait to be described")
    }
}

/// `moniker jobs schedules`.
struct JobsSchedulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedules", abstract: "List what is submitted again and again.")

    @OptionGroup var global: GlobalOptions

    func run() throws {
        for schedule in try global.session.jobStore().schedules() {
            Output.standard.line(
                global.json ? JSONText.line(schedule) : JobText.line(schedule))
        }
    }
}

/// `moniker jobs unschedule`.
struct JobsUnscheduleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unschedule", abstract: "Remove a schedule; its jobs stay.")

    @Argument(help: "The schedule's id.") var id: String
    @OptionGroup var global: GlobalOptions

    func run() throws { try global.session.jobStore().unschedule(id) }
}
