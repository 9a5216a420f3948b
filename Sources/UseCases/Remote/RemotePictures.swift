import Generation
import Glibc
import Imaging
import Inventory
import Model
import RemoteSite

/// The pictures of a site over REST: fetched to a private folder, prepared, and removed.
struct RemotePictures: PictureSource {
    private let site: RemoteSite
    private let preparation: PicturePreparation
    private let images: [MediaPath: RemoteImage]

    init(_ site: RemoteSite, _ images: [RemoteImage], _ preparation: PicturePreparation) {
        self.site = site
        self.preparation = preparation
        self.images = Dictionary(
            images.compactMap { image in
                MediaPath(ifValid: image.item.path.utf8).map { ($0, image) }
            }, uniquingKeysWith: { first, _ in first })
    }

    func prepare(_ path: MediaPath) async throws(MonikerError) -> PreparedPicture {
        let copy = try await fetch(path)
        let picture = try await preparation.prepare(copy.file)
        extendLifetime(copy)
        return picture
    }

    func recogniseText(
        in path: MediaPath, language: String
    ) async throws(MonikerError) -> RecognisedText {
        let copy = try await fetch(path)
        let text = try await preparation.recogniseText(in: copy.file, language: language)
        extendLifetime(copy)
        return text
    }

    private func fetch(_ path: MediaPath) async throws(MonikerError) -> PictureCopy {
        guard let image = images[path] else {
            throw MonikerError(.fileMissing, "the site has no image \"\(path)\"; list them again")
        }
        return try PictureCopy(try await site.picture(of: image), named: path)
    }
}

/// A file with a picture in a folder of its own, which goes with it.
private final class PictureCopy: Sendable {
    let file: PictureFile
    private let folder: String
    private let path: String

    init(_ bytes: [UInt8], named original: MediaPath) throws(MonikerError) {
        let name = try MediaPath(String(decoding: original.name, as: UTF8.self))
        folder = try Self.makeFolder()
        path = "\(folder)/\(name)"
        file = PictureFile(name, in: folder)
        try Self.write(bytes, to: path)
    }

    deinit {
        // SAFETY: the system only reads the paths.
        unsafe unlink(path)
        unsafe rmdir(folder)
    }

    private static func makeFolder() throws(MonikerError) -> String {
        // SAFETY: the value of the environment is copied before anybody could change it.
        let parent = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var template = Array((parent + "/moniker-picture-XXXXXX").utf8CString)
        // SAFETY: mkdtemp changes the six characters at the end of the array and nothing else.
        guard unsafe mkdtemp(&template) != nil else { throw failure(parent) }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(MonikerError) {
        // SAFETY: the system only reads the path.
        let descriptor = unsafe open(
            path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        var position = 0
        while position < bytes.count {
            let written = unsafe bytes.withUnsafeBytes { buffer in
                // SAFETY: the range lies within the buffer, which lives as long as the closure.
                unsafe Glibc.write(
                    descriptor, buffer.baseAddress?.advanced(by: position),
                    buffer.count - position)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw failure(path) }
            position += written
        }
    }

    private static func failure(_ path: String) -> MonikerError {
        let number = errno
        // SAFETY: the text is copied before anybody else can ask for another one.
        let reason = unsafe String(cString: strerror(number))
        return MonikerError(
            number == ENOSPC || number == EDQUOT ? .diskFull : .fileSystemFailed,
            "a picture could not be kept at \(path) while it is looked at (\(reason)); name another folder with TMPDIR"
        )
    }
}
