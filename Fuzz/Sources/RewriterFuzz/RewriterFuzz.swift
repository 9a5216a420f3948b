import CFuzzer
import Glibc
import Model
import Rewriting

/// The rewriter that every input goes through.
private let rewriter: Rewriter = {
    do {
        let pairs = [
            ("2024/05/IMG_1.jpg", "2024/05/red-bike.jpg"),
            ("2024/05/IMG_1-300x200.jpg", "2024/05/red-bike-300x200.jpg"),
            ("2024/05/photo%20encoded.jpg", "2024/05/東京.jpg"),
        ]
        return try Rewriter(
            map: RenameMap(pairs.map { (old: try MediaPath($0.0), new: try MediaPath($0.1)) }),
            location: UploadsLocation(
                hosts: ["example.com"], urlPaths: ["/wp-content/uploads"], directories: [],
                assumesUsualServerFolders: true))
    } catch {
        preconditionFailure("\(error)")
    }
}()

/// One input of libFuzzer: no value crashes the rewriter, splices lie in the value, and what was
/// rewritten is not rewritten again.
private func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let value = Array(UnsafeBufferPointer(start: start, count: count))
    let rewrite = rewriter.rewrite(value, role: .ordinary)
    var end = 0
    for splice in rewrite.splices {
        precondition(splice.range.lowerBound >= end && splice.range.upperBound <= count)
        end = splice.range.upperBound
    }
    let result = rewrite.splices.applied(to: value)
    precondition(rewriter.rewrite(result, role: .ordinary).splices.isEmpty)
    return 0
}

@main enum RewriterFuzz {
    static func main() {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(LLVMFuzzerRunDriver(&count, &arguments) { start, count in fuzz(start, count) })
    }
}
