internal import Glibc
internal import Model

/// What can be counted of the pixels of a picture.
struct PixelStatistics {
    /// How many pixels are looked at, at most: more would not change a share by a percent.
    private static let samples = 65_536

    private var brightness = [Int](repeating: 0, count: 256)
    /// How often each colour was seen, with four bits for each of red, green and blue.
    private var cells = [Int](repeating: 0, count: 4096)
    private var names: [NamedColour: Int] = [:]
    private var edgeNames: [NamedColour: Int] = [:]
    private var seen = 0
    private var edges = 0
    private var isTransparent = false

    /// Counts.
    init(_ pixels: Pixels) {
        let count = pixels.width * pixels.height
        // Odd, so that it does not walk down the same columns of a picture with an even width.
        let step = max(1, count / Self.samples) | 1
        let rim = (x: max(pixels.width / 25, 1), y: max(pixels.height / 25, 1))
        var index = 0
        while index < count {
            defer { index += step }
            let start = index * pixels.bands
            if pixels.bands == 4, pixels.values[start + 3] < 250 {
                isTransparent = true
                if pixels.values[start + 3] < 128 { continue }
            }
            let colour = (
                red: pixels.values[start], green: pixels.values[start + 1],
                blue: pixels.values[start + 2]
            )
            seen += 1
            let light =
                299 * Int(colour.red) + 587 * Int(colour.green) + 114 * Int(colour.blue)
            brightness[light / 1000] += 1
            cells[
                Int(colour.red >> 4) << 8 | Int(colour.green >> 4) << 4 | Int(colour.blue >> 4)] +=
                1
            let name = NamedColour(red: colour.red, green: colour.green, blue: colour.blue)
            names[name, default: 0] += 1
            let (y, x) = index.quotientAndRemainder(dividingBy: pixels.width)
            if x < rim.x || y < rim.y || x >= pixels.width - rim.x || y >= pixels.height - rim.y {
                edges += 1
                edgeNames[name, default: 0] += 1
            }
        }
    }

    /// The facts of a picture whose full size is given.
    func facts(width: Int, height: Int) -> PictureFacts {
        let background = background
        return PictureFacts(
            width: width, height: height, colours: colours(without: background),
            background: background, isTransparent: isTransparent, entropy: entropy, kind: kind)
    }

    /// The colour of seven tenths of the edges.
    private var background: NamedColour? {
        guard
            let (name, count) = edgeNames.max(by: {
                ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue)
            })
        else { return nil }
        return count * 10 >= edges * 7 ? name : nil
    }

    /// At most three colours that each take a seventh of what is not background.
    private func colours(without background: NamedColour?) -> [NamedColour] {
        var names = names
        var rest = seen
        if let background, let count = names.removeValue(forKey: background) {
            rest -= count
            // A thing of the colour of its background, or nothing at all.
            if rest * 20 < seen { return [background] }
        }
        return names.filter { $0.value * 7 >= rest }
            .sorted { ($0.value, $1.key.rawValue) > ($1.value, $0.key.rawValue) }
            .prefix(3).map(\.key)
    }

    /// Shannon's entropy of the brightness.
    private var entropy: Double {
        guard seen > 0 else { return 0 }
        let bits = brightness.reduce(0.0) { sum, count in
            guard count > 0 else { return sum }
            let share = Double(count) / Double(seen)
            return sum - share * log2(share)
        }
        return min(max(bits, 0), 8)
    }

    private var kind: PictureFacts.Kind {
        let most = cells.sorted(by: >)
        // One shade and its neighbours, as JPEG makes them.
        if most[0] * 100 >= seen * 99 || seen == 0 { return .flat }
        return most.prefix(8).reduce(0, +) * 100 >= seen * 85 ? .graphic : .continuous
    }
}
