public import Model

/// What may be spent, what is spent, and what running requests could still cost.
///
/// A request is sent only after the most it can cost was reserved, so the limit holds whatever
/// the answers cost and however many run at once.
public actor Budget {
    private let limit: Int?
    private var reserved = 0
    private var charged: Int
    private var usage = ProviderUsage()
    private var held: [String: Int] = [:]
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Creates a budget in millionths of a US dollar, of which some may be spent already; nil for
    /// one without a limit.
    public init(limitMicrodollars limit: Int?, spentMicrodollars spent: Int = 0) {
        self.limit = limit
        charged = spent
    }

    /// The millionths of a US dollar that a text such as `2.50` spells; nil for any other text.
    public static func microdollars(_ text: String) -> Int? { Decimal.scaled(text, digits: 6) }

    /// What all requests used, those that failed included.
    public var spent: ProviderUsage { usage }

    /// What is charged against the limit: costs, and the most that requests without a known end
    /// can have cost, because the provider may have worked on them.
    public var chargedMicrodollars: Int { charged }

    /// Sets aside the most that a request can cost.
    ///
    /// Where only the reservations of running requests stand in the way, waits for their ends.
    ///
    /// - Throws: `budget-exhausted`.
    func reserve(microdollars: Int) async throws(MonikerError) {
        guard let limit else { return }
        while true {
            guard charged + microdollars <= limit else {
                throw MonikerError(
                    .budgetExhausted,
                    "the budget of \(Self.dollars(limit)) is used up: \(Self.dollars(charged)) "
                        + "are spent and the next request may cost \(Self.dollars(microdollars)); "
                        + "allow more with --budget")
            }
            if charged + reserved + microdollars <= limit {
                reserved += microdollars
                return
            }
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    /// Turns a reservation into what the request cost.
    func settle(reserved amount: Int, _ cost: ProviderUsage) {
        usage = usage + cost
        charge(cost.microdollars, insteadOf: amount)
    }

    /// Keeps a reservation as spent, because nobody knows whether the provider will charge it.
    func keep(reserved amount: Int) { charge(amount, insteadOf: amount) }

    /// Keeps a reservation as spent until what it is for, such as a batch, has a known cost.
    func hold(reserved amount: Int, for name: String) {
        keep(reserved: amount)
        held[name, default: 0] += amount
    }

    /// Takes back what was held, because its cost is charged now.
    func release(_ name: String) {
        guard let amount = held.removeValue(forKey: name) else { return }
        charged -= amount
        wake()
    }

    private func charge(_ microdollars: Int, insteadOf amount: Int) {
        if limit != nil { reserved -= amount }
        charged += microdollars
        wake()
    }

    private func wake() {
        let woken = waiting
        waiting = []
        for continuation in woken { continuation.resume() }
    }

    /// An amount as people write it: `$0.0123`.
    static func dollars(_ microdollars: Int) -> String {
        let fraction = String(microdollars % 1_000_000)
        var digits = String(repeating: "0", count: 6 - fraction.count) + fraction
        while digits.count > 2, digits.hasSuffix("0") { digits.removeLast() }
        return "$\(microdollars / 1_000_000).\(digits)"
    }
}
