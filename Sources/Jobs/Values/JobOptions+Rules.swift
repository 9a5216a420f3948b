public import Model

extension JobOptions {
    /// Makes sure that a job of a kind can make something of the options.
    ///
    /// - Throws: `invalid-argument`, naming the option.
    public func check(for kind: JobKind) throws(MonikerError) {
        let allowed = Self.options(of: kind)
        if let wrong = set.subtracting(allowed).min() {
            throw MonikerError(
                .invalidArgument,
                "a job of the kind \(kind.rawValue) has no option \"\(wrong)\": it takes \(allowed.isEmpty ? "none" : allowed.sorted().joined(separator: ", "))"
            )
        }
        if kind == .renameMap {
            guard let names, !names.isEmpty else {
                throw MonikerError(
                    .invalidArgument,
                    "a job of the kind rename-map needs \"names\": a list of {\"id\": …, \"name\": …}"
                )
            }
            var seen: Set<Int64> = []
            if let twice = names.first(where: { !seen.insert($0.id).inserted }) {
                throw MonikerError(
                    .invalidArgument, "attachment \(twice.id) occurs twice in \"names\"")
            }
        }
        if kind == .revert, journal.flatMap({ JournalID($0) }) == nil {
            throw MonikerError(
                .invalidArgument,
                "a job of the kind revert needs \"journal\": the id of a change set")
        }
        if let expectedPlan, ContentDigest(hexadecimal: expectedPlan)?.description != expectedPlan {
            throw MonikerError(
                .invalidArgument,
                "\"expected_plan\" takes the \"plan_hash\" of a dry run: 64 hexadecimal digits")
        }
        for (name, ids) in [
            ("attachments", attachments), ("only", only), ("names", names?.map(\.id)),
        ] {
            guard let ids else { continue }
            guard ids.count <= Self.mostAttachments else {
                throw MonikerError(
                    .invalidArgument,
                    "\"\(name)\" takes at most \(Self.mostAttachments) attachments: split the job")
            }
            if let wrong = ids.first(where: { $0 < 1 }) {
                throw MonikerError(.invalidArgument, "\(wrong) in \"\(name)\" is no attachment id")
            }
        }
        for (name, number, range) in [
            ("limit", limit, 1...1_000_000), ("concurrency", concurrency, 1...256),
        ] {
            guard number.map({ range.contains($0) }) ?? true else {
                throw MonikerError(
                    .invalidArgument,
                    "\"\(name)\" takes a number from \(range.lowerBound) to \(range.upperBound)")
            }
        }
    }

    /// The most attachments that one job names.
    private static let mostAttachments = 1_000_000

    private static func options(of kind: JobKind) -> Set<String> {
        let describing: Set<String> = [
            "attachments", "used", "limit", "fields", "mode", "language", "context", "overwrite",
            "provider", "model", "base_url", "key_file", "budget", "concurrency", "rules",
            "daily_budget", "monthly_budget", "confined",
        ]
        let own: Set<String> =
            switch kind {
            case .missingAlt, .completeMetadata: describing
            case .metadataAndFilename: describing.union(["keep_old"])
            case .renameMap: ["names", "keep_old"]
            case .revert: ["journal", "only", "keep_old"]
            case .scan: ["full"]
            case .analyze: []
            case .clear: ["attachments", "fields", "ai_only"]
            }
        return kind.writes ? own.union(["dry_run", "expected_plan"]) : own
    }

    private var set: Set<String> {
        let present: [(String, Bool)] = [
            ("attachments", attachments != nil), ("used", used != nil), ("limit", limit != nil),
            ("fields", fields != nil), ("mode", mode != nil), ("language", language != nil),
            ("context", context != nil), ("overwrite", overwrite != nil),
            ("provider", provider != nil), ("model", model != nil), ("base_url", baseURL != nil),
            ("key_file", keyFile != nil), ("budget", budget != nil),
            ("concurrency", concurrency != nil), ("names", names != nil),
            ("journal", journal != nil), ("only", only != nil), ("keep_old", keepOld != nil),
            ("ai_only", aiOnly != nil), ("full", full != nil), ("dry_run", dryRun != nil),
            ("expected_plan", expectedPlan != nil), ("rules", rules != nil),
            ("daily_budget", dailyBudget != nil), ("monthly_budget", monthlyBudget != nil),
            ("confined", confined != nil),
        ]
        return Set(present.filter(\.1).map(\.0))
    }
}
