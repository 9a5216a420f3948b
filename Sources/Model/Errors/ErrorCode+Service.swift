extension ErrorCode {
    // MARK: Service

    /// access.sqlite in the home, which holds tokens and sessions, cannot be used.
    public static let accessUnusable = ErrorCode("access-unusable")
    /// service.sqlite in the home, which holds keys of repeated requests, cannot be used.
    public static let serviceUnusable = ErrorCode("service-unusable")
    /// No token has the id.
    public static let unknownToken = ErrorCode("unknown-token")
    /// The password is too short or too long.
    public static let weakPassword = ErrorCode("weak-password")
    /// The request has no token, or one that does not work.
    public static let unauthorized = ErrorCode("unauthorized")
    /// The token's scope does not allow the request.
    public static let forbidden = ErrorCode("forbidden")
    /// The service has nothing at this address.
    public static let unknownRoute = ErrorCode("unknown-route")
    /// The address does not take the method.
    public static let methodNotAllowed = ErrorCode("method-not-allowed")
    /// The request's body is larger than the service takes.
    public static let bodyTooLarge = ErrorCode("body-too-large")
    /// The request's body is not JSON.
    public static let unsupportedMediaType = ErrorCode("unsupported-media-type")
    /// The caller has sent too many requests.
    public static let tooManyRequests = ErrorCode("too-many-requests")
    /// The same Idempotency-Key is still being worked on.
    public static let keyInUse = ErrorCode("key-in-use")
    /// The Idempotency-Key was sent before with another request.
    public static let keyReused = ErrorCode("key-reused")
    /// The service ended in the middle of the request that the Idempotency-Key was first sent with.
    public static let outcomeUnknown = ErrorCode("outcome-unknown")
    /// Something else listens at the address, or it is not this machine's.
    public static let addressUnavailable = ErrorCode("address-unavailable")
    /// The certificate or the key for TLS cannot be used.
    public static let certificateUnusable = ErrorCode("certificate-unusable")
    /// The inventory is being taken for the first time.
    public static let inventoryBuilding = ErrorCode("inventory-building")
    /// What would change is no longer what the caller has seen.
    public static let stalePlan = ErrorCode("stale-plan")
    /// The service failed in a way that it does not know.
    public static let internalFailure = ErrorCode("internal-failure")
}
