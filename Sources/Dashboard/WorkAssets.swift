extension DashboardAsset {
    /// The files of the pages Review, Jobs, History, Analysis and Settings.
    static let work: [String: [UInt8]] = [
        "work.js": PackageResources.work_js,
        "review.js": PackageResources.review_js,
        "jobs.js": PackageResources.jobs_js,
        "history.js": PackageResources.history_js,
        "analysis.js": PackageResources.analysis_js,
        "settings.js": PackageResources.settings_js,
    ]
}

extension Templates {
    /// The templates of the pages Review, Jobs, History, Analysis and Settings.
    static let work: [(name: String, text: [UInt8])] = [
        ("review", PackageResources.review_mustache),
        ("jobs", PackageResources.jobs_mustache),
        ("jobrow", PackageResources.jobrow_mustache),
        ("job", PackageResources.job_mustache),
        ("history", PackageResources.history_mustache),
        ("changeset", PackageResources.changeset_mustache),
        ("difference", PackageResources.difference_mustache),
        ("analysis", PackageResources.analysis_mustache),
        ("settings", PackageResources.settings_mustache),
        ("dataflows", PackageResources.dataflows_mustache),
    ]
}
