/// The bytes as text that is safe to show on a terminal or in a log.
///
/// Invalid UTF-8 becomes U+FFFD; control, bidirectional and zero-width characters become `\u{N}`.
/// For showing only: never parse or compare the result.
public func displayText(_ bytes: some Sequence<UInt8>) -> String {
    let whole = String(decoding: Array(bytes), as: UTF8.self)
    // Nearly always; to build the text character by character takes ten times as long.
    guard whole.unicodeScalars.contains(where: isDisruptive) else { return whole }
    var text = ""
    for scalar in whole.unicodeScalars {
        if isDisruptive(scalar) {
            text += "\\u{\(String(scalar.value, radix: 16))}"
        } else {
            text.unicodeScalars.append(scalar)
        }
    }
    return text
}

/// Whether a character could move a cursor, hide text or turn its direction.
private func isDisruptive(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x200B..<0x2010, 0x2028..<0x202F, 0x2060..<0x2070, 0xFEFF: true
    default: false
    }
}
