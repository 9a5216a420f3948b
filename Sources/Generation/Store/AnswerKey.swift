import Hashing
import Model

/// What an answer is the answer to: asking the same again would be paid for twice.
///
/// The picture's content counts, not its name or id, so a picture that was uploaded twice is asked
/// about once. Of the context only that counts which goes into texts as it is: what the owner says
/// of the site, and the products whose picture it is. Other pages that show it come and go without
/// making the answer wrong. The offline describer composes from all of the context and costs
/// nothing, so there all of it counts.
struct AnswerKey: Hashable, Sendable {
    /// 32 bytes.
    let bytes: [UInt8]

    /// Another prompt makes other answers.
    private static let version = "1"

    init(bytes: [UInt8]) { self.bytes = bytes }

    init(
        content: ContentDigest, describing: Describing, mode: DescriptionMode,
        fields: Set<MetadataField>, context: ImageContext
    ) {
        var parts = [
            Self.version, content.description, describing.provider, describing.model,
            mode.rawValue, fields.map(\.rawValue).sorted().joined(separator: ","),
            context.language, context.website,
        ]
        if describing.asksOthers {
            let products = context.uses.filter { $0.kind == .product || $0.kind == .productGallery }
            parts += Set(products.map(\.title)).sorted()
        } else {
            parts.append(Self.whole(context))
        }
        let text = parts.map { "\($0.utf8.count):\($0)" }.joined()
        bytes = SHA256.digest(of: Array(text.utf8)).bytes
    }

    /// As letters and digits: the name of a request in a batch.
    var name: String { ContentDigest(bytes: bytes)?.description ?? "" }

    private static func whole(_ context: ImageContext) -> String {
        let fields = MetadataField.allCases.map { context.current[$0] ?? "\u{0}" }
        let uses = context.uses.map {
            "\($0.kind.rawValue)|\($0.title)|\($0.heading)|\($0.categories)|\($0.link ?? "")"
        }
        return ([context.fileName] + fields + uses).joined(separator: "\u{0}")
    }
}
