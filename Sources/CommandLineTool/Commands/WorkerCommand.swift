import ArgumentParser
import CLinux
import Glibc
import Jobs
import Model
import UseCases

/// `moniker worker`.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Work on the jobs that wait.",
        discussion: """
            Any number of workers share one home. SIGTERM and Ctrl-C end the running transaction and \
            leave the rest to the next worker; a worker that is killed loses nothing either, and what \
            it had committed is not done a second time.

            EXAMPLES
              moniker worker                  until it is told to stop
              moniker worker --once           until nothing may begin any more
            """)

    @Flag(help: "End as soon as no job may begin.") var once = false
    @Option(
        help: ArgumentHelp(
            "After how many seconds of silence another worker takes this one's job.",
            valueName: "seconds"))
    var lease: Int64 = JobPolicy().leaseSeconds
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard (1...3600).contains(lease) else {
            throw ValidationError("--lease takes a number from 1 to 3600.")
        }
    }

    func run() throws {
        CLinux_note_interrupts()
        var policy = JobPolicy()
        policy.leaseSeconds = lease
        let store = try global.session.jobStore(policy: policy)
        let runner = JobRunner(store, global.session) { CLinux_was_interrupted() != 0 }
        let holder = "\(Self.host):\(getpid())"
        while CLinux_was_interrupted() == 0 {
            let worked = try runner.runNext(as: holder) { show($0) }
            if worked { continue }
            if once { return }
            // Other processes add jobs by writing to the SQLite file, and it tells nobody of that; a
            // job or its retry also begins when its time has come. To look twice a second costs one
            // indexed query each time. A signal ends the wait early.
            usleep(500_000)
        }
    }

    private func show(_ job: Job) {
        if global.json {
            Output.standard.line(JSONText.line(job))
        } else if !global.quiet {
            Output.standard.line(JobText.line(job))
        }
    }

    private static var host: String {
        var name = [CChar](repeating: 0, count: 256)
        // SAFETY: the system writes at most as many bytes as the array has but one, so it ends with 0.
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        return String(
            decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
