import ArgumentParser
import UseCases

/// The arguments that say which images texts are made for.
struct ImageChoiceOptionGroup: ParsableArguments {
    @Argument(help: ArgumentHelp("The attachments' ids.", valueName: "id"))
    var attachments: [AttachmentArgument] = []
    @Flag(help: "All images.") var all = false
    @Option(
        help: ArgumentHelp(
            "Only images without this text: alt, title, caption or description.",
            valueName: "field"))
    var missing: String?

    func validate() throws {
        guard all != !attachments.isEmpty || missing != nil && attachments.isEmpty else {
            throw ValidationError("Name attachment ids, or --all, or --missing FIELD.")
        }
    }

    func fill(_ options: inout GenerateOptions) {
        options.attachments = attachments.map(\.id)
        options.isAll = all || attachments.isEmpty
        options.missing = missing
    }
}
