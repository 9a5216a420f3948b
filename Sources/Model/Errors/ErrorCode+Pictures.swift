extension ErrorCode {
    // MARK: Pictures

    /// The file is no picture that is prepared: not JPEG, PNG, GIF, WebP, AVIF or HEIC.
    public static let unsupportedImage = ErrorCode("unsupported-image")
    /// The picture is cut off or damaged.
    public static let damagedImage = ErrorCode("damaged-image")
    /// The picture has more bytes or pixels than is allowed.
    public static let imageTooLarge = ErrorCode("image-too-large")
    /// Preparing the picture took longer than is allowed.
    public static let imageTimeout = ErrorCode("image-timeout")
    /// The process that prepares pictures cannot be started, died or answered nonsense.
    public static let imageWorkerFailed = ErrorCode("image-worker-failed")
    /// A library that is needed is not installed.
    public static let missingLibrary = ErrorCode("missing-library")
}
