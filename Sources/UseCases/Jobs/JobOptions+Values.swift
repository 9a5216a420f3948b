public import Jobs
public import Model
import Providers

extension JobOptions {
    /// Makes sure that the work will take the values, so that a job cannot fail because of them once
    /// it is its turn.
    ///
    /// Beside `check(for:)`, which knows the options of each kind but not what they mean.
    ///
    /// - Throws: `invalid-argument`, naming the value.
    public func checkValues() throws(MonikerError) {
        if let keepOld { _ = try KeepOld(parsing: keepOld) }
        var options = GenerateOptions()
        options.fields = fields ?? []
        options.mode = mode ?? options.mode
        options.language = language ?? options.language
        _ = try options.generation(isOffline: false)
        if let budget, Budget.microdollars(budget) == nil {
            throw MonikerError(
                .invalidArgument,
                "\"\(budget)\" is no amount of US dollars for \"budget\": write it as 2.50")
        }
    }
}
