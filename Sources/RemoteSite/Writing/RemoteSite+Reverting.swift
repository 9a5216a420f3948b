import HomeStore
public import Model

extension RemoteSite {
    /// Puts back what the site held before a change set, where it still holds what was written.
    ///
    /// It is a change set itself and can be reverted. What somebody changed since stays
    /// (`conflict`).
    ///
    /// - Parameters:
    ///   - id: the change set.
    ///   - attachments: only these; nil for all of it.
    ///   - progress: told how many attachments are done, and how many there are.
    /// - Throws: `unknown-journal`, `foreign-journal`; `already-reverted`; `not-applied` where the
    ///   change set wrote nothing to these attachments; what `write` throws.
    /// - Complexity: three requests for each attachment.
    public func revert(
        _ id: RemoteChangeID, only attachments: Set<AttachmentID>? = nil,
        progress: @Sendable (Int, Int) -> Void = { _, _ in }
    ) async throws(MonikerError) -> RemoteReport {
        let lock = try HomeLock.forRemoteWriting(home: home)
        defer { extendLifetime(lock) }
        _ = try await resolvePending()
        let changes = try store.changes(of: id).filter {
            $0.left != nil && attachments?.contains($0.attachment) ?? true
        }
        guard !changes.isEmpty else {
            throw MonikerError(.notApplied, "the change set \(id) wrote nothing to be taken back")
        }
        let standing = changes.filter { $0.revertedBy == nil }
        guard !standing.isEmpty else {
            throw MonikerError(.alreadyReverted, "the change set \(id) has been reverted already")
        }
        var tasks: [AttachmentWriting] = []
        for change in standing {
            if tasks.last?.attachment != change.attachment {
                tasks.append(
                    AttachmentWriting(
                        attachment: change.attachment, texts: [:], expected: [:], source: nil))
            }
            tasks[tasks.count - 1].texts[change.field] = change.before
            tasks[tasks.count - 1].expected[change.field] = change.left
        }
        return try await perform(tasks, reverting: id, progress: progress)
    }
}
