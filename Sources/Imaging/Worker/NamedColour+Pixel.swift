internal import Model

extension NamedColour {
    /// The name of a colour of sRGB, by its hue, saturation and value.
    init(red: UInt8, green: UInt8, blue: UInt8) {
        let (red, green, blue) = (Int(red), Int(green), Int(blue))
        let value = max(red, green, blue)
        let range = value - min(red, green, blue)
        guard value >= 45 else {
            self = .black
            return
        }
        // In percent.
        let saturation = range * 100 / value
        guard saturation >= 14, range >= 16 else {
            self = value >= 225 ? .white : (value < 60 ? .black : .grey)
            return
        }
        var hue: Int
        if value == red {
            hue = 60 * (green - blue) / range
        } else if value == green {
            hue = 120 + 60 * (blue - red) / range
        } else {
            hue = 240 + 60 * (red - green) / range
        }
        if hue < 0 { hue += 360 }
        switch hue {
        case 15..<48:
            if saturation < 40, value >= 150 {
                self = .beige
            } else {
                self = value < 185 || saturation < 55 ? .brown : .orange
            }
        case 48..<68:
            self = saturation < 30 && value >= 150 ? .beige : (value < 110 ? .brown : .yellow)
        case 68..<165: self = .green
        case 165..<195: self = .turquoise
        case 195..<258: self = .blue
        case 258..<292: self = .purple
        case 292..<345: self = value < 140 ? .purple : .pink
        default: self = saturation < 45 && value >= 180 ? .pink : (value < 80 ? .brown : .red)
        }
    }
}
