import Engine
import Foundation
import Model
import TestSupport
import Testing

@testable import Journal

/// Homes that earlier versions have written.
@Suite struct EarlierFormsTests {
    /// Splices as the first version wrote them: offset, both lengths, both runs.
    private func firstForm(_ splices: [RecordedSplice]) -> [UInt8] {
        var bytes: [UInt8] = []
        func append(_ number: Int) {
            var rest = number
            while rest > 127 {
                bytes.append(UInt8(rest & 127) | 128)
                rest >>= 7
            }
            bytes.append(UInt8(rest))
        }
        append(splices.count)
        for splice in splices {
            append(splice.offset)
            append(splice.old.count)
            append(splice.new.count)
            bytes += splice.old + splice.new
        }
        return bytes
    }

    private func bytes(hexadecimal: Substring) -> [UInt8] {
        let digits = hexadecimal.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
    }

    private func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The second forms in the journal, and the first forms of the same.
    private func forms(_ site: EngineSite) throws -> [(second: String, first: String)] {
        var forms: [(second: String, first: String)] = []
        let rows = try EngineSite.run(
            "/usr/bin/sqlite3",
            [
                site.journalPath,
                """
                SELECT hex(splices), hex(paths) FROM cell_edit
                UNION SELECT hex(splices), hex(paths) FROM file_edit
                """,
            ])
        for row in rows.split(separator: "\n") {
            let columns = row.split(separator: "|").map { bytes(hexadecimal: $0) }
            try #require(columns.count == 2)
            let splices = firstForm(Array(try SpliceCoding.decode(columns[0])))
            let paths: [UInt8] = try RowCoding.decodePaths(Data(columns[1])).reduce(into: []) {
                $0 += $1.bytes + [0]
            }
            #expect(splices != columns[0] && paths != columns[1])
            forms.append((hexadecimal(columns[0]), hexadecimal(splices)))
            forms.append((hexadecimal(columns[1]), hexadecimal(paths)))
        }
        try #require(!forms.isEmpty)
        return forms
    }

    @Test("a journal of before is brought up to date, and what it has is reverted byte for byte")
    func journal() throws {
        let site = try EngineSite()
        let before = try site.snapshot()
        let renamed = try site.rename(from: "IMG_1", to: "red-bike")
        let forms = try forms(site)
        try site.closeJournal()
        var sql = "DELETE FROM grdb_migrations WHERE identifier LIKE '8 %';"
        for form in forms {
            for table in ["cell_edit", "file_edit"] {
                for column in ["splices", "paths"] {
                    sql += """
                        UPDATE \(table) SET \(column) = x'\(form.first)'
                            WHERE \(column) = x'\(form.second)';
                        """
                }
            }
        }
        try EngineSite.sqlite(site.journalPath, sql)
        try site.openJournal()
        let migrations = try EngineSite.run(
            "/usr/bin/sqlite3",
            [site.journalPath, "SELECT count(*) FROM grdb_migrations WHERE identifier LIKE '8 %'"])
        #expect(migrations == "1\n")
        _ = try site.revert(renamed.id)
        #expect(try site.snapshot() == before)
    }

    /// A manifest of today as an earlier version would have written it: an object a row, bytes as
    /// hexadecimal digits, keys of rows as JSON, and in the first version splices and paths as well.
    private func earlier(
        _ manifest: String, version: Int, _ forms: [(second: String, first: String)]
    ) throws -> String {
        let replaced = Dictionary(
            forms.map { ($0.second, version == 1 ? $0.first : $0.second) },
            uniquingKeysWith: { one, _ in one })
        var lines: [[String: Any]] = []
        var table: (name: String, columns: [String], base64: [String]) = ("", [], [])
        for line in manifest.split(separator: "\n") {
            let json = try JSONSerialization.jsonObject(with: Data(line.utf8))
            guard let values = json as? [Any] else {
                let object = try #require(json as? [String: Any])
                if let name = object["table"] as? String {
                    table = (
                        name, try #require(object["columns"] as? [String]),
                        try #require(object["base64"] as? [String])
                    )
                } else if object["format"] != nil {
                    lines.append(["format": "moniker-manifest", "version": version])
                } else {
                    lines.append(["rows": try #require(object["rows"])])
                }
                continue
            }
            var row = Dictionary(uniqueKeysWithValues: zip(table.columns, values))
            for (column, value) in row {
                guard let text = value as? String else { continue }
                if table.base64.contains(column) {
                    let digits = hexadecimal(Array(try #require(Data(base64Encoded: text))))
                    row[column] = ["hex": replaced[digits] ?? digits]
                } else if column == "row_key", !text.hasPrefix("{") {
                    let parts = text.split(separator: "=")
                    row[column] =
                        #"{"parts":[{"column":"\#(parts[0])","kind":"integer","value":"\#(parts[1])"}],"#
                        + #""primary":true}"#
                }
            }
            lines.append(["table": table.name, "row": row])
        }
        return try lines.map { line in
            let data = try JSONSerialization.data(withJSONObject: line)
            return String(decoding: data, as: UTF8.self) + "\n"
        }.joined()
    }

    @Test("manifests of before are replayed", arguments: [1, 2])
    func manifests(version: Int) throws {
        let site = try EngineSite()
        let before = try site.snapshot()
        let renamed = try site.rename(from: "IMG_1", to: "red-bike")
        let forms = try forms(site)
        let rows = try site.journalRows()
        try site.loseJournal()
        try site.editManifests { try earlier($0, version: version, forms) }
        #expect(try JournalStore.rebuild(path: site.journalPath) != nil)
        // Also the keys: they are compared as they are stored, so there is one form of them.
        #expect(rows.contains("=1'"))
        let rebuilt = try site.journalRows()
        #expect((rebuilt == rows) == (version == 2))
        try site.openJournal()
        _ = try site.revert(renamed.id)
        #expect(try site.snapshot() == before)
    }

    @Test("manifests of a later version are refused as such")
    func laterManifests() throws {
        let site = try EngineSite()
        _ = try site.rename(from: "IMG_1", to: "red-bike")
        try site.loseJournal()
        try site.editManifests {
            $0.replacingOccurrences(of: "\"version\":3}", with: "\"version\":4}")
        }
        do {
            _ = try JournalStore.rebuild(path: site.journalPath)
            Issue.record("manifests of a version that nobody knows were replayed")
        } catch {
            #expect(error.code == .journalLost)
            #expect(error.message.contains("newer version"))
        }
    }
}

extension EngineSite {
    /// Writes every manifest again.
    fileprivate func editManifests(_ body: (String) throws -> String) throws {
        let folder = URL(fileURLWithPath: journalPath).deletingLastPathComponent()
            .appendingPathComponent("manifests")
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            let file = folder.appendingPathComponent(name)
            try body(String(contentsOf: file, encoding: .utf8)).write(
                to: file, atomically: false, encoding: .utf8)
        }
    }
}
