public import Model
import Rewriting

extension Engine {
    /// Checks the journal, the originals, the renamed files and the references against each other.
    ///
    /// - Parameters:
    ///   - readingData: whether the content of every original is hashed.
    ///   - repairing: whether missing names are put back. A repair only ever adds a name.
    /// - Returns: what is wrong; empty when everything holds.
    public func verify(
        policy: any CellPolicy, readingData: Bool, repairing: Bool
    ) throws(MonikerError) -> [VerifyFinding] {
        var findings: [VerifyFinding] = []
        if let damage = try ports.journal.damage() {
            findings.append(
                VerifyFinding(
                    check: .journal,
                    message:
                        "the journal file is damaged (\(damage)): restore journal.sqlite from a backup of the home"
                ))
            return findings
        }
        for record in try ports.journal.unfinished() {
            findings.append(
                VerifyFinding(
                    check: .unfinished,
                    message: "\(record.id) is not finished: run `moniker recover`"))
        }
        let incarnation = try ports.database.incarnation(prefix: scope.markerPrefix)
        let records = try ports.journal.changeSets().filter { $0.state == .done }
        var stale: [(old: MediaPath, new: MediaPath)] = []
        for record in records.reversed() {
            guard record.incarnation == incarnation else {
                findings.append(foreignFinding(record))
                continue
            }
            findings += try verifyMarker(of: record)
            for move in try ports.journal.moves(of: record.id) {
                findings += try verifyOriginal(of: move, in: record, readingData: readingData)
                guard move.revertedBy == nil,
                    try ports.journal.laterMoves(from: move.new, after: record.id).isEmpty
                else { continue }
                findings += try verifyFile(of: move, in: record, repairing: repairing)
                if move.status != nil, move.old != move.new,
                    try ports.files.status(of: move.old) == nil
                {
                    stale.append((move.old, move.new))
                }
            }
        }
        findings += try verifyReferences(stale, policy: policy, repairing: repairing)
        return findings
    }

    private func foreignFinding(_ record: ChangeSetRecord) -> VerifyFinding {
        VerifyFinding(
            check: .incarnation,
            message:
                "\(record.id) belongs to another database than the one this site has now (a restored dump or a copy?): use the home that belongs to it"
        )
    }

    private func verifyMarker(of record: ChangeSetRecord) throws(MonikerError) -> [VerifyFinding] {
        guard try ports.database.marker(record.id, prefix: scope.markerPrefix) != .commit else {
            return []
        }
        return [
            VerifyFinding(
                check: .marker,
                message:
                    "the database does not know \(record.id): it was restored from an older dump, so its references may name the old files; `moniker journal \(record.id)` lists them"
            )
        ]
    }

    private func verifyOriginal(
        of move: FileMoveRecord, in record: ChangeSetRecord, readingData: Bool
    ) throws(MonikerError) -> [VerifyFinding] {
        guard let digest = move.digest,
            try !ports.files.hasOriginal(digest, readingData: readingData)
        else { return [] }
        // A file that is there with that content can be stored again at any time.
        return [
            VerifyFinding(
                check: .original,
                message:
                    "the original of \(move.old) (\(record.id), SHA-256 \(digest)) is missing from the store or damaged"
            )
        ]
    }

    private func verifyFile(
        of move: FileMoveRecord, in record: ChangeSetRecord, repairing: Bool
    ) throws(MonikerError) -> [VerifyFinding] {
        guard let status = move.status, let digest = move.digest,
            try ports.files.status(of: move.new) == nil
        else { return [] }
        var finding = VerifyFinding(
            check: .file,
            message:
                "\(move.new), which \(record.id) made of \(move.old), is gone: `moniker verify --repair` brings it back from the original"
        )
        if repairing {
            if try ports.files.status(of: move.old)?.identity == status.identity {
                try ports.files.link(move.old, as: move.new)
            } else if try ports.files.hasOriginal(digest, readingData: true) {
                try ports.files.restoreOriginal(digest, as: move.new, status: status)
            } else {
                return [finding]
            }
            try ports.files.synchronize(directories: [move.new.directory])
            finding.isRepaired = true
        }
        return [finding]
    }

    private func verifyReferences(
        _ stale: [(old: MediaPath, new: MediaPath)], policy: any CellPolicy, repairing: Bool
    ) throws(MonikerError) -> [VerifyFinding] {
        var latest: [MediaPath: MediaPath] = [:]
        for pair in stale { latest[pair.old] = pair.new }
        guard !latest.isEmpty else { return [] }
        let rewriter = try Rewriter(
            map: try RenameMap(latest.map { ($0.key, $0.value) }), location: scope.location)
        let scan = try ReferenceScan(
            database: ports.database, tablePrefix: scope.tablePrefix, policy: policy,
            rewriter: rewriter)
        var findings: [VerifyFinding] = []
        var named: Set<MediaPath> = []
        try scan.forEachRow(progress: progress) { (row) throws(MonikerError) -> Void in
            for cell in row.cells {
                let rewrite = rewriter.rewrite(cell.bytes, role: cell.role)
                var paths = Set(rewrite.occurrences.map(\.old))
                for opaque in rewrite.opaque { paths.formUnion(opaque.paths) }
                guard !paths.isEmpty else { continue }
                named.formUnion(paths)
                let key = row.key.parts.map { "\($0.value)" }.joined(separator: ",")
                for path in paths.sorted() {
                    findings.append(
                        VerifyFinding(
                            check: .reference,
                            message:
                                "\(row.table.name).\(cell.column.name)#\(key) names \(path), which is gone: `moniker verify --repair` makes the old name work again"
                        ))
                }
            }
        }
        guard repairing else { return findings }
        for path in named.sorted() {
            guard let new = latest[path], try ports.files.status(of: path) == nil,
                try ports.files.status(of: new) != nil
            else { continue }
            try ports.files.link(new, as: path)
            try ports.files.synchronize(directories: [path.directory])
        }
        for index in findings.indices { findings[index].isRepaired = true }
        return findings
    }
}
