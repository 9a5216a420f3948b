extension PriceTable {
    /// Prices as we know them, for estimates and budgets; providers change them.
    ///
    /// Whoever relies on a budget compares them with the provider's page and overrides them with
    /// a file of the same form (docs/providers.md).
    public static let known: PriceTable = {
        do {
            return try PriceTable(json: Array(text.utf8))
        } catch {
            preconditionFailure("the built-in prices are malformed: \(error)")
        }
    }()

    /// US dollars for a million tokens; standard price, without discounts for cached input.
    private static let text = """
        {"models": {
            "claude-opus-4-6": {"input": 5, "output": 25},
            "claude-opus-4-5": {"input": 5, "output": 25},
            "claude-sonnet-4-6": {"input": 3, "output": 15},
            "claude-sonnet-4-5": {"input": 3, "output": 15},
            "claude-haiku-4-5": {"input": 1, "output": 5},
            "gpt-4o": {"input": 2.50, "output": 10},
            "gpt-4o-mini": {"input": 0.15, "output": 0.60},
            "gpt-4.1": {"input": 2, "output": 8},
            "gpt-4.1-mini": {"input": 0.40, "output": 1.60},
            "gpt-4.1-nano": {"input": 0.10, "output": 0.40},
            "gpt-5-mini": {"input": 0.25, "output": 2},
            "gpt-5-nano": {"input": 0.05, "output": 0.40},
            "gemini-2.5-pro": {"input": 1.25, "output": 10},
            "gemini-2.5-flash": {"input": 0.30, "output": 2.50},
            "gemini-2.5-flash-lite": {"input": 0.10, "output": 0.40}
        }}
        """
}
