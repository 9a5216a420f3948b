import ArgumentParser

/// The option that says how much of a review list is shown.
struct ReviewLimitOptionGroup: ParsableArguments {
    @Option(help: ArgumentHelp("List at most so many images.", valueName: "n")) var limit: Int?

    func validate() throws {
        guard limit.map({ $0 > 0 }) ?? true else {
            throw ValidationError("--limit takes a number of images, at least 1.")
        }
    }
}
