import ArgumentParser

/// The arguments that say which texts an image of a review list gets instead.
struct ReviewEditOptionGroup: ParsableArguments {
    @Argument(help: ArgumentHelp("The attachment's id.", valueName: "id"))
    var attachment: AttachmentArgument
    @Option(help: ArgumentHelp("The text alternative.", valueName: "text")) var alt: String?
    @Option(help: ArgumentHelp("The title.", valueName: "text")) var title: String?
    @Option(help: ArgumentHelp("The caption.", valueName: "text")) var caption: String?
    @Option(help: ArgumentHelp("The description.", valueName: "text")) var description: String?
    @Flag(help: "Overrule the quality gate.") var force = false

    /// The texts by the names of their fields.
    var texts: [String: String] {
        [
            "alt": alt, "title": title, "caption": caption, "description": description,
        ].compactMapValues(\.self)
    }

    func validate() throws {
        guard !texts.isEmpty else {
            throw ValidationError("Give --alt, --title, --caption or --description.")
        }
    }
}
