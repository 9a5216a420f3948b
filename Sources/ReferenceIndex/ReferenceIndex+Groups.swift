public import Model
import Rewriting

extension ReferenceIndex {
    /// The rows of some groups in a table, and those that have changed, by their keys; nil where the
    /// table has to be scanned.
    ///
    /// The caller reads each of the rows again. Nothing about the index itself is thrown: it is
    /// noted. What was found out about the tables holds for the next question as well, where that
    /// comes within a second.
    ///
    /// - Complexity: what changed since the last time, and the rows of the answer; not the site.
    public func rows(
        inGroups names: [[UInt8]], of table: String
    ) throws(MonikerError) -> [RowKey]? {
        guard isOn, groups != nil else { return nil }
        do throws(MonikerError) {
            let watched = try layouts()
            guard let knowledge = try currentKnowledge(of: watched),
                knowledge.sources[table] != nil
            else { return nil }
            examined = Examined(
                tables: watched.map(\.tracked), states: knowledge.states, moment: .now)
            let keys = Set(names.map { Int64(bitPattern: PathCensus.key(of: $0)) })
            return try rows(under: keys, knowledge)?[table]
        } catch {
            guard error.code != .connectionLost else { throw error }
            note("\(error.message); every attached file was looked at instead")
            needsRepair = true
            return nil
        }
    }
}
