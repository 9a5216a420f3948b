import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite(
        "Faults: system calls", .enabled(if: Strace.isAllowed, "strace may not trace a child here"))
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

        @Test("strace: system call × error × (Nth, from N on)", arguments: Engine.allCases)
        func errors(_ engine: Engine) throws {
            let seed: UInt64 = 1
            var random = SplitMix64(seed: seed)
            try TestSite.with(engine) { site in
                let scene = try FaultScene.oneFamily(site)
                for direction in Direction.allCases {
                    let ordinals = try scene.trace(direction).ordinals
                    let cases = Self.failing.flatMap { call in
                        (ordinals[call] ?? []).flatMap { Self.faults(call, number: $0) }
                    }
                    for fault in try SampledMatrix.sample(cases, usual: 14, using: &random) {
                        let what = "\(engine), \(direction), seed \(seed), inject=\(fault)"
                        try scene.attempt(what, direction) {
                            try site.moniker($0, injecting: fault)
                        }
                    }
                }
                try FaultLedger.record(
                    layer: "L5", "Errors of system calls of the shipped binary, \(engine)",
                    tried: scene.tried, violations: scene.violations.count)
            }
        }

        @Test("A request that cannot be sent to the database is an error, not a wait")
        func unsent() throws {
            try TestSite.with(.mariadb) { site in
                let scene = try FaultScene.oneFamily(site)
                for direction in Direction.allCases {
                    let requests = try #require(try scene.trace(direction).ordinals["sendto"])
                    // Some carry a statement, some end one: both are among so many that follow each
                    // other, in the questions before the change and in its transaction.
                    let faults = [requests.count / 4, requests.count * 3 / 4].flatMap { start in
                        requests[start..<start + 3].map { "sendto:error=EPERM:when=\($0)" }
                    }
                    for fault in faults {
                        try scene.attempt("\(direction), inject=\(fault)", direction) {
                            try site.moniker($0, injecting: fault)
                        }
                    }
                }
                try FaultLedger.record(
                    layer: "L5", "Requests to the database that cannot be sent",
                    tried: scene.tried, violations: scene.violations.count)
            }
        }

        /// Every error of one call, alone and from there on.
        private static func faults(_ call: String, number: Int) -> [String] {
            errors.flatMap { error in
                // An endless EINTR is not of this world: whoever retries never ends.
                let tail = error == "EINTR" ? "..\(number + 7)" : "+"
                return ["", tail].map { "\(call):error=\(error):when=\(number)\($0)" }
            }
        }

        @Test("SIGKILL at every system call of the shipped binary", arguments: Engine.allCases)
        func killed(_ engine: Engine) throws {
            let seed: UInt64 = 2
            var random = SplitMix64(seed: seed)
            try TestSite.with(engine) { site in
                let scene = try FaultScene.oneFamily(site)
                for direction in Direction.allCases {
                    let ordinals = try scene.trace(direction).ordinals
                    let cases = Self.failing.flatMap { call in
                        (ordinals[call] ?? []).map { "\(call):signal=KILL:when=\($0)" }
                    }
                    for fault in try SampledMatrix.sample(cases, usual: 8, using: &random) {
                        let what = "\(engine), \(direction), seed \(seed), inject=\(fault)"
                        try scene.attempt(what, direction) {
                            let result = try site.moniker($0, injecting: fault)
                            // A run with fewer calls than the first is not killed, but has to be
                            // right.
                            return result.wasKilled && result.status == SIGKILL ? nil : result
                        }
                    }
                }
                try FaultLedger.record(
                    layer: "L5", "SIGKILL at each system call of the shipped binary, \(engine)",
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
