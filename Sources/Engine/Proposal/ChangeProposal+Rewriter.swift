import Model
import Rewriting

extension ChangeProposal {
    /// What rewrites references to the files of the proposal.
    ///
    /// - Throws: `malformed-map` when a file is to get two names, `invalid-argument` when nothing is
    ///   known of the uploads folder.
    func makeRewriter(for location: UploadsLocation) throws(MonikerError) -> Rewriter {
        try Rewriter(
            map: try RenameMap(moves.lazy.map { ($0.old, $0.new) }), location: location)
    }
}
