import ArgumentParser

/// The arguments that say which images of a review list are approved.
struct ReviewChoiceOptionGroup: ParsableArguments {
    @Argument(help: ArgumentHelp("The attachments' ids.", valueName: "id"))
    var attachments: [AttachmentArgument] = []
    @Flag(help: "All on the list.") var all = false

    func validate() throws {
        guard all == attachments.isEmpty else {
            throw ValidationError("Name attachment ids, or --all.")
        }
    }
}
