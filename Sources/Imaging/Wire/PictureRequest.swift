internal import Model

/// What a worker is asked to do with the file that comes with it.
struct PictureRequest {
    /// The work.
    enum Task: String {
        /// Make the JPEG, measure, read the file's own texts.
        case prepare
        /// Read the text in the picture.
        case recognise
    }

    /// The work.
    var task: Task
    /// What it may take.
    var limits: PictureLimits
    /// The language of the text to read, as a BCP 47 tag.
    var language: String

    /// The message.
    var encoded: [UInt8] {
        var writer = WireWriter()
        writer.write(task.rawValue)
        writer.write(limits.fileBytes)
        writer.write(limits.pixels)
        writer.write(limits.side)
        writer.write(limits.milliseconds)
        writer.write(limits.addressSpace)
        writer.write(limits.picturesPerWorker)
        writer.write(limits.edge)
        writer.write(limits.quality)
        writer.write(language)
        return writer.bytes
    }

    /// Creates a request.
    init(task: Task, limits: PictureLimits, language: String) {
        self.task = task
        self.limits = limits
        self.language = language
    }

    /// Reads a message.
    init(_ bytes: [UInt8]) throws(MonikerError) {
        var reader = WireReader(bytes)
        task = try reader.value(of: Task.self)
        limits = PictureLimits(
            fileBytes: try reader.number(), pixels: try reader.number(),
            side: try reader.number(), milliseconds: try reader.number(),
            addressSpace: try reader.number(), picturesPerWorker: try reader.number(),
            edge: try reader.number(), quality: try reader.number())
        language = try reader.text()
        try reader.finish()
    }
}
