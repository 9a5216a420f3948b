import Model
import Patterns

/// What a filter asks of the bytes of values, looked at where SQLite holds them.
///
/// In a WHERE clause, `instr` would keep a copy of a long value for each place that asks, until the
/// statement ends, and search it byte by byte.
indirect enum SQLiteContentTest {
    /// The column of the statement contains one of the terms.
    case containsAny(column: Int32, terms: [[UInt8]])
    /// The column of the statement has so many bytes, or more.
    case isAtLeast(column: Int32, bytes: Int)
    /// The column of the statement matches a pattern somewhere.
    case matches(column: Int32, Pattern)
    case and([SQLiteContentTest])
    case or([SQLiteContentTest])

    /// Takes the questions about bytes out of a filter; the rest is SQLite's.
    ///
    /// - Parameter columns: what the statement reads; columns that the test needs are added.
    /// - Returns: a filter for the WHERE clause, and the test of each row that it lets through; nil
    ///   where there is nothing to test.
    static func split(
        _ filter: RowFilter, columns: inout [String]
    ) -> (stored: RowFilter, test: SQLiteContentTest?) {
        if let test = SQLiteContentTest(filter, columns: &columns) { return (.all, test) }
        guard case .and(let parts) = filter else { return (filter, nil) }
        var stored: [RowFilter] = []
        var tests: [SQLiteContentTest] = []
        for part in parts {
            if let test = SQLiteContentTest(part, columns: &columns) {
                tests.append(test)
            } else {
                stored.append(part)
            }
        }
        return (.and(stored), tests.isEmpty ? nil : .and(tests))
    }

    /// Makes a test of a filter that asks of nothing but bytes; nil for any other.
    private init?(_ filter: RowFilter, columns: inout [String]) {
        guard Self.asksOfBytesOnly(filter) else { return nil }
        switch filter {
        case .containsAny(let names, let terms):
            self = .or(
                names.map { .containsAny(column: Self.index(of: $0, in: &columns), terms: terms) })
        case .isAtLeast(let name, let bytes):
            self = .isAtLeast(column: Self.index(of: name, in: &columns), bytes: bytes)
        case .matches(let name, let pattern):
            self = .matches(column: Self.index(of: name, in: &columns), Pattern(pattern))
        case .and(let parts): self = .and(parts.compactMap { Self($0, columns: &columns) })
        case .or(let parts): self = .or(parts.compactMap { Self($0, columns: &columns) })
        case .all, .equals, .isAny, .hasPrefix, .within: return nil
        }
    }

    /// Where a column stands in the statement; it is added where it is missing.
    private static func index(of name: String, in columns: inout [String]) -> Int32 {
        let index = columns.firstIndex(of: name) ?? columns.count
        if index == columns.count { columns.append(name) }
        return Int32(index)
    }

    private static func asksOfBytesOnly(_ filter: RowFilter) -> Bool {
        switch filter {
        case .containsAny, .isAtLeast, .matches: true
        case .and(let parts), .or(let parts):
            !parts.isEmpty && parts.allSatisfy { asksOfBytesOnly($0) }
        case .all, .equals, .isAny, .hasPrefix, .within: false
        }
    }
}
