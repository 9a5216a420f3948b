import Foundation
import Testing

/// The system calls that a command makes once it touches the site or its home.
///
/// Everything before is the dynamic loader's and the runtime's start-up.
struct SystemCallTrace {
    /// For each call by name: its ordinals, as strace counts them (for each thread on its own).
    let ordinals: [String: [Int]]

    init(of arguments: [String], on site: TestSite) throws {
        let file = site.live.appendingPathComponent("trace-\(UUID().uuidString)")
        let result = try run(
            "strace",
            ["-f", "-qq", "-o", file.path, MonikerBinary.path] + site.siteArguments + arguments)
        try #require(result.status == 0, "\(result.errors)")
        let folder = site.live.path
        var isStarted = false
        var counts: [Substring: Int] = [:]
        var found: [String: Set<Int>] = [:]
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
            // "3025  openat(AT_FDCWD, …"; what is resumed was counted when it began.
            guard let space = line.firstIndex(of: " "), let bracket = line.firstIndex(of: "(")
            else { continue }
            let name = line[space..<bracket].drop { $0 == " " }
            guard name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else { continue }
            let counter = line[..<bracket]
            counts[counter, default: 0] += 1
            isStarted = isStarted || (line.contains(folder) && name != "execve")
            if isStarted { found[String(name), default: []].insert(counts[counter, default: 1]) }
        }
        try FileManager.default.removeItem(at: file)
        ordinals = found.mapValues { $0.sorted() }
    }
}

/// Whether strace may trace, and change, what a child does here.
enum Strace {
    static let isAllowed: Bool = {
        do {
            // An injected failure of the loader proves that injecting works.
            let plain = try run("strace", ["-f", "-qq", "-o", "/dev/null", "true"])
            let failing = try run(
                "strace",
                [
                    "-f", "-qq", "-o", "/dev/null", "-e", "inject=openat:error=EIO:when=1+", "true",
                ])
            return plain.status == 0 && failing.status != 0
        } catch {
            return false
        }
    }()
}
