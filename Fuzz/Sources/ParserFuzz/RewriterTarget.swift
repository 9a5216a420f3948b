import Foundation
import Model
import Rewriting

@testable import WordPress

/// The names that are looked for, and what they become.
private let pairs = [
    ("2024/05/IMG_1.jpg", "2024/05/red-bike.jpg"),
    ("2024/05/IMG_1-300x200.jpg", "2024/05/red-bike-300x200.jpg"),
    ("2024/05/photo%20encoded.jpg", "2024/05/東京.jpg"),
]

private func rewriter(_ pairs: [(String, String)]) -> Rewriter {
    do {
        return try Rewriter(
            map: RenameMap(pairs.map { (old: try MediaPath($0.0), new: try MediaPath($0.1)) }),
            location: UploadsLocation(
                hosts: ["example.com"], urlPaths: ["/wp-content/uploads"], directories: [],
                assumesUsualServerFolders: true))
    } catch {
        fatalError("\(error)")
    }
}

private let renaming = rewriter(pairs)
private let identity = rewriter(pairs.map { ($0.0, $0.0) })
private let prefilter = renaming.prefilterTerms
private let directory = MediaPath(ifValid: "2024/05".utf8)

/// Values of the database: serialized, JSON, block comments, HTML, shortcodes, base64, percent.
func fuzzRewriter(_ value: [UInt8]) {
    check(value, .ordinary)
    switch value.count % 3 {
    case 0: check(value, .prose)
    case 1: check(value, .attachmentMetadata(directory: directory))
    default: check(value, .uploadedFile(directory: directory))
    }
}

private func check(_ value: [UInt8], _ role: ValueRole) {
    let rewrite = renaming.rewrite(value, role: role)
    var end = 0
    for splice in rewrite.splices {
        expect(
            splice.range.lowerBound >= end && splice.range.upperBound <= value.count,
            "splices are ordered and lie in the value")
        end = splice.range.upperBound
    }
    let result = rewrite.splices.applied(to: value)
    expect(
        rewrite.splices.inverted(for: value).applied(to: result) == value,
        "the inverse splices restore the value")
    expect(
        renaming.rewrite(result, role: role).splices.isEmpty,
        "what was rewritten is not rewritten again")
    expect(
        identity.rewrite(value, role: role).splices.isEmpty,
        "a map of names to themselves changes nothing")
    guard role == .ordinary else { return }
    if !rewrite.occurrences.isEmpty || !rewrite.opaque.isEmpty {
        expect(
            prefilter.contains { contains(value, $0) },
            "the database's prefilter lets through whatever is found")
    }
    guard !rewrite.splices.isEmpty else { return }
    // Two parsers that have nothing to do with the rewriter's own.
    if SerializedValue.parse(value) != nil {
        expect(SerializedValue.parse(result) != nil, "serialized values stay serialized values")
    }
    if isJSON(value) { expect(isJSON(result), "JSON stays JSON") }
}

private func contains(_ value: [UInt8], _ term: [UInt8]) -> Bool {
    guard value.count >= term.count else { return false }
    return (0...(value.count - term.count)).contains {
        value[$0..<($0 + term.count)].elementsEqual(term)
    }
}

private func isJSON(_ bytes: [UInt8]) -> Bool {
    guard let first = bytes.first, first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
        return false
    }
    do {
        _ = try JSONSerialization.jsonObject(with: Data(bytes))
        return true
    } catch {
        return false
    }
}
