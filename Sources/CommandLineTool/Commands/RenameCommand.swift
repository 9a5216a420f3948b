import ArgumentParser
import Model
import UseCases

/// `moniker rename`.
struct RenameCommand: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "rename",
        abstract: "Give an image, its sizes and every reference another file name.",
        discussion: """
            Backs up the originals, links the new names beside the old ones, rewrites every
            reference in one database transaction, and writes a journal entry that `moniker revert`
            takes back. Old names go on working for a day (--keep-old).

            EXAMPLES
              moniker rename 42 red-mountain-bike
              moniker rename 42                        name made from title or alt text
              moniker rename 42 red-mountain-bike --dry-run
              moniker rename --map names.csv           many at once; the file begins with `id,name`
              moniker rename 42 red-bike --keep-old none
            """)

    @Argument(help: "The attachment's id.") var attachment: AttachmentArgument?
    @Argument(help: "The new name, with or without the extension.") var name: String?
    @Option(
        help: ArgumentHelp("Rename many: CSV with the header id,name.", valueName: "file"),
        completion: .file(extensions: ["csv"]))
    var map: String?
    @Option(
        help: ArgumentHelp(
            "How long old names go on working: a duration such as 24h or 7d, none, or forever.",
            valueName: "duration"))
    var keepOld: String = "24h"
    @Flag(help: "Show what would change and change nothing.") var dryRun = false
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard (attachment == nil) != (map == nil) else {
            throw ValidationError("Name either an attachment id or --map FILE.")
        }
    }

    var stopsBetweenSteps: Bool { true }

    func run(in session: Session) throws {
        let keep = try KeepOld(parsing: keepOld)
        if let map {
            let file = try RenameMapFile(parsing: try InputFile.contents(of: map))
            try finish(try session.rename(file, keepOld: keep, isDryRun: dryRun))
        } else if let attachment {
            try finish(
                try session.rename(
                    attachment.id, to: name.map { Array($0.utf8) }, keepOld: keep,
                    isDryRun: dryRun))
        }
    }
}
