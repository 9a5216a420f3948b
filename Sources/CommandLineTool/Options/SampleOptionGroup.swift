import ArgumentParser
import UseCases

/// The options that choose results to check by hand.
struct SampleOptionGroup: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Show so many results, chosen at random, for checking by hand.", valueName: "n"))
    var sample: Int?
    @Option(help: ArgumentHelp("Choose the same sample again.", valueName: "number"))
    var seed: UInt64?

    func validate() throws { try AtLeastOne.check(sample, "--sample") }

    func fill(_ options: inout GenerateOptions) {
        options.sample = sample
        options.seed = seed
    }
}
