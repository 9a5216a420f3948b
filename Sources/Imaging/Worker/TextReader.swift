internal import CTesseract

/// A reader of tesseract for some languages.
@safe
final class TextReader {
    private let reader: OpaquePointer

    /// Loads the languages' data; nil where it is not installed.
    init?(_ languages: String) {
        // SAFETY: the name is copied by the library.
        guard let reader = unsafe CTesseract_open(languages) else { return nil }
        unsafe self.reader = reader
    }

    deinit { unsafe CTesseract_close(reader) }

    /// The words of a picture of three bands; nil where it cannot be read.
    func words(in pixels: Pixels) -> TextRecogniser.Words? {
        var words = TextRecogniser.Words()
        let failed = unsafe withUnsafeMutablePointer(to: &words) { words in
            // SAFETY: the pixels and the words outlive the call; `heard` gets the words as context.
            unsafe CTesseract_read(
                reader, pixels.values, Int32(pixels.width), Int32(pixels.height), heard, words)
        }
        return failed == 0 ? words : nil
    }
}

/// Hears the words of tesseract.
private func heard(
    _ context: UnsafeMutableRawPointer?, _ word: UnsafePointer<CChar>?, _ confidence: Float,
    _ startsLine: Int32
) {
    // SAFETY: the context is the words that `text(in:language:)` gave, the word ends with NUL.
    guard let context = unsafe context, let word = unsafe word else { return }
    let words = unsafe context.assumingMemoryBound(to: TextRecogniser.Words.self)
    unsafe words.pointee.add(
        String(cString: word), confidence: confidence, startsLine: startsLine != 0)
}
