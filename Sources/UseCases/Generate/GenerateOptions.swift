import Foundation
import Generation
import Inventory
public import Model

/// What `generate` is asked for, as a person says it.
public struct GenerateOptions: Sendable {
    /// The attachments; empty with `isAll`.
    public var attachments: [AttachmentID] = []
    /// Whether all images are looked at.
    public var isAll = false
    /// Only images without this text.
    public var missing: String?
    /// Only images that are used somewhere.
    public var onlyUsed = false
    /// The most images; skipped ones do not count.
    public var limit: Int?
    /// The texts; empty for that of `missing`, else for all four, offline for alt and title.
    public var fields: [String] = []
    /// Whether texts that are there are made anew.
    public var overwrites = false
    /// Whether files get new names.
    public var renames = false
    /// Whether text alternatives in posts follow those that are written.
    public var updatesContents = false
    /// `balanced`, `seo` or `wcag`.
    public var mode = "balanced"
    /// `auto`, or the language of all texts.
    public var language = "auto"
    /// What the owner says of the whole site.
    public var website = ""
    /// JSON with the skip rules; nil for the usual ones.
    public var rules: [UInt8]?
    /// Who describes.
    public var provider = ProviderOptions()
    /// JSON with prices; nil for the built-in ones.
    public var prices: [UInt8]?
    /// How many images are worked on at once; nil for the usual number.
    public var concurrency: Int?
    /// The most that may be spent, in US dollars; nil for no limit.
    public var budget: String?
    /// The most that all runs of the home may spend in a day of UTC, in US dollars; nil for no limit.
    public var dailyBudget: String?
    /// The most that all runs of the home may spend in a month of UTC; nil for no limit.
    public var monthlyBudget: String?
    /// Whether batches are used.
    public var usesBatches = false
    /// Whether the end of a batch is waited for.
    public var waitsForBatches = false
    /// Whether images that were answered already are asked about again.
    public var asksAgain = false
    /// How long old names go on working.
    public var keepOld = KeepOld.day
    /// Whether nothing is written.
    public var isDryRun = false
    /// How many results are shown for checking by hand.
    public var sample: Int?
    /// What chooses the sample; nil for chance.
    public var seed: UInt64?
    /// Where to tell that the job has ended; nil for nowhere.
    public var webhook: String?

    /// Creates options with the usual values.
    public init() {}

    /// The options as the generator knows them.
    ///
    /// - Parameter isOffline: whether texts are only put together from what is known: then captions and
    ///   descriptions are made where they are asked for, because visitors read them.
    /// - Throws: `invalid-argument` for a field, a mode, a language or rules that are none.
    func generation(isOffline: Bool) throws(MonikerError) -> GenerationOptions {
        let missing = try missing.map { name throws(MonikerError) in
            try Self.field(name, option: "--missing")
        }
        var fields: Set<MetadataField> = []
        for name in self.fields { fields.insert(try Self.field(name, option: "--fields")) }
        if fields.isEmpty, missing == nil, isOffline { fields = [.alt, .title] }
        var options = GenerationOptions(
            isAll ? .all : .some(attachments), missing: missing,
            fields: fields.isEmpty ? nil : fields)
        guard let mode = DescriptionMode(rawValue: mode) else {
            throw MonikerError(
                .invalidArgument,
                "there is no mode \"\(mode)\": use balanced, seo or wcag")
        }
        options.mode = mode
        if language != "auto" {
            guard
                language.range(
                    of: #"^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$"#, options: .regularExpression)
                    != nil
            else {
                throw MonikerError(
                    .invalidArgument,
                    "\"\(language)\" is no language for --language: use auto, or a tag such as de or pt-BR"
                )
            }
            options.language = language.replacing("_", with: "-")
        }
        options.onlyUsed = onlyUsed
        options.limit = limit
        options.overwrites = overwrites
        options.renames = renames
        options.website = website
        options.asksAgain = asksAgain
        if let rules {
            do {
                options.rules = try JSONDecoder().decode(SkipRules.self, from: Data(rules))
            } catch {
                throw MonikerError(
                    .invalidArgument,
                    "the skip rules are not the JSON of docs/inventory.md: \(error)")
            }
        }
        return options
    }

    static func field(_ name: String, option: String) throws(MonikerError) -> MetadataField {
        guard let field = MetadataField(rawValue: name.lowercased()) else {
            let fields = MetadataField.allCases.map(\.rawValue).joined(separator: ", ")
            throw MonikerError(
                .invalidArgument,
                "images have no field \"\(name)\": give one of \(fields) to \(option)",
                details: ["field": name])
        }
        return field
    }
}
