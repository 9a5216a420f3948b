import Foundation
import Model
import UseCases

private let filter: RewriteFilter? = try? RewriteFilter(
    map: Array("2024/05/IMG_1.jpg\t2024/05/red-bike.jpg\n".utf8), uploadsURL: nil,
    options: SessionOptions())

/// Files that people give: `--map` CSV, PAIRS.tsv of the filter, its lines of JSON, paths.
func fuzzMaps(_ value: [UInt8]) {
    fuzzCSV(value)
    if value.contains(0x09) { fuzzPairs(value) }
    if value.first == UInt8(ascii: "{") { fuzzLine(value) }
    if let path = MediaPath(ifValid: value) {
        checkPath(path)
        expect(path.bytes == value, "a path is what was given")
    }
}

private func fuzzCSV(_ value: [UInt8]) {
    do throws(MonikerError) {
        let file = try RenameMapFile(parsing: value)
        expect(
            Set(file.lines.map(\.attachment)).count == file.lines.count, "an id occurs once")
        let newlines = value.count { $0 == 0x0A }
        expect(
            file.lines.allSatisfy {
                $0.attachment.rawValue > 0 && (2...(newlines + 1)).contains($0.number)
            }, "ids and line numbers are in range")
        // Written out by the rules of RFC 4180, the lines are read as they were.
        var text = Array("id,name\r\n".utf8)
        for line in file.lines {
            let name = line.name.flatMap { $0 == 0x22 ? [0x22, 0x22] : [$0] }
            text += Array("\(line.attachment),\"".utf8) + name + Array("\"\r\n".utf8)
        }
        let again = try RenameMapFile(parsing: text)
        expect(
            again.lines.map(\.name) == file.lines.map(\.name)
                && again.lines.map(\.attachment) == file.lines.map(\.attachment),
            "what was read is read again")
    } catch {
        expect(error.code == .malformedMap && error.details["line"] != nil, "\(error)")
    }
}

private func fuzzPairs(_ value: [UInt8]) {
    do throws(MonikerError) {
        let filter = try RewriteFilter(map: value, uploadsURL: nil, options: SessionOptions())
        for line in value.split(separator: 0x0A) {
            let fields = line.split(separator: 0x09)
            guard fields.count == 2, fields.allSatisfy(isPlain) else { continue }
            let address = Array("https://example.org/wp-content/uploads/".utf8)
            _ = filter.rewrite(address + fields[0])
            let relative = Array("/wp-content/uploads/".utf8)
            let result = filter.rewrite(relative + fields[0])
            expect(result == relative + fields[1], "a plain name becomes the other one")
        }
    } catch {
        expect(error.code == .malformedMap, "\(error)")
    }
}

/// Small letters, digits and slashes, ending in `.jpg`.
private func isPlain(_ path: ArraySlice<UInt8>) -> Bool {
    path.count > 4 && path.suffix(4).elementsEqual(".jpg".utf8)
        && path.dropLast(4).allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2F
        } && path[path.endIndex - 5] != 0x2F
}

private func fuzzLine(_ value: [UInt8]) {
    guard let filter else { fatalError("the filter could not be made") }
    do throws(MonikerError) {
        let result = try filter.rewrite(line: String(decoding: value, as: UTF8.self), number: 7)
        expect(
            result.utf8.first == UInt8(ascii: "{") && !result.utf8.contains(0x0A),
            "a line of JSON comes back")
    } catch {
        expect(error.code == .invalidArgument && error.details["line"] == "7", "\(error)")
    }
}
