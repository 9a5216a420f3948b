public import Model

/// The prices of models, as far as they are known.
public struct PriceTable: Sendable {
    private var prices: [String: ModelPrice]

    /// Creates a table.
    public init(_ prices: [String: ModelPrice]) { self.prices = prices }

    /// The price of a model; nil where it is not known.
    ///
    /// A name with a date or version number behind it (`gpt-4o-mini-2024-07-18`) has the price of
    /// the name without, where it has none of its own.
    public subscript(model: String) -> ModelPrice? {
        if let price = prices[model] { return price }
        var name = model[...]
        while let hyphen = name.lastIndex(of: "-"), name.index(after: hyphen) != name.endIndex,
            name[name.index(after: hyphen)...].allSatisfy({ $0.isASCII && $0.isNumber })
        {
            name = name[..<hyphen]
            if let price = prices[String(name)] { return price }
        }
        return nil
    }

    /// The table with the prices of another one in place of its own.
    public func overridden(by other: PriceTable) -> PriceTable {
        PriceTable(prices.merging(other.prices) { $1 })
    }

    /// Reads a table: `{"models":{"NAME":{"input":3.00,"output":15.00}}}`, in US dollars for a
    /// million tokens; `"batch_input"` and `"batch_output"` where a batch does not cost half.
    ///
    /// - Throws: `malformed-prices`.
    public init(json bytes: [UInt8]) throws(MonikerError) {
        guard let models = JSONParser.value(bytes)?["models"]?.members else {
            throw MonikerError(
                .malformedPrices,
                "the prices are not JSON with an object \"models\"; see "
                    + "docs/providers.md")
        }
        prices = [:]
        for model in models {
            guard let input = try Self.nanodollars(model, "input"),
                let output = try Self.nanodollars(model, "output")
            else {
                throw MonikerError(
                    .malformedPrices, "the prices of \(model.name) lack \"input\" or \"output\"")
            }
            var price = ModelPrice(inputNanodollars: input, outputNanodollars: output)
            if let value = try Self.nanodollars(model, "batch_input") {
                price.batchInputNanodollars = value
            }
            if let value = try Self.nanodollars(model, "batch_output") {
                price.batchOutputNanodollars = value
            }
            prices[model.name] = price
        }
    }

    private static func nanodollars(
        _ model: JSONValue.Member, _ name: String
    ) throws(MonikerError) -> Int? {
        guard let value = model.value[name] else { return nil }
        // A dollar for a million tokens is a thousand billionths for one.
        guard case .number(let text) = value, let amount = Decimal.scaled(text, digits: 3) else {
            throw MonikerError(
                .malformedPrices,
                "the price \"\(name)\" of \(model.name) is no amount such as 0.15, with at most "
                    + "three decimals")
        }
        return amount
    }
}
