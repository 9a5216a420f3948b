import Foundation
import Model
import Providers

/// What a run may spend, of the budgets of its job, of the day and of the month.
struct SpendingLimit {
    private let job: Int?
    private let day: Int?
    private let month: Int?

    /// Reads the budgets of options.
    ///
    /// - Throws: `invalid-argument` for what is no amount.
    init(_ options: GenerateOptions) throws(MonikerError) {
        job = try Self.amount(options.budget, "--budget")
        day = try Self.amount(options.dailyBudget, "the daily budget")
        month = try Self.amount(options.monthlyBudget, "the monthly budget")
    }

    /// The amount that a person wrote, in millionths of a US dollar; nil for none.
    ///
    /// - Throws: `invalid-argument`.
    static func amount(_ text: String?, _ name: String) throws(MonikerError) -> Int? {
        guard let text else { return nil }
        guard let amount = Budget.microdollars(text) else {
            throw MonikerError(
                .invalidArgument,
                "\"\(displayText(text.utf8))\" is no amount of US dollars for \(name): write it as 2.50"
            )
        }
        return amount
    }

    /// The limit of the whole job, so that neither it nor a day nor a month costs more.
    ///
    /// - Parameters:
    ///   - spentByJob: what earlier processes of the job have spent, which the limit includes.
    ///   - now: seconds since 1970.
    ///   - paid: what all runs have paid for since a time.
    func microdollars(
        spentByJob: Int, now: Int64 = Int64(Date.now.timeIntervalSince1970),
        paid: (_ since: Int64) throws(MonikerError) -> Int
    ) throws(MonikerError) -> Int? {
        var limits: [Int] = []
        if let job { limits.append(job) }
        if let day {
            limits.append(spentByJob + max(0, day - (try paid(Period.day.start(now)))))
        }
        if let month {
            limits.append(spentByJob + max(0, month - (try paid(Period.month.start(now)))))
        }
        return limits.min()
    }

    /// A stretch of time that has a budget, in UTC.
    enum Period {
        case day, month

        /// When the one that a time is in began, in seconds since 1970.
        func start(_ now: Int64) -> Int64 {
            var calendar = Calendar(identifier: .gregorian)
            calendar.timeZone = .gmt
            let date = Date(timeIntervalSince1970: Double(now))
            let parts = calendar.dateComponents(
                self == .day ? [.year, .month, .day] : [.year, .month], from: date)
            return calendar.date(from: parts).map { Int64($0.timeIntervalSince1970) } ?? now
        }
    }
}
