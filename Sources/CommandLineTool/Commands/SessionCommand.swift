import ArgumentParser
import CLinux
import Model
import UseCases

/// A phase of more steps than this is long.
private let longPhase = 10_000

/// A command that works on a site.
protocol SessionCommand: ParsableCommand {
    var global: GlobalOptions { get }
    /// The site and how it is opened.
    var sessionOptions: SessionOptions { get }
    /// Whether Ctrl-C waits for a place where the work can be undone or gone on with.
    var stopsBetweenSteps: Bool { get }

    /// Does the work and shows what came of it.
    func run(in session: Session) throws
}

extension SessionCommand {
    var sessionOptions: SessionOptions { global.session }
    var stopsBetweenSteps: Bool { false }

    func run() throws {
        let bar = ProgressBar(global)
        defer { bar.clear() }
        if stopsBetweenSteps { CLinux_note_interrupts() }
        var last: ProgressReport?
        let session = try Session(
            sessionOptions,
            progress: { progress in
                // What a long phase leaves behind would add to what the next one needs.
                if let last, progress.phase != last.phase, last.total ?? 0 > longPhase {
                    CLinux_return_free_memory()
                }
                last = progress
                bar.show(progress)
            },
            isCancelled: { CLinux_was_interrupted() != 0 })
        // What was recovered is known only when the command has begun.
        defer {
            for note in session.notes where !global.quiet {
                bar.clear()
                Output.error.line("note: \(note)")
            }
        }
        try run(in: session)
        bar.clear()
    }

    /// Shows a report: JSON where asked for, else what `text` writes.
    func show(_ report: some Encodable, _ text: () -> Void) {
        if global.json {
            Output.standard.line(JSONText.line(report))
        } else {
            text()
        }
    }

    /// Shows what a writing command did and ends with the status that says so.
    func finish(_ report: ChangeReport) throws {
        show(report) { ChangeText(report, isVerbose: global.verbose).write() }
        try end(report)
    }
}

/// An attachment id on the command line.
struct AttachmentArgument: ExpressibleByArgument {
    let id: AttachmentID

    init?(argument: String) {
        guard let number = Int64(argument), number > 0 else { return nil }
        id = AttachmentID(number)
    }
}

/// A journal id on the command line.
///
/// Text that cannot be one is an id that is not there.
struct JournalArgument: ExpressibleByArgument {
    private let text: String

    init(argument: String) { text = argument }

    /// The id.
    ///
    /// - Throws: `unknown-journal` for text that no id looks like.
    func id() throws(MonikerError) -> JournalID {
        guard let id = JournalID(text) else {
            throw MonikerError(
                .unknownJournal,
                "there is no change set \"\(text)\" in this journal: `moniker journal` lists them",
                details: ["journal": text])
        }
        return id
    }
}
