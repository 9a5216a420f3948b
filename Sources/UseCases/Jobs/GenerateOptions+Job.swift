import Jobs
import Model

extension GenerateOptions {
    /// What a job that describes asks for.
    ///
    /// - Parameter only: the attachments that are tried again; nil for all that the job names.
    /// - Throws: `invalid-argument` for a duration that is none.
    init(_ job: Job, only: [Int64]?) throws(MonikerError) {
        self.init()
        let options = job.options
        if let chosen = only ?? options.attachments {
            attachments = chosen.map { AttachmentID($0) }
        } else {
            isAll = true
        }
        missing = job.kind == .missingAlt ? "alt" : nil
        renames = job.kind == .metadataAndFilename
        onlyUsed = options.used ?? false
        limit = only == nil ? options.limit : nil
        fields = options.fields ?? []
        overwrites = options.overwrite ?? false
        mode = options.mode ?? mode
        language = options.language ?? language
        website = options.context ?? ""
        provider = ProviderOptions(
            provider: options.provider, baseURL: options.baseURL, model: options.model,
            keyFile: options.keyFile)
        provider.isConfined = options.confined ?? false
        rules = options.rules.map { Array($0.utf8) }
        dailyBudget = options.dailyBudget
        monthlyBudget = options.monthlyBudget
        concurrency = options.concurrency
        budget = options.budget
        if let text = options.keepOld { keepOld = try KeepOld(parsing: text) }
    }
}

extension RenameMapFile {
    /// The lines of a job.
    ///
    /// - Parameter only: the attachments that are tried again; nil for all.
    init(_ names: [JobOptions.Name], only: [Int64]?) {
        let chosen = only.map { Set($0) }
        lines = names.enumerated().compactMap { index, name in
            guard chosen?.contains(name.id) ?? true else { return nil }
            return Line(
                number: index + 1, attachment: AttachmentID(name.id),
                name: Array((name.name ?? "").utf8))
        }
    }
}
