public import Model

extension Session {
    /// A redirect for every old URL that no longer is a file's own, to where the file is today.
    ///
    /// Chains are collapsed (a→b, b→c gives a→c and b→c), and what was reverted is left out, so
    /// there are no loops.
    public func redirects() throws(MonikerError) -> [Redirect] {
        var next: [MediaPath: MediaPath] = [:]
        for record in try store.changeSets().reversed()
        where record.state == .done || record.state == .committed {
            for move in try store.moves(of: record.id)
            where move.status != nil && move.revertedBy == nil && move.old != move.new {
                next[move.old] = move.new
                // The new name is a file again: nothing leads away from it.
                next[move.new] = nil
            }
        }
        let prefix = uploadsURLPath + "/"
        return next.keys.sorted().map { old in
            var current = old
            while let following = next[current] { current = following }
            return Redirect(
                old: prefix + String(decoding: old.bytes, as: UTF8.self),
                new: prefix + String(decoding: current.bytes, as: UTF8.self))
        }
    }
}
