import Foundation
public import Model

/// What exactly a job does: the options of the command of the same meaning, in snake case.
///
/// What is nil is as the command has it. Keys that a kind has no use for are refused when the job is
/// submitted, and so are keys that do not exist.
public struct JobOptions: Codable, Hashable, Sendable {
    /// A line of a rename map.
    public struct Name: Codable, Hashable, Sendable {
        /// The attachment.
        public var id: Int64
        /// The name it is to get; nil or empty to make it from the metadata.
        public var name: String?

        /// Creates a line.
        public init(id: Int64, name: String?) {
            self.id = id
            self.name = name
        }
    }

    /// The attachments; nil for all images.
    public var attachments: [Int64]?
    /// Only images that are used somewhere.
    public var used: Bool?
    /// The most images.
    public var limit: Int?
    /// The texts to make or to empty.
    public var fields: [String]?
    /// `balanced`, `seo` or `wcag`.
    public var mode: String?
    /// `auto`, or the language of all texts.
    public var language: String?
    /// What the owner says of the whole site.
    public var context: String?
    /// Whether texts that are there are made anew.
    public var overwrite: Bool?
    /// Who describes.
    public var provider: String?
    /// With which model.
    public var model: String?
    /// Another server with the provider's API.
    public var baseURL: String?
    /// The file of the key.
    public var keyFile: String?
    /// The most that may be spent, in US dollars.
    public var budget: String?
    /// How many images are worked on at once.
    public var concurrency: Int?
    /// The lines of a rename map.
    public var names: [Name]?
    /// The change set to take back.
    public var journal: String?
    /// Only these attachments of it.
    public var only: [Int64]?
    /// How long old names go on working.
    public var keepOld: String?
    /// Only texts that a model wrote and nobody has changed since.
    public var aiOnly: Bool?
    /// Whether everything is read anew.
    public var full: Bool?
    /// Whether the job only plans: nothing is changed, and its report says what would be.
    public var dryRun: Bool?
    /// The hash of the plan that was seen: any other one is not carried out.
    public var expectedPlan: String?
    /// The skip rules, as the JSON of docs/inventory.md; nil for the usual ones.
    public var rules: String?
    /// The most that all runs of this home may spend in a day of UTC, in US dollars.
    public var dailyBudget: String?
    /// The most that all runs of this home may spend in a month of UTC, in US dollars.
    public var monthlyBudget: String?
    /// Whether the server was named over the network: then no key goes there, and it has to be on
    /// this machine or have a public address.
    public var confined: Bool?

    /// Creates options with nothing said.
    public init() {}

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case attachments, used, limit, fields, mode, language, context, overwrite, provider, model
        case budget, concurrency, names, journal, only, full, rules, confined
        case baseURL = "base_url"
        case keyFile = "key_file"
        case keepOld = "keep_old"
        case aiOnly = "ai_only"
        case dryRun = "dry_run"
        case expectedPlan = "expected_plan"
        case dailyBudget = "daily_budget"
        case monthlyBudget = "monthly_budget"
    }

    private struct AnyKey: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// Parses a JSON object.
    ///
    /// - Throws: `invalid-argument` for what is no object, for a key that does not exist, and for a
    ///   value of the wrong type; the message names it.
    public init(parsing json: some Sequence<UInt8>) throws(MonikerError) {
        let data = Data(json)
        do {
            let keys = try JSONDecoder().decode([String: Anything].self, from: data).keys
            let known = Set(CodingKeys.allCases.map(\.rawValue))
            if let unknown = keys.filter({ !known.contains($0) }).min() {
                throw MonikerError(
                    .invalidArgument,
                    "jobs have no option \"\(displayText(unknown.utf8))\": use \(known.sorted().joined(separator: ", "))"
                )
            }
            self = try JSONDecoder().decode(JobOptions.self, from: data)
        } catch let error as MonikerError {
            throw error
        } catch let DecodingError.typeMismatch(_, context),
            let DecodingError.valueNotFound(_, context)
        {
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            throw MonikerError(
                .invalidArgument,
                "the option \"\(displayText(path.utf8))\" of a job has a value of the wrong type: see docs/jobs.md",
                cause: DecodingError.typeMismatch(JobOptions.self, context))
        } catch {
            throw MonikerError(
                .invalidArgument, "the options of a job have to be a JSON object", cause: error)
        }
    }

    /// A value that is there, whatever it is.
    private struct Anything: Decodable {
        init(from decoder: any Decoder) throws {}
    }

    /// The most entries of a list that each event repeats.
    private static let shortList = 20

    /// The options without their long lists: what a job shows of itself each time it is asked.
    var excerpt: JobOptions {
        var excerpt = self
        if let attachments, attachments.count > Self.shortList { excerpt.attachments = nil }
        if let names, names.count > Self.shortList { excerpt.names = nil }
        if let only, only.count > Self.shortList { excerpt.only = nil }
        return excerpt
    }

    /// The options as JSON, with the same bytes for the same options.
    var json: String { JSON.text(self) }
}
