public import Model

extension SessionOptions {
    /// The absolute path of the home, which is made for its owner alone unless it is there.
    ///
    /// - Throws: `permission-denied`.
    public func preparedHome() throws(MonikerError) -> String {
        let path = HomeFolder.path(self)
        try HomeFolder.create(path)
        return String(decoding: path, as: UTF8.self)
    }
}
