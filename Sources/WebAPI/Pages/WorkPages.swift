import Model

/// The pages Review, Jobs, History, Analysis and Settings.
enum WorkPages {
    static func endpoints(_ environment: PageEnvironment) -> [Endpoint] {
        ReviewPage(environment).endpoints
            + JobPages(environment).endpoints
            + HistoryPages(environment).endpoints
            + AnalysisPage(environment).endpoints
            + SettingsPages(environment).endpoints
    }
}

extension APIRequest {
    /// The number in the parameter `cursor` of a page; nil for the first page.
    func numericCursor() throws(MonikerError) -> Int64? {
        guard let text = query["cursor"] else { return nil }
        guard let number = Int64(text), number >= 0 else { throw AttachmentRoutes.wrongCursor }
        return number
    }
}
