import Testing

@testable import Journal

/// What a single rename asks a journal that holds millions of moves.
@Suite struct LongHistoryTests {
    @Test(
        "no question of a single rename reads all moves",
        arguments: [
            "SELECT change_set, sequence FROM file_move WHERE reverted_by = 'J0'",
            "SELECT 1 FROM file_move WHERE change_set = 'J0' AND \(JournalSchema.isWaiting)",
            "SELECT min(change_set) FROM file_move INDEXED BY file_move_waiting WHERE change_set > 'J0' AND \(JournalSchema.isWaiting)",
            "SELECT sequence FROM file_move WHERE old = x'00' AND reverted_by IS NULL",
            "SELECT change_set, sequence FROM assignment WHERE reverted_by = 'J0'",
            "SELECT change_set, sequence FROM assignment WHERE attachment = 7",
        ])
    func usesAnIndex(sql: String) throws {
        let plan = try queryPlan(of: sql)
        #expect(!plan.isEmpty && plan.allSatisfy { $0.hasPrefix("SEARCH") }, "\(plan)")
    }
}
