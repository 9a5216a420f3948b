/// A picture that says nothing, to try a provider with: a grey square.
enum TestPicture {
    /// Its width and height in pixels.
    static let side = 64

    /// It as a JPEG (ITU-T T.81, baseline): every block of 8 × 8 pixels has no other coefficient than
    /// the zero of its average, so two codes of one bit each are all that the tables hold.
    static let jpeg: [UInt8] = {
        let edge = UInt8(side)
        let start: [UInt8] = [0xFF, 0xD8]
        let quantization: [UInt8] = [0xFF, 0xDB, 0, 67, 0] + [UInt8](repeating: 16, count: 64)
        let frame: [UInt8] = [0xFF, 0xC0, 0, 11, 8, 0, edge, 0, edge, 1, 1, 0x11, 0]
        // One code of one bit, for "no bits follow" (averages) and "end of block" (the others).
        let counts: [UInt8] = [1] + [UInt8](repeating: 0, count: 15)
        let averages: [UInt8] = [0xFF, 0xC4, 0, 20, 0x00] + counts + [0]
        let others: [UInt8] = [0xFF, 0xC4, 0, 20, 0x10] + counts + [0]
        let scan: [UInt8] = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0]
        let blocks = side / 8 * (side / 8)
        let data = [UInt8](repeating: 0, count: blocks * 2 / 8)
        return start + quantization + frame + averages + others + scan + data + [0xFF, 0xD9]
    }()
}
