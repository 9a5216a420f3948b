/// Percent-encoding of queries and forms.
enum PercentEncoding {
    private static let digits = Array("0123456789ABCDEF".unicodeScalars)

    /// `%` and two digits.
    static func escape(_ byte: UInt8) -> String {
        var text = String.UnicodeScalarView()
        text.append("%")
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
        return String(text)
    }

    /// The text with everything encoded but the unreserved characters of RFC 3986.
    static func encode(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case 0x61...0x7A, 0x41...0x5A, 0x30...0x39, UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default: result += escape(byte)
            }
        }
        return result
    }

    /// Names and values as `application/x-www-form-urlencoded`, in their order.
    static func form(_ values: [(name: String, value: String)]) -> String {
        values.map { encode($0.name) + "=" + encode($0.value) }.joined(separator: "&")
    }
}
