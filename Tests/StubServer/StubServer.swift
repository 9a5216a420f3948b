internal import Foundation
internal import HTTPClient

/// stub.py, run for one test; it ends with this object or this process.
public final class StubServer: Sendable {
    /// Why a stub cannot be used.
    public struct Failure: Error {
        /// What happened.
        public let message: String
    }

    /// The port of this machine that it listens on.
    public let port: Int
    private let process: Process
    private let input: Pipe

    private static let program = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("stub.py").path

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - script: what it does, as its first lines say.
    ///   - latency: how many seconds it takes for each answer.
    public init(_ script: String = "{}", latency: Double = 0) async throws {
        process = Process()
        input = Pipe()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // Without a cache, the source tree stays as it was.
        process.arguments = ["python3", "-B", Self.program, "--latency", "\(latency)"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw Failure(message: "stub.py did not say its port: \(line)")
        }
        self.port = port
        try await load(script)
    }

    deinit {
        do {
            try input.fileHandleForWriting.close()
        } catch { preconditionFailure("the stub's input was closed twice: \(error)") }
        process.waitUntilExit()
    }

    /// Where it listens.
    public var address: String { "http://127.0.0.1:\(port)" }

    /// Gives it another script; the log begins anew.
    public func load(_ script: String) async throws {
        let answer = try await HTTPClient().send(
            HTTPRequest("POST", address + "/stub/script", body: Array(script.utf8)))
        guard answer.status == 200 else {
            throw Failure(message: String(decoding: answer.body, as: UTF8.self))
        }
    }

    /// What it logged since the script was loaded.
    public func log() async throws -> Log {
        var request = HTTPRequest("GET", address + "/stub/log")
        request.responseLimit = 1 << 30
        let answer = try await HTTPClient().send(request)
        return try JSONDecoder().decode(Log.self, from: Data(answer.body))
    }

    /// The requests for answers.
    public func questions() async throws -> [Entry] {
        try await log().entries.filter { $0.did != nil }
    }

    /// What it did for each image's file, in order.
    public func did() async throws -> [String: [String]] {
        var result: [String: [String]] = [:]
        for entry in try await log().entries {
            guard let did = entry.did, let file = entry.file else { continue }
            result[file, default: []].append(did)
        }
        return result
    }

    /// A log.
    public struct Log: Decodable, Sendable {
        /// Requests, in order.
        public let entries: [Entry]
        /// How many ran at once.
        public let mostRunning: Int

        private enum CodingKeys: String, CodingKey {
            case entries
            case mostRunning = "most_running"
        }
    }

    /// A request as the stub logs it.
    public struct Entry: Decodable, Sendable {
        /// The HTTP method.
        public let method: String?
        /// The path.
        public let path: String?
        /// The headers, without secrets.
        public let headers: [String: String]?
        /// What the script made it do.
        public let did: String?
        /// Whether it creates a batch.
        public let creates: Bool?
        /// The image's file name, as the prompt has it.
        public let file: String?
        /// The id of a request within a batch.
        public let id: String?
        /// The model asked for.
        public let model: String?
        /// How the answer is to be structured.
        public let structure: String?
        /// The rules of the prompt.
        public let system: String?
        /// The text of the prompt.
        public let user: String?
        /// The most tokens of the answer.
        public let limit: Int?
        /// The pictures sent.
        public let images: [Picture]?
    }

    /// A picture of a request.
    public struct Picture: Decodable, Sendable {
        /// Its size.
        public let bytes: Int
        /// Its width in pixels.
        public let width: Int
        /// Its height in pixels.
        public let height: Int
        /// Whether it carries EXIF.
        public let exif: Bool
        /// Whether it says where it was taken.
        public let gps: Bool
        /// Why it is no JPEG.
        public let error: String?
    }
}
