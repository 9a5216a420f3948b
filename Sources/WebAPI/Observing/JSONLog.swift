import Access
import Foundation
import Glibc
import Logging
import UseCases

/// A log of one JSON object a line on standard error, without secrets and without control characters.
struct JSONLog: LogHandler {
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]
    private let redaction: Redaction

    init(_ redaction: Redaction) { self.redaction = redaction }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = ["level": event.level.rawValue, "message": redaction("\(event.message)")]
        for (key, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 }) {
            fields[key == "hb.request.id" ? "connection" : key] = redaction("\(value)")
        }
        fields["time"] = Self.timestamp()
        let line = Array((JSONText.line(fields) + "\n").utf8)
        // One call a line, so that lines of different threads stay whole. Where nobody reads the log
        // any more, nobody is told.
        // SAFETY: the array lives through the call, which only reads it.
        unsafe line.withUnsafeBytes { _ = unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    private static func timestamp() -> String {
        Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
