internal import CSandbox
internal import Glibc
internal import Model

/// What a worker keeps between requests.
struct WorkerSession {
    /// A program and its libraries need some; a decoder opens next to none.
    private static let openFiles: UInt64 = 64

    private var isShutIn = false
    private var decoder: PictureDecoder?
    private var embedded = EmbeddedTextReader()
    private var recogniser = TextRecogniser()

    /// Does what was asked.
    ///
    /// - Throws: the codes of `PicturePreparation.prepare`.
    mutating func reply(
        to request: PictureRequest, file: Int32
    ) throws(MonikerError) -> PictureReply {
        try shutIn(request.limits)
        // The caller ends a worker that is late; this is for a worker whose caller is gone.
        let seconds = UInt64(min(max(request.limits.milliseconds, 0), 86_400_000)) / 1000 + 2
        CSandbox_allow_seconds(seconds, 2 * seconds)
        let bytes = try contents(of: file, limit: request.limits.fileBytes)
        let decoder: PictureDecoder
        if let present = self.decoder {
            decoder = present
        } else {
            decoder = try PictureDecoder()
            self.decoder = decoder
        }
        let header = try decoder.header(of: bytes, limits: request.limits)
        switch request.task {
        case .prepare:
            var pixels = try decoder.pixels(of: bytes, header: header, edge: request.limits.edge)
            var facts = PixelStatistics(pixels).facts(width: header.width, height: header.height)
            facts.frames = header.frames
            pixels.flattenOnWhite()
            let jpeg = try decoder.jpeg(of: pixels, quality: request.limits.quality)
            let (texts, note) = embedded.texts(of: bytes)
            return .prepared(
                PreparedPicture(jpeg: jpeg, facts: facts, embedded: texts, note: note))
        case .recognise:
            var pixels = try decoder.pixels(of: bytes, header: header, edge: TextRecogniser.edge)
            pixels.flattenOnWhite()
            return .recognised(recogniser.text(in: pixels, language: request.language))
        }
    }

    private mutating func shutIn(_ limits: PictureLimits) throws(MonikerError) {
        guard !isShutIn else { return }
        let each = min(max(limits.milliseconds, 0), 86_400_000) / 1000 + 2
        let seconds = each * (min(max(limits.picturesPerWorker, 0), 1_000_000) + 1)
        var sandbox = CSandboxLimits(
            address_space: UInt64(max(limits.addressSpace, 0)),
            processor_seconds: UInt64(seconds), open_files: Self.openFiles)
        // SAFETY: the text of the environment stays, and the call keeps nothing.
        let failure = unsafe CSandbox_enter(&sandbox, getenv("TESSDATA_PREFIX"))
        guard failure == 0 else {
            throw MonikerError(
                .imageWorkerFailed,
                "the limits of the picture worker cannot be set (error \(failure) of the system)")
        }
        isShutIn = true
    }

    private func contents(of file: Int32, limit: Int) throws(MonikerError) -> [UInt8] {
        var status = stat()
        // SAFETY: the system only writes to `status`.
        guard unsafe fstat(file, &status) == 0, status.st_size <= limit else {
            throw MonikerError(.imageTooLarge, "its size changed while it was opened; try again")
        }
        let size = Int(status.st_size)
        var isComplete = true
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                // SAFETY: not more than the rest of the buffer is written.
                let done = unsafe pread(
                    file, buffer.baseAddress?.advanced(by: count), size - count, off_t(count))
                if done < 0, errno == EINTR { continue }
                isComplete = done >= 0
                guard done > 0 else { return }
                count += done
            }
        }
        guard isComplete else {
            throw MonikerError(.fileSystemFailed, "it cannot be read to its end; check the disk")
        }
        return bytes
    }
}
