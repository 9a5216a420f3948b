/// The writing systems that tell languages apart.
enum Script: Hashable {
    case latin, cyrillic, greek, arabic, hebrew, devanagari, han, kana, hangul
    /// Thai, Lao, Khmer and Burmese.
    case southEastAsian
    /// Any other letter.
    case other

    /// The script of a letter, by Unicode's blocks; nil for what is no letter.
    init?(_ scalar: Unicode.Scalar) {
        guard scalar.properties.isAlphabetic else { return nil }
        switch scalar.value {
        case 0x41...0x24F, 0x1E00...0x1EFF, 0x2C60...0x2C7F, 0xA720...0xA7FF, 0xFF21...0xFF5A:
            self = .latin
        case 0x370...0x3FF, 0x1F00...0x1FFF: self = .greek
        case 0x400...0x52F, 0x1C80...0x1C8F, 0x2DE0...0x2DFF, 0xA640...0xA69F: self = .cyrillic
        case 0x590...0x5FF, 0xFB1D...0xFB4F: self = .hebrew
        case 0x600...0x6FF, 0x750...0x77F, 0x870...0x8FF, 0xFB50...0xFDFF, 0xFE70...0xFEFF:
            self = .arabic
        case 0x900...0x97F, 0xA8E0...0xA8FF: self = .devanagari
        case 0xE00...0xEFF, 0x1000...0x109F, 0x1780...0x17FF, 0x19E0...0x19FF, 0xA9E0...0xA9FF,
            0xAA60...0xAA7F:
            self = .southEastAsian
        case 0x1100...0x11FF, 0x3130...0x318F, 0xA960...0xA97F, 0xAC00...0xD7FF: self = .hangul
        case 0x3040...0x30FF, 0x31F0...0x31FF, 0xFF66...0xFF9F: self = .kana
        case 0x2E80...0x2FDF, 0x3005...0x3007, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF,
            0x20000...0x3FFFF:
            self = .han
        default: self = .other
        }
    }
}

extension Character {
    /// The script of the letter; nil for what is no letter.
    var script: Script? { unicodeScalars.first.flatMap(Script.init) }

    /// Whether it belongs to a script that puts no spaces between words.
    var isUnspaced: Bool {
        switch script {
        case .han, .kana, .southEastAsian: true
        default: false
        }
    }
}
