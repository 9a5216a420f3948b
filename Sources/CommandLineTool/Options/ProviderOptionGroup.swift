import ArgumentParser
import UseCases

/// The options that say which provider describes images.
struct ProviderOptionGroup: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Who describes: offline, anthropic, openai or gemini (default: $MONIKER_PROVIDER, else offline).",
            valueName: "name"),
        completion: .list(["offline", "anthropic", "openai", "gemini"]))
    var provider: String?

    @Option(
        name: .customLong("base-url"),
        help: ArgumentHelp(
            "Another server with the provider's API, such as http://127.0.0.1:11434/v1.",
            valueName: "url"))
    var baseURL: String?

    @Option(
        help: ArgumentHelp(
            "The model (default: the provider's small one that sees).", valueName: "name"))
    var model: String?

    @Option(
        help: ArgumentHelp(
            "A file with the key that only you can read, instead of the environment.",
            valueName: "file"), completion: .file())
    var keyFile: String?

    /// What the use cases need to know.
    var options: ProviderOptions {
        ProviderOptions(provider: provider, baseURL: baseURL, model: model, keyFile: keyFile)
    }
}
