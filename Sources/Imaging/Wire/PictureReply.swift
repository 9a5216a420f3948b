internal import Model

/// What a worker answers.
enum PictureReply {
    case prepared(PreparedPicture)
    case recognised(RecognisedText)
    case failed(MonikerError)

    /// The message.
    var encoded: [UInt8] {
        var writer = WireWriter()
        switch self {
        case .prepared(let picture):
            writer.write("prepared")
            writer.write(picture.jpeg)
            writer.write(picture.facts)
            writer.write(picture.embedded)
            writer.write(picture.note)
        case .recognised(let text):
            writer.write("recognised")
            writer.write(text.text)
            writer.write(text.confidence)
            writer.write(text.languages)
            writer.write(text.note)
        case .failed(let error):
            writer.write("failed")
            writer.write(error.code.rawValue)
            writer.write(error.message)
        }
        return writer.bytes
    }

    /// Reads a message.
    init(_ bytes: [UInt8]) throws(MonikerError) {
        var reader = WireReader(bytes)
        switch try reader.text() {
        case "prepared":
            self = .prepared(
                PreparedPicture(
                    jpeg: try reader.data(), facts: try reader.facts(),
                    embedded: try reader.embedded(), note: try reader.optionalText()))
        case "recognised":
            self = .recognised(
                RecognisedText(
                    text: try reader.text(), confidence: try reader.number(in: 0...100),
                    languages: try reader.texts(), note: try reader.optionalText()))
        default:
            self = .failed(MonikerError(try Self.code(&reader), try reader.text()))
        }
        try reader.finish()
    }

    /// The code of a failure: only those that a worker may report.
    private static func code(_ reader: inout WireReader) throws(MonikerError) -> ErrorCode {
        let code = ErrorCode(try reader.text())
        let known: [ErrorCode] = [
            .unsupportedImage, .damagedImage, .imageTooLarge, .missingLibrary, .fileSystemFailed,
        ]
        return known.contains(code) ? code : .imageWorkerFailed
    }
}

extension WireWriter {
    mutating func write(_ facts: PictureFacts) {
        write(facts.width)
        write(facts.height)
        write(facts.frames)
        write(facts.colours.map(\.rawValue))
        write(facts.background?.rawValue)
        write(facts.isTransparent ? 1 : 0)
        write(Int(facts.entropy * 1000))
        write(facts.kind.rawValue)
    }

    mutating func write(_ texts: EmbeddedTexts) {
        write(texts.alt)
        write(texts.title)
        write(texts.headline)
        write(texts.description)
        write(texts.keywords)
        write(texts.forbidsAI ? 1 : 0)
    }
}

extension WireReader {
    mutating func facts() throws(MonikerError) -> PictureFacts {
        PictureFacts(
            width: try number(in: 1...1_000_000), height: try number(in: 1...1_000_000),
            frames: try number(in: 1...10_000_000),
            colours: try texts().compactMap(NamedColour.init(rawValue:)),
            background: try optionalText().flatMap(NamedColour.init(rawValue:)),
            isTransparent: try number(in: 0...1) == 1,
            entropy: Double(try number(in: 0...8000)) / 1000,
            kind: try value(of: PictureFacts.Kind.self))
    }

    mutating func embedded() throws(MonikerError) -> EmbeddedTexts {
        EmbeddedTexts(
            alt: try optionalText(), title: try optionalText(), headline: try optionalText(),
            description: try optionalText(), keywords: try texts(),
            forbidsAI: try number(in: 0...1) == 1)
    }
}
