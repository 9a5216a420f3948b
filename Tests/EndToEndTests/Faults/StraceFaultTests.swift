import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Faults", .enabled(if: Strace.isAllowed, "strace may not trace a child here"))
    struct StraceFaultTests {
        /// The calls through which the program acts on files, on its journal and on the database.
        private static let failing = [
            "openat", "openat2", "linkat", "renameat", "renameat2", "unlink", "unlinkat", "fsync",
            "fdatasync", "pwrite64", "ftruncate", "copy_file_range", "mkdir", "mkdirat",
            "fchmod", "fchown", "utimensat", "pread64", "read", "getdents64", "newfstatat",
            "connect", "sendto", "recvfrom",
        ]
        private static let errors = [
            "EIO", "ENOSPC", "EDQUOT", "EACCES", "EPERM", "EROFS", "EXDEV", "EMLINK", "EMFILE",
            "EINTR",
        ]

        /// How many cases of the matrix are tried for an engine and a direction.
        private static func budget(_ usual: Int) throws -> Int {
            if FaultLedger.isLongRun { return .max }
            guard let asked = ProcessInfo.processInfo.environment["MONIKER_FAULT_CASES"]
            else { return usual }
            return try #require(Int(asked))
        }

        @Test(
            "strace: system call × error × (Nth, from N on)",
            arguments: Engine.allCases, Direction.allCases)
        func errors(_ engine: Engine, _ direction: Direction) throws {
            let seed: UInt64 = 1
            var random = SplitMix64(seed: seed)
            try TestSite.with(engine) { site in
                let scene = try FaultScene.oneFamily(site)
                let trace = try scene.trace(direction)
                var cases: [String] = []
                for call in Self.failing {
                    for error in Self.errors {
                        for number in trace.ordinals[call] ?? [] {
                            // An endless EINTR is not of this world: whoever retries never ends.
                            let tail = error == "EINTR" ? "..\(number + 7)" : "+"
                            for mode in ["", tail] {
                                cases.append("\(call):error=\(error):when=\(number)\(mode)")
                            }
                        }
                    }
                }
                let chosen = SampledMatrix.sample(
                    cases, try Self.budget(20), using: &random
                ) { $0.prefix { $0 != ":" } }
                for fault in chosen {
                    try scene.attempt("\(engine) \(direction), inject=\(fault)", direction) {
                        try site.moniker($0, injecting: fault)
                    }
                }
                try FaultLedger.record(
                    layer: "L5",
                    "Errors of system calls of the shipped binary, \(engine), \(direction)",
                    tried: scene.tried, violations: scene.violations.count)
            }
        }

        @Test(
            "SIGKILL at every system call of the shipped binary",
            arguments: Engine.allCases, Direction.allCases)
        func killed(_ engine: Engine, _ direction: Direction) throws {
            var random = SplitMix64(seed: 2)
            try TestSite.with(engine) { site in
                let scene = try FaultScene.oneFamily(site)
                let trace = try scene.trace(direction)
                let cases = Self.failing.flatMap { call in
                    (trace.ordinals[call] ?? []).map { "\(call):signal=KILL:when=\($0)" }
                }
                let chosen = SampledMatrix.sample(
                    cases, try Self.budget(10), using: &random
                ) { $0.prefix { $0 != ":" } }
                for fault in chosen {
                    try scene.attempt("\(engine) \(direction), inject=\(fault)", direction) {
                        let result = try site.moniker($0, injecting: fault)
                        // A run with fewer calls than the first is not killed, but has to be right.
                        return result.wasKilled && result.status == SIGKILL ? nil : result
                    }
                }
                try FaultLedger.record(
                    layer: "L5",
                    "SIGKILL at each system call of the shipped binary, \(engine), \(direction)",
                    tried: scene.tried, violations: scene.violations.count)
            }
        }
    }
}

extension FaultScene {
    /// The calls of an undisturbed run, which is taken back.
    func trace(_ direction: Direction) throws -> SystemCallTrace {
        let trace = try SystemCallTrace(of: try arguments(direction), on: site)
        let left = try settle()
        try #require(left.isEmpty, "\(left)")
        return trace
    }
}

extension TestSite {
    /// Runs the program under strace with one fault, for a minute at most.
    func moniker(_ arguments: [String], injecting fault: String) throws -> CommandResult {
        let call = String(fault.prefix { $0 != ":" })
        return try run(
            "timeout",
            [
                "-k", "10", "60", "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(call)",
                "-e", "inject=\(fault)", MonikerBinary.path,
            ] + siteArguments + arguments)
    }
}

/// A seeded choice out of a matrix that is too big to be tried whole each time.
enum SampledMatrix {
    /// As many cases as asked for, taken in turn from each group so that none is left out.
    static func sample<Group: Hashable>(
        _ cases: [String], _ count: Int, using random: inout SplitMix64,
        by group: (String) -> Group
    ) -> [String] {
        guard cases.count > count else { return cases }
        var groups = Dictionary(grouping: cases, by: group).values
            .sorted { $0[0] < $1[0] }
            .map { $0.shuffled(using: &random) }
        var chosen: [String] = []
        while chosen.count < count {
            for index in groups.indices where !groups[index].isEmpty && chosen.count < count {
                chosen.append(groups[index].removeLast())
            }
        }
        return chosen
    }
}
