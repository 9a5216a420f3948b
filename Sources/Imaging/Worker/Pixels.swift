/// The pixels of a picture, upright, of 8 bits in sRGB: red, green, blue and perhaps opacity.
struct Pixels {
    var values: [UInt8]
    var width: Int
    var height: Int
    var bands: Int
}

extension Pixels {
    /// Lays the picture on white, as a page shows it, and drops the opacity.
    mutating func flattenOnWhite() {
        guard bands == 4 else { return }
        var flat = [UInt8](repeating: 255, count: width * height * 3)
        for pixel in 0..<width * height {
            let opacity = Int(values[pixel * 4 + 3])
            for band in 0..<3 {
                let colour = Int(values[pixel * 4 + band])
                flat[pixel * 3 + band] = UInt8(
                    (colour * opacity + 255 * (255 - opacity) + 127) / 255)
            }
        }
        values = flat
        bands = 3
    }
}
