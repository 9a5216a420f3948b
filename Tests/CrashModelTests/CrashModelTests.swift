import CrashModel
import CrashPoints
import Foundation
import TestSupport
import Testing

@Suite("A model world, crashed everywhere", .serialized) struct CrashModelTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../..").standardizedFileURL

    /// Runs a program of the package and returns what it printed and how it ended.
    private static func run(
        _ program: String, _ arguments: [String]
    ) throws -> (output: String, status: Int32) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = root.appendingPathComponent(program)
        process.arguments = arguments
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (String(decoding: data, as: UTF8.self), process.terminationStatus)
    }

    @Test("A rename, killed and without power at every point, and its recoveries: all or nothing")
    func rename() throws {
        let scenario = try #require(Scenario.all.first { $0.name == "rename" })
        let exploration = try Explorer(depth: 1).explore(scenario)
        #expect(exploration.violations == [])
        #expect(exploration.states > 100)
    }

    @Test("I1 to I10 hold after every crash of every scenario, and every crash point is reached")
    func everything() throws {
        // Built for release by `make test`: a debug build takes ten times as long.
        let result = try Self.run(
            ".build/release/crash-model", FaultLedger.isLongRun ? ["--long"] : [])
        #expect(result.status == 0, "\(result.output)")
        let total = try #require(
            result.output.firstMatch(
                of: /total\t(\d+) crashes\t(\d+) states\t(\d+) violations/))
        let crashes = try #require(Int(total.1))
        let violations = try #require(Int(total.3))
        #expect(crashes >= 100_000)
        #expect(violations == 0)
        try FaultLedger.record(
            layer: "L1", "states of a model world after a crash", tried: crashes,
            violations: violations)
        try FaultLedger.record(
            layer: "L1", "of these, different from each other and recovered from",
            tried: try #require(Int(total.2)), violations: violations)
        try FaultLedger.record(
            layer: "L1", "registered crash points, all of them reached",
            tried: EffectPoint.registered.count,
            violations: result.output.contains("never reached") ? 1 : 0)
    }

    @Test("Each way to break the protocol that it requires to be caught is caught")
    func mutants() throws {
        let result = try Self.run("Scripts/protocol-mutants.py", [])
        #expect(result.status == 0, "\(result.output)")
        let sum = try #require(
            result.output.firstMatch(of: /(\d+) of (\d+) required mutants caught/))
        let caught = try #require(Int(sum.1))
        let required = try #require(Int(sum.2))
        #expect(required >= 20)
        #expect(caught == required)
        try FaultLedger.record(
            layer: "L2", "mutants of the protocol, caught unless counted as violations",
            tried: required, violations: required - caught)
    }
}
