import Inventory
public import Model
public import Providers

/// What a run would look at, ask and cost; an estimate, made without reading a picture.
public struct GenerationEstimate: Codable, Hashable, Sendable {
    /// Images that are looked at.
    public var images = 0
    /// How many of them would be left out, by reason.
    public var skipped: [String: Int] = [:]
    /// How many would be asked about at most: those with an answer in the store are among them
    /// where their file would have to be read to know.
    public var requests = 0
    /// Tokens sent; nil where this model has answered nothing yet.
    public var inputTokens: Int?
    /// Tokens received; nil where this model has answered nothing yet.
    public var outputTokens: Int?
    /// Millionths of a US dollar; nil where the model has no known price.
    public var microdollars: Int?
}

extension Generator {
    /// Estimates what a run of these options would cost.
    ///
    /// Where the model has answered before, by the average of its answers; else by the price table,
    /// the first image's context, and an answer of usual length.
    ///
    /// - Parameters:
    ///   - remote: the describer of the run, which knows prices; nil where it costs nothing.
    ///   - isBatch: whether the price is that of batches.
    /// - Throws: failures of the library and the store.
    /// - Complexity: one pass over the images.
    public func estimate(
        _ remote: RemoteDescriber?, isBatch: Bool = false
    ) throws(MonikerError) -> GenerationEstimate {
        var estimate = GenerationEstimate()
        var source = CandidateSource(library, options)
        var example: DescriptionRequest?
        while options.limit.map({ estimate.requests < $0 }) ?? true,
            let (id, item) = try source.next()
        {
            estimate.images += 1
            guard let item else {
                estimate.skipped[ErrorCode.unknownAttachment.rawValue, default: 0] += 1
                continue
            }
            let wanted = options.wanted(item)
            if let reason = options.reasonToSkip(item, wanted: wanted) {
                estimate.skipped[reason, default: 0] += 1
                continue
            }
            estimate.requests += 1
            guard example == nil, remote != nil,
                let context = try library.context(for: id, website: options.website)
            else { continue }
            example = DescriptionRequest(
                id: "example", jpeg: [], context: context, fields: wanted, mode: options.mode)
        }
        guard let remote else {
            estimate.microdollars = 0
            return estimate
        }
        let average = try store.average(provider: remote.provider, model: remote.model)
        if let average {
            estimate.inputTokens = average.inputTokens * estimate.requests
            estimate.outputTokens = average.outputTokens * estimate.requests
        }
        guard let example else {
            estimate.microdollars = 0
            return estimate
        }
        estimate.microdollars = remote.estimate(estimate.requests, like: example, isBatch: isBatch)
        if let average, average.microdollars > 0, !isBatch {
            estimate.microdollars = average.microdollars * estimate.requests
        }
        return estimate
    }
}
