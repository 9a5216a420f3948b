import ArgumentParser
import UseCases

/// `moniker provider`.
struct ProviderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "provider", abstract: "Try a provider of descriptions.",
        subcommands: [ProviderTestCommand.self])
}

/// `moniker provider test`.
struct ProviderTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Test the key and the model, with a word and a grey square.",
        discussion: """
            Needs no site and sends nothing of one. The key comes from ANTHROPIC_API_KEY, \
            OPENAI_API_KEY or GEMINI_API_KEY, or from a file that only you can read, and is never \
            printed or stored.

            EXAMPLES
              moniker provider test --provider anthropic
              moniker provider test --provider openai --model gpt-4o
              moniker provider test --provider openai --model llava \\
                --base-url http://127.0.0.1:11434/v1

            Exit status: 0 it works; 1 it does not, also if only pictures fail.
            """)

    @OptionGroup var provider: ProviderOptionGroup
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let report = try ProviderCheck.run(provider.options)
        if global.json {
            Output.standard.line(JSONText.line(report))
        } else {
            ProviderText(report).write()
        }
        guard report.describesImages != false else { throw ExitCode(ExitStatus.refused) }
    }
}
