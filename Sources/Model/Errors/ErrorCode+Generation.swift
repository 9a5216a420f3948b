extension ErrorCode {
    // MARK: Generation

    /// generation.sqlite, where paid answers and the review list are kept, cannot be used.
    public static let generationUnusable = ErrorCode("generation-unusable")
    /// The image is not on the review list.
    public static let notInReview = ErrorCode("not-in-review")
    /// The quality gate holds the text back.
    public static let heldBack = ErrorCode("held-back")
    /// The web hook did not take the message.
    public static let webhookFailed = ErrorCode("webhook-failed")
    /// The image was asked about in a batch that has not ended yet.
    public static let batchPending = ErrorCode("batch-pending")
    /// The image has no answer yet, and this run does not ask.
    public static let notAsked = ErrorCode("not-asked")
}
