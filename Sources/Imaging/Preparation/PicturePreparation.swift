public import Model

/// Makes pictures fit to leave the machine and reads what their files say.
///
/// Every file is decoded in another process that has no network, no files but the one it was handed,
/// and limits of memory and time: a hostile picture costs that process and gets a code.
public final class PicturePreparation: Sendable {
    private let limits: PictureLimits
    private let pool: WorkerPool

    /// Creates a preparation; processes are started when the first picture comes.
    ///
    /// - Parameters:
    ///   - workers: how many pictures are worked on at once, usually one for each processor.
    ///   - program: what becomes a worker.
    public init(
        limits: PictureLimits = PictureLimits(), workers: Int,
        program: WorkerProgram = .current
    ) {
        self.limits = limits
        pool = WorkerPool(
            program: program, workers: workers, picturesPerWorker: limits.picturesPerWorker)
    }

    /// Makes the JPEG, measures it and reads the file's own texts.
    ///
    /// A file without texts, or whose texts cannot be read, is no failure. Cancelling the task kills
    /// the process that works on it.
    ///
    /// - Throws: `unsupported-image`, `damaged-image`, `image-too-large`, `image-timeout`,
    ///   `image-worker-failed`, `missing-library`; what opening the file throws (`file-missing`,
    ///   `permission-denied`, `unsafe-path`, `file-system-failed`); `cancelled`.
    /// - Complexity: grows with the pixels of the file, with a small factor for JPEG and WebP, which
    ///   are decoded at a smaller scale.
    public func prepare(_ file: PictureFile) async throws(MonikerError) -> PreparedPicture {
        guard case .prepared(var picture) = try await answer(.prepare, file, language: "") else {
            throw Self.unexpected(file)
        }
        picture.jpeg = try BareJPEG(checking: picture.jpeg).bytes
        return picture
    }

    /// Reads the text in a picture.
    ///
    /// Where no data for the language is installed, English is read, and a note says so; where there
    /// is none at all, the text is empty. Takes from a tenth of a second to some seconds.
    ///
    /// - Parameter language: a BCP 47 tag, such as `de` or `pt-BR`.
    /// - Throws: as `prepare`.
    public func recogniseText(
        in file: PictureFile, language: String
    ) async throws(MonikerError) -> RecognisedText {
        guard
            case .recognised(let text) = try await answer(.recognise, file, language: language)
        else { throw Self.unexpected(file) }
        return text
    }

    /// Ends the processes that have nothing to do; further pictures start new ones.
    public func endIdleWorkers() { pool.endIdleWorkers() }

    private func answer(
        _ task: PictureRequest.Task, _ file: PictureFile, language: String
    ) async throws(MonikerError) -> PictureReply {
        let request = PictureRequest(task: task, limits: limits, language: language)
        let outcome = try await pool.withWorker {
            (worker: WorkerProcess) throws(MonikerError) -> Result<PictureReply, MonikerError> in
            let opened: OpenFile
            do throws(MonikerError) {
                opened = try file.open(limit: request.limits.fileBytes)
            } catch {
                // Not thrown: the worker has no part in it and serves the next one.
                return .failure(error)
            }
            return .success(
                try worker.exchange(request, file: opened.descriptor, name: file.shown))
        }
        let reply = try outcome.get()
        if case .failed(let error) = reply {
            throw MonikerError(error.code, "\"\(file.shown)\": \(displayText(error.message.utf8))")
        }
        return reply
    }

    private static func unexpected(_ file: PictureFile) -> MonikerError {
        MonikerError(
            .imageWorkerFailed,
            "the picture worker answered another question than that for \"\(file.shown)\"; the picture was not used"
        )
    }
}
