import Foundation
import GRDB
import Model

@testable import Journal

/// The journal's decoders: what was written is read again, garbage is an error.
func fuzzJournal(_ value: [UInt8]) {
    var source = ByteSource(value)
    switch source.byte() % 8 {
    case 0: readGarbage(source.rest())
    case 1: roundTripSplices(&source)
    case 2: roundTripKey(&source)
    case 3: attempt { () throws(MonikerError) in _ = try RowCoding.changeSet(source.changeSet()) }
    case 4: attempt { () throws(MonikerError) in _ = try RowCoding.move(source.move()) }
    case 5: attempt { () throws(MonikerError) in _ = try RowCoding.cellEdit(source.cellEdit()) }
    case 6: attempt { () throws(MonikerError) in _ = try RowCoding.fileEdit(source.fileEdit()) }
    default: attempt { () throws(MonikerError) in _ = try RowCoding.finding(source.finding()) }
    }
}

private func attempt(_ body: () throws(MonikerError) -> Void) {
    do throws(MonikerError) {
        try body()
    } catch {
        expect(error.code == .journalUnusable, "\(error)")
    }
}

private func readGarbage(_ bytes: [UInt8]) {
    attempt { () throws(MonikerError) in
        let splices = try SpliceCoding.decode(bytes)
        expect(
            try SpliceCoding.decode(SpliceCoding.encode(splices)) == splices,
            "splices that were read are read again")
    }
    attempt { () throws(MonikerError) in
        let paths = try RowCoding.decodePaths(Data(bytes))
        paths.forEach(checkPath)
        expect(
            try RowCoding.decodePaths(Data(RowCoding.encode(paths))) == paths,
            "paths that were read are read again")
    }
    do throws(MonikerError) {
        let manifest = try ManifestRows(bytes, named: "fuzzed")
        expect(
            manifest.items.count + 2 <= bytes.split(separator: 0x0A).count,
            "a manifest has no row without a line")
    } catch {
        expect(error.code == .journalLost, "\(error)")
    }
    let text = String(decoding: bytes, as: UTF8.self)
    attempt { () throws(MonikerError) in
        let key = try RowKeyCoding.decode(text)
        expect(
            try RowKeyCoding.decode(RowKeyCoding.encode(key)) == key,
            "a key that was read is read again")
    }
    attempt { () throws(MonikerError) in
        let id = try RowCoding.journalID(text)
        expect(JournalID(id.description) == id, "an id is its description")
    }
}

private func roundTripSplices(_ source: inout ByteSource) {
    var splices: [RecordedSplice] = []
    var end = 0
    while !source.isEmpty, end < 1 << 54 {
        let offset = end + Int(source.number() & 0x3F_FFFF_FFFF_FFFF)
        splices.append(RecordedSplice(offset: offset, old: source.run(), new: source.run()))
        end = offset + (splices.last?.old.count ?? 0)
    }
    let recorded = RecordedSplices(splices)
    attempt { () throws(MonikerError) in
        expect(
            try SpliceCoding.decode(SpliceCoding.encode(recorded)) == recorded,
            "splices are read as they were written")
    }
}

private func roundTripKey(_ source: inout ByteSource) {
    var parts: [RowKey.Part] = []
    let isPrimary = source.byte() & 1 == 0
    while !source.isEmpty {
        let column = source.text()
        let value: SQLValue =
            switch source.byte() % 5 {
            case 0: .null
            case 1: .integer(source.number())
            case 2: .real(Double(bitPattern: UInt64(bitPattern: source.number())))
            case 3: .text(source.run())
            default: .blob(source.run())
            }
        // SQL has neither NaN nor infinity.
        if case .real(let number) = value, !number.isFinite { continue }
        parts.append(RowKey.Part(column: column, value: value))
    }
    let key = RowKey(parts: parts, isPrimary: isPrimary)
    do throws(MonikerError) {
        expect(
            try RowKeyCoding.decode(RowKeyCoding.encode(key)) == key,
            "a key is read as it was written")
    } catch {
        fatalError("a key that was written cannot be read: \(error)")
    }
}

/// Takes values of the types that the journal's STRICT tables allow out of libFuzzer's bytes.
private struct ByteSource {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

    var isEmpty: Bool { bytes.isEmpty }

    mutating func byte() -> UInt8 { bytes.popFirst() ?? 0 }

    mutating func rest() -> [UInt8] {
        defer { bytes = [] }
        return Array(bytes)
    }

    mutating func number() -> Int64 {
        let count = Int(byte() % 9)
        var number: UInt64 = 0
        for _ in 0..<count { number = number << 8 | UInt64(byte()) }
        return Int64(bitPattern: number)
    }

    mutating func run() -> [UInt8] {
        let count = min(Int(byte()), bytes.count)
        defer { bytes = bytes.dropFirst(count) }
        return Array(bytes.prefix(count))
    }

    mutating func text() -> String { String(decoding: run(), as: UTF8.self) }

    /// One of some words, or any text.
    private mutating func word(_ words: [String]) -> String {
        let choice = Int(byte())
        return choice < words.count ? words[choice] : text()
    }

    private mutating func optionalNumber() -> Int64? { byte() & 1 == 0 ? nil : number() }

    private mutating func optionalText() -> String? { byte() & 1 == 0 ? nil : text() }

    private mutating func digest() -> Data {
        byte() & 1 == 0 ? Data(repeating: 7, count: 32) : Data(run())
    }

    private static let id = JournalID(milliseconds: 1, random: 2).description

    mutating func changeSet() -> Row {
        [
            "id": word([Self.id]), "kind": word(["rename", "revert", "sweep"]),
            "state": word(["intent", "cells", "committed", "done", "aborted"]), "created": number(),
            "incarnation": text(),
            "prefix": text(), "uploads": Data(run()),
            "reverts": byte() & 1 == 0 ? nil : word([Self.id]), "keep_old_until": number(),
            "reference_count": number(), "is_lost": number(),
        ]
    }

    mutating func move() -> Row {
        [
            "sequence": number(), "attachment": number(), "role": text(), "old": Data(run()),
            "new": Data(run()), "device": optionalNumber(), "inode": optionalNumber(),
            "size": optionalNumber(), "mode": optionalNumber(), "owner": optionalNumber(),
            "grp": optionalNumber(), "modified": optionalNumber(), "links": optionalNumber(),
            "digest": byte() & 1 == 0 ? nil : digest(), "new_name_existed": number(),
            "old_name": word(["alive", "retired"]), "keep_reason": optionalText(),
            "reverted_by": byte() & 1 == 0 ? nil : word([Self.id]),
        ]
    }

    mutating func cellEdit() -> Row {
        [
            "sequence": number(), "table_name": text(),
            "row_key": word([#"{"parts":[],"primary":true}"#]), "column_name": text(),
            "transactional": number(), "reference_count": number(), "before": digest(),
            "after": digest(), "splices": Data(run()), "paths": Data(run()),
            "kind": word(["rewrite", "set", "insert", "delete"]), "assignment": optionalNumber(),
            "row": byte() & 1 == 0 ? nil : word([#"{"parts":[],"primary":false}"#]),
        ]
    }

    mutating func fileEdit() -> Row {
        [
            "sequence": number(), "path": Data(run()), "before": digest(), "after": digest(),
            "modified": number(), "splices": Data(run()), "paths": Data(run()),
        ]
    }

    mutating func finding() -> Row {
        [
            "kind": word(["opaque", "conflict", "skipped", "foreign"]), "reason": text(),
            "attachment": optionalNumber(), "table_name": optionalText(),
            "row_key": byte() & 1 == 0 ? nil : word([#"{"parts":[],"primary":true}"#]),
            "column_name": optionalText(), "detail": text(), "count": number(),
            "assignment": optionalNumber(),
        ]
    }
}
