extension ErrorCode {
    // MARK: Network

    /// A server could not be reached, or the connection broke.
    public static let networkFailed = ErrorCode("network-failed")
    /// A server did not answer in time.
    public static let timedOut = ErrorCode("timed-out")
    /// An answer is larger than what such an answer may be.
    public static let responseTooLarge = ErrorCode("response-too-large")
    /// The address is one that requests never go to, such as a cloud's metadata service.
    public static let addressRefused = ErrorCode("address-refused")

    // MARK: Providers

    /// No key was given for a provider that needs one.
    public static let keyMissing = ErrorCode("key-missing")
    /// The key's file can be read by others, or is not one key.
    public static let keyFileUnsafe = ErrorCode("key-file-unsafe")
    /// The provider refused the key.
    public static let keyRejected = ErrorCode("key-rejected")
    /// The provider wants a payment first.
    public static let paymentRequired = ErrorCode("payment-required")
    /// A quota is used up that waiting for seconds does not restore.
    public static let quotaExhausted = ErrorCode("quota-exhausted")
    /// The provider asked to wait longer, or more often, than the retries do.
    public static let rateLimited = ErrorCode("rate-limited")
    /// The provider failed, also when it was asked again.
    public static let providerFailed = ErrorCode("provider-failed")
    /// The provider does not take the request; asking again would not help.
    public static let requestRejected = ErrorCode("request-rejected")
    /// The provider has no such model, or not for this key.
    public static let unknownModel = ErrorCode("unknown-model")
    /// The model declined to describe the image.
    public static let refused = ErrorCode("refused")
    /// The provider's filter blocked the image or the answer.
    public static let contentFiltered = ErrorCode("content-filtered")
    /// The answer was cut off at the length limit.
    public static let truncated = ErrorCode("truncated")
    /// The answer holds no text.
    public static let emptyAnswer = ErrorCode("empty-answer")
    /// The answer is not the JSON that was asked for.
    public static let malformedAnswer = ErrorCode("malformed-answer")
    /// The answer lacks a text that was asked for.
    public static let incompleteAnswer = ErrorCode("incomplete-answer")

    // MARK: Budgets and batches

    /// The next request could cost more than what is left of the budget.
    public static let budgetExhausted = ErrorCode("budget-exhausted")
    /// No price is known for the model, so that a budget cannot be kept.
    public static let unknownPrice = ErrorCode("unknown-price")
    /// The file of prices cannot be read.
    public static let malformedPrices = ErrorCode("malformed-prices")
    /// Whether a batch was created is unknown, because the answer was lost.
    public static let batchUncertain = ErrorCode("batch-uncertain")
    /// A batch ended without this request being worked on.
    public static let batchExpired = ErrorCode("batch-expired")
    /// A batch was cancelled before this request was worked on.
    public static let batchCancelled = ErrorCode("batch-cancelled")
}
