import ArgumentParser
import UseCases

/// The options that say how many images get which texts.
struct TextChoiceOptionGroup: ParsableArguments {
    @Option(
        help: ArgumentHelp("At most so many images; skipped ones do not count.", valueName: "n"))
    var limit: Int?
    @Option(
        help: ArgumentHelp(
            "The texts to make, with commas: alt,title,caption,description (default: all four, or that of --missing).",
            valueName: "fields"))
    var fields: String?
    @Flag(help: "Make texts anew that are there, also those of people.") var overwrite = false

    func validate() throws { try AtLeastOne.check(limit, "--limit") }

    func fill(_ options: inout GenerateOptions) {
        options.limit = limit
        options.fields = (fields ?? "").split(separator: ",").map { $0.filter { $0 != " " } }
        options.overwrites = overwrite
    }
}

/// What the numbers of the commands that make texts have in common.
enum AtLeastOne {
    static func check(_ number: Int?, _ option: String) throws {
        guard number.map({ (1...1_000_000).contains($0) }) ?? true else {
            throw ValidationError("\(option) takes a number, at least 1.")
        }
    }
}
