import Model
import Naming
import SiteDatabase

/// What people type: a file's extension and a new name, on two lines; a database's URL.
func fuzzNames(_ value: [UInt8]) {
    let lines = value.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
    let text = lines.count > 1 ? Array(lines[1]) : value
    fuzzTypedName(text, currentExtension: lines.count > 1 ? Array(lines[0]) : [])
    if let stem = SuggestedName.stem(from: [String(decoding: value, as: UTF8.self)]) {
        checkStem(stem)
    }
    if value.contains(0x3A) { fuzzURL(String(decoding: value, as: UTF8.self)) }
    for scalar in displayText(value).unicodeScalars {
        expect(scalar.value >= 0x20 && !(0x7F..<0xA0).contains(scalar.value), "text is harmless")
    }
}

private func fuzzTypedName(_ typed: [UInt8], currentExtension: [UInt8]) {
    let refusals: Set<ErrorCode> = [
        .invalidName, .extensionMismatch, .doubleExtension, .reservedName, .emptyName, .nameTooLong,
    ]
    do throws(MonikerError) {
        let stem = try TypedName.stem(from: typed, currentExtension: currentExtension)
        checkStem(stem)
        expect(stem.count <= 180, "suffixes and an extension fit in 255 bytes")
        let again = try TypedName.stem(from: stem, currentExtension: currentExtension)
        expect(again == stem, "a cleaned name is clean")
    } catch {
        expect(refusals.contains(error.code), "\(error)")
    }
}

/// Nothing in a stem means anything to a path, a shell, a URL or WordPress.
private func checkStem(_ stem: [UInt8]) {
    expect(!stem.isEmpty && stem.count <= 255, "a name has a length that file systems take")
    expect(
        stem.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
        }, "a stem is made of letters, digits, - and _")
    expect(stem.first != UInt8(ascii: "-"), "a stem is no option")
    guard let path = MediaPath(ifValid: stem + Array(".jpg".utf8)) else {
        fatalError("a stem is no name")
    }
    checkPath(path)
}

private func fuzzURL(_ url: String) {
    do throws(MonikerError) {
        let location = try DatabaseLocation(url: url)
        expect(try DatabaseLocation(url: url) == location, "the same URL means the same again")
        if case .sqlite(let path) = location {
            expect(path.hasPrefix("/") && !path.utf8.contains(0), "a path is absolute")
        }
        expect(!"\(location)".contains("S3cret") || !isPassword(url), "a password is never shown")
    } catch {
        expect(error.code == .invalidArgument, "\(error)")
        expect(!error.message.contains("S3cret") || !isPassword(url), "a password is never shown")
    }
}

/// Whether `S3cret` occurs once, and that as the password.
private func isPassword(_ url: String) -> Bool {
    let bytes = Array(url.utf8)
    let parts = url.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    guard parts.count == 2, let first = parts.first else { return false }
    let secret = Array("S3cret".utf8)
    guard first.suffix(7).elementsEqual(Array(":S3cret".utf8)),
        first.count(where: { $0 == UInt8(ascii: ":") }) == 2,
        !first.contains(UInt8(ascii: "?")), first.count(where: { $0 == 0x2F }) == 2
    else { return false }
    var count = 0
    for start in bytes.indices where bytes[start...].starts(with: secret) { count += 1 }
    return count == 1
}
