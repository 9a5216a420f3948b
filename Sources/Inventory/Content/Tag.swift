/// A tag of HTML or a shortcode, from its bracket to its bracket.
struct Tag {
    /// The name in lower case; empty for a bracket that begins no tag.
    let name: String
    /// Whether it is an end tag.
    let isEnd: Bool
    private let attributes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes.dropFirst()
        isEnd = rest.first == UInt8(ascii: "/")
        if isEnd { rest = rest.dropFirst() }
        let word = rest.prefix {
            (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0)
                || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
        }
        name = word.count <= 32 ? String(decoding: word, as: UTF8.self).lowercased() : ""
        attributes = rest[word.endIndex...]
    }

    /// The value of an attribute; nil where there is none of this name.
    ///
    /// - Complexity: linear in the tag.
    func attribute(_ name: String) -> String? {
        var rest = attributes
        while true {
            rest = rest.drop { $0 <= 0x20 || $0 == UInt8(ascii: "/") }
            let key = rest.prefix {
                $0 > 0x20 && !"=>]/\"'".utf8.contains($0)
            }
            guard !key.isEmpty else {
                guard !rest.isEmpty else { return nil }
                rest = rest.dropFirst()
                continue
            }
            rest = rest[key.endIndex...].drop { $0 <= 0x20 }
            var value: ArraySlice<UInt8> = []
            if rest.first == UInt8(ascii: "=") {
                rest = rest.dropFirst().drop { $0 <= 0x20 }
                if let quote = rest.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
                {
                    value = rest.dropFirst().prefix { $0 != quote }
                    rest = rest[value.endIndex...].dropFirst()
                } else {
                    value = rest.prefix { $0 > 0x20 && $0 != 0x3E && $0 != 0x5D }
                    rest = rest[value.endIndex...]
                }
            }
            if String(decoding: key, as: UTF8.self).lowercased() == name {
                return String(decoding: value, as: UTF8.self)
            }
        }
    }
}
