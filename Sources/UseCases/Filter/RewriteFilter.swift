import Foundation
public import Model
import Rewriting

/// The rewriter without a site: values in, rewritten values out.
public final class RewriteFilter: Sendable {
    private let rewriter: Rewriter

    /// Prepares a filter.
    ///
    /// Without an uploads URL the folder is `/wp-content/uploads` and only relative forms and the
    /// hosts named with `--host` count as own.
    ///
    /// - Parameters:
    ///   - map: lines `old<TAB>new`, paths relative to uploads; empty lines are skipped.
    ///   - uploadsURL: the address of the uploads folder.
    ///   - options: `hosts` and `uploads` are used.
    /// - Throws: `malformed-map` naming the line; `invalid-argument` for the URL.
    public init(
        map: [UInt8], uploadsURL: String?, options: SessionOptions
    ) throws(MonikerError) {
        let address = try uploadsURL.map { (text) throws(MonikerError) in
            try UploadsAddress(parsing: text)
        }
        let directories = options.uploads.map { [Array($0.utf8)] } ?? []
        let location = UploadsLocation(
            hosts: (address.map { [$0.host] } ?? []) + options.hosts.map { $0.lowercased() },
            urlPaths: [address?.path ?? "/wp-content/uploads"], directories: directories,
            assumesUsualServerFolders: directories.isEmpty)
        rewriter = try Rewriter(map: try Self.parse(map), location: location)
    }

    /// The value with its references rewritten.
    public func rewrite(_ value: [UInt8]) -> [UInt8] {
        rewriter.rewrite(value, role: .ordinary).splices.applied(to: value)
    }

    private struct InputLine: Decodable { var value: String }

    private struct OutputLine: Encodable {
        var value: String
        var references: Int
        var opaque: Int
    }

    /// One line of `--jsonl`: `{"value":"<base64>"}` in, value and counts out.
    ///
    /// - Throws: `invalid-argument`, naming the line, when it is not such a document.
    public func rewrite(line: String, number: Int) throws(MonikerError) -> String {
        let value: [UInt8]
        do {
            let input = try JSONDecoder().decode(InputLine.self, from: Data(line.utf8))
            guard let data = Data(base64Encoded: input.value) else {
                throw Self.malformedLine(number, cause: nil)
            }
            value = Array(data)
        } catch let error as MonikerError {
            throw error
        } catch {
            throw Self.malformedLine(number, cause: error)
        }
        let rewrite = rewriter.rewrite(value, role: .ordinary)
        return JSONText.line(
            OutputLine(
                value: Data(rewrite.splices.applied(to: value)).base64EncodedString(),
                references: rewrite.references, opaque: rewrite.opaque.count))
    }

    private static func malformedLine(_ number: Int, cause: (any Error)?) -> MonikerError {
        MonikerError(
            .invalidArgument,
            "line \(number) of standard input is not {\"value\":\"<base64>\"}",
            details: ["line": "\(number)"], cause: cause)
    }

    private static func parse(_ map: [UInt8]) throws(MonikerError) -> RenameMap {
        var pairs: [(old: MediaPath, new: MediaPath)] = []
        let lines = map.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let text = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            guard !text.isEmpty else { continue }
            let fields = text.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
            guard fields.count == 2 else {
                throw MonikerError(
                    .malformedMap,
                    "the map file cannot be used, line \(index + 1): it has \(fields.count) field\(fields.count == 1 ? "" : "s") where `old<TAB>new` has 2",
                    details: ["line": "\(index + 1)"])
            }
            do {
                pairs.append(
                    (
                        try MediaPath(validating: fields[0]), try MediaPath(validating: fields[1])
                    ))
            } catch {
                throw MonikerError(
                    .malformedMap,
                    "the map file cannot be used, line \(index + 1): \(error.message)",
                    details: ["line": "\(index + 1)"], cause: error)
            }
        }
        return try RenameMap(pairs)
    }
}

/// Host and path of the address of an uploads folder.
private struct UploadsAddress {
    var host: String
    var path: String

    init(parsing text: String) throws(MonikerError) {
        guard let separator = text.range(of: "://") else {
            throw MonikerError(
                .invalidArgument,
                "\"\(text)\" is no address for --uploads-url: write it whole, for example https://example.com/wp-content/uploads"
            )
        }
        let rest = text[separator.upperBound...]
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        host = rest[..<slash].lowercased()
        path = String(rest[slash...])
        while path.hasSuffix("/") { path.removeLast() }
    }
}
