public import Imaging
public import Model

/// Port: where pictures come from, made fit to leave the machine.
public protocol PictureSource: Sendable {
    /// Makes the JPEG of a file below the uploads folder, measures it and reads its own texts.
    ///
    /// - Throws: what `PicturePreparation.prepare` throws.
    func prepare(_ path: MediaPath) async throws(MonikerError) -> PreparedPicture

    /// Reads the text in a picture.
    ///
    /// - Throws: what `PicturePreparation.recogniseText` throws.
    func recogniseText(
        in path: MediaPath, language: String
    ) async throws(MonikerError) -> RecognisedText
}

/// The pictures of a site, decoded by child processes.
public struct SitePictures: PictureSource {
    private let preparation: PicturePreparation
    private let uploads: String

    /// Creates a source for the files below an uploads folder.
    public init(_ preparation: PicturePreparation, uploads: String) {
        self.preparation = preparation
        self.uploads = uploads
    }

    /// Makes the JPEG of a file.
    ///
    /// - Throws: what `PicturePreparation.prepare` throws.
    public func prepare(_ path: MediaPath) async throws(MonikerError) -> PreparedPicture {
        try await preparation.prepare(PictureFile(path, in: uploads))
    }

    /// Reads the text in a picture.
    ///
    /// - Throws: what `PicturePreparation.recogniseText` throws.
    public func recogniseText(
        in path: MediaPath, language: String
    ) async throws(MonikerError) -> RecognisedText {
        try await preparation.recogniseText(in: PictureFile(path, in: uploads), language: language)
    }
}
