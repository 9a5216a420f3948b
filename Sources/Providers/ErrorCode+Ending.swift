public import Model

extension ErrorCode {
    /// Whether every further request of the job would fail the same way, so that preparing more
    /// images makes no sense.
    public var endsDescribing: Bool {
        [.keyRejected, .paymentRequired, .quotaExhausted, .unknownModel, .budgetExhausted]
            .contains(self)
    }
}
