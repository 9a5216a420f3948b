import CFuzzer
import Glibc

/// `ParserFuzz TARGET [arguments of libFuzzer]`: feeds one group of parsers.
@main enum ParserFuzz {
    /// The groups; each function ends the process when something that must hold does not.
    static let targets: [String: @Sendable ([UInt8]) -> Void] = [
        "rewriter": fuzzRewriter,
        "configuration": fuzzConfiguration,
        "metadata": fuzzMetadata,
        "maps": fuzzMaps,
        "names": fuzzNames,
        "journal": fuzzJournal,
    ]

    /// The chosen group; libFuzzer's callback is a C function and can capture nothing.
    nonisolated(unsafe) private static var target: ([UInt8]) -> Void = { _ in }

    static func main() {
        guard CommandLine.argc > 1, let chosen = targets[CommandLine.arguments[1]] else {
            print(targets.keys.sorted().joined(separator: "\n"))
            exit(64)
        }
        target = chosen
        var count = CommandLine.argc - 1
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? =
            CommandLine.unsafeArgv + 1
        exit(
            LLVMFuzzerRunDriver(&count, &arguments) { start, count in
                ParserFuzz.target(Array(UnsafeBufferPointer(start: start, count: count)))
                return 0
            })
    }
}

/// Ends the process, which libFuzzer reports with the input, when something does not hold.
func expect(_ condition: Bool, _ rule: @autoclosure () -> String) {
    guard !condition else { return }
    fatalError("does not hold: \(rule())")
}
