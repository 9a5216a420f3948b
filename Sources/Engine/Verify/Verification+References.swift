import Model
import Rewriting

extension Verification {
    /// A place that names a path of the journal that is no file's own name today.
    private struct Naming {
        var path: MediaPath
        var place: String
    }

    /// F8 and F9: values that name old names, gone or still working; and F11: old names that were
    /// retired, are there nevertheless, and that nothing names.
    mutating func checkReferences(_ policy: any CellPolicy) throws(MonikerError) {
        guard !next.isEmpty else { return }
        var known: [(old: MediaPath, new: MediaPath)] = []
        for old in next.keys { known.append((old, today(old))) }
        let rewriter = try Rewriter(
            map: try RenameMap(known), location: engine.scope.location)
        var isThere: [MediaPath: Bool] = [:]
        var dangling: [Naming] = []
        var named: Set<MediaPath> = []
        var stragglers: (count: Int, example: Naming?) = (0, nil)
        let files = ports.files
        func look(
            _ rewrite: Rewrite, at place: @autoclosure () -> String
        ) throws(MonikerError) {
            var paths = Set(rewrite.occurrences.map(\.old))
            for opaque in rewrite.opaque { paths.formUnion(opaque.paths) }
            for path in paths.sorted() {
                named.insert(path)
                let exists: Bool
                if let asked = isThere[path] {
                    exists = asked
                } else {
                    exists = try files.status(of: path) != nil
                    isThere[path] = exists
                }
                let naming = Naming(path: path, place: place())
                if exists {
                    stragglers = (stragglers.count + 1, stragglers.example ?? naming)
                } else {
                    dangling.append(naming)
                }
            }
        }
        let scan = try ReferenceScan(
            database: ports.database, tablePrefix: engine.scope.tablePrefix, policy: policy,
            rewriter: rewriter)
        try scan.forEachRow(progress: engine.progress) { (row) throws(MonikerError) -> Void in
            for cell in row.cells {
                try look(
                    rewriter.rewrite(cell.bytes, role: cell.role),
                    at:
                        "\(row.table.name).\(cell.column.name)#\(row.key.parts.map { Self.text($0.value) }.joined(separator: ","))"
                )
            }
        }
        for file in options.textFiles {
            guard let status = try ports.files.status(of: file),
                status.size <= Planner.textFileLimit
            else { continue }
            let bytes = try ports.files.contents(of: file, limit: Planner.textFileLimit)
            try look(
                rewriter.rewrite(bytes, role: .uploadedFile(directory: file.directory)),
                at: "the file \(file)")
        }
        if let example = stragglers.example {
            note(
                .straggler,
                "\(example.place) names \(example.path), an old name that still works",
                count: stragglers.count)
        }
        try reportDangling(dangling)
        try checkAliases(named)
    }

    private static func text(_ value: SQLValue) -> String {
        switch value {
        case .null: "NULL"
        case .integer(let number): "\(number)"
        case .real(let number): "\(number)"
        case .text(let bytes): displayText(Array(bytes.prefix(40)))
        case .blob: "(binary)"
        }
    }

    private mutating func reportDangling(_ dangling: [Naming]) throws(MonikerError) {
        guard !dangling.isEmpty else { return }
        var works: [MediaPath: Bool] = [:]
        if options.repairing {
            let sources = Dictionary(grouping: standing, by: \.move.old)
            for path in Set(dangling.map(\.path)).sorted() {
                works[path] = try bringBack(
                    path, linkedTo: today(path), from: sources[path] ?? [])
            }
        }
        for naming in dangling {
            let isRepaired = works[naming.path] ?? false
            report(
                .reference,
                "\(naming.place) names \(naming.path), which is gone"
                    + (isRepaired
                        ? ": the old name works again"
                        : ": `moniker verify --repair` makes the old name work again"),
                isRepaired: isRepaired)
        }
    }

    /// F11: old names whose time is up.
    private mutating func checkAliases(_ named: Set<MediaPath>) throws(MonikerError) {
        for item in standing where owners[item.move.old] == nil && !item.record.isLost {
            let move = item.move
            guard !lost.contains(item.record.id), !named.contains(move.old),
                move.keepReason == nil, item.record.keepOldUntil <= now,
                let status = try ports.files.status(of: move.old),
                status.identity == move.status?.identity,
                try ports.files.status(of: today(move.new))?.identity == status.identity
            else { continue }
            if move.oldName == .alive {
                note(
                    .leftover,
                    "the old name \(move.old) (\(item.record.id)) may go: `moniker tidy` takes it away"
                )
                continue
            }
            let isRepaired = options.repairing ? try putAway(move.old, status) : false
            report(
                .leftover,
                "the old name \(move.old) was retired by \(item.record.id) and is there again"
                    + (isRepaired
                        ? ": it was moved into the trash"
                        : ": `moniker verify --repair` moves it into the trash"),
                isRepaired: isRepaired)
        }
    }
}
