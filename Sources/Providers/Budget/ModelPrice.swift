/// What a model costs, in whole billionths of a US dollar for each token.
public struct ModelPrice: Hashable, Sendable {
    /// For each token sent.
    public var inputNanodollars: Int
    /// For each token received.
    public var outputNanodollars: Int
    /// For each token sent in a batch.
    public var batchInputNanodollars: Int
    /// For each token received from a batch.
    public var batchOutputNanodollars: Int

    /// Creates a price; a batch costs half, as it does at every provider of ours.
    public init(inputNanodollars: Int, outputNanodollars: Int) {
        self.inputNanodollars = inputNanodollars
        self.outputNanodollars = outputNanodollars
        batchInputNanodollars = (inputNanodollars + 1) / 2
        batchOutputNanodollars = (outputNanodollars + 1) / 2
    }

    /// The price of a server that belongs to oneself.
    public static let free = ModelPrice(inputNanodollars: 0, outputNanodollars: 0)

    /// The cost of tokens in millionths of a US dollar, rounded up.
    public func microdollars(inputTokens: Int, outputTokens: Int, isBatch: Bool = false) -> Int {
        let nanodollars =
            inputTokens * (isBatch ? batchInputNanodollars : inputNanodollars)
            + outputTokens * (isBatch ? batchOutputNanodollars : outputNanodollars)
        return (nanodollars + 999) / 1000
    }
}
