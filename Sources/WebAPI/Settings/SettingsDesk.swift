import Jobs
import Model
import Synchronization
import UseCases

/// The settings in use, and what they complete.
final class SettingsDesk: Sendable {
    let command: ServiceOptions
    private let store: ServiceStore
    private let jobs: JobStore
    private let saved: Mutex<ServiceSettings>

    /// Reads the settings, and tells the queue what uploads are described with.
    ///
    /// - Throws: `service-unusable`; `jobs-unusable`.
    init(
        _ command: ServiceOptions, store: ServiceStore, jobs: JobStore
    ) throws(MonikerError) {
        self.command = command
        self.store = store
        self.jobs = jobs
        let settings = try store.settings()
        saved = Mutex(settings)
        try tellQueue(settings)
    }

    /// The settings as they are now.
    var current: ServiceSettings { saved.withLock { $0 } }

    /// Keeps settings from now on, after a look at them.
    ///
    /// - Throws: `invalid-argument`; `service-unusable`, `jobs-unusable`.
    func save(_ settings: ServiceSettings) throws(MonikerError) -> ServiceSettings {
        try settings.check(with: command)
        let kept = try store.save(settings)
        saved.withLock { $0 = kept }
        try tellQueue(kept)
        return kept
    }

    private func tellQueue(_ settings: ServiceSettings) throws(MonikerError) {
        var options = JobOptions()
        complete(&options, of: .completeMetadata, settings)
        try jobs.setUploadOptions(options)
    }

    /// Says in a job what it does not say itself.
    func complete(_ options: inout JobOptions, of kind: JobKind) {
        complete(&options, of: kind, current)
    }

    private func complete(
        _ options: inout JobOptions, of kind: JobKind, _ settings: ServiceSettings
    ) {
        guard kind.describes else { return }
        let provider = settings.provider(command)
        options.provider = provider.provider
        options.baseURL = provider.baseURL
        options.model = provider.model
        options.keyFile = provider.keyFile
        if provider.isConfined { options.confined = true }
        let website = settings.website(command)
        if options.context == nil, !website.isEmpty { options.context = website }
        if options.fields == nil, kind != .missingAlt { options.fields = settings.fields }
        if options.mode == nil, settings.mode != "balanced" { options.mode = settings.mode }
        if options.language == nil, settings.language != "auto" {
            options.language = settings.language
        }
        if options.budget == nil { options.budget = settings.budget }
        options.dailyBudget = settings.dailyBudget
        options.monthlyBudget = settings.monthlyBudget
        if settings.skip != ServiceSettings().skip { options.rules = JSONText.line(settings.skip) }
    }
}
