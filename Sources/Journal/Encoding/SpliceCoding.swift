import Model

/// The stored form of recorded splices, numbers as unsigned LEB128.
///
/// A value names the same files again and again, and their names have beginnings in common. What is
/// replaced is therefore written once, without the beginning that it shares with what was written
/// before: rows of most posts stay small enough for SQLite to keep them in one page.
///
/// 0, the number of splices, and for each: the bytes between it and the one before; how many different
/// replacements ago the same was written, or 0 and then the old and the new run, each as the length
/// that it shares with the one written last, the length of the rest, and the rest. No splices at all
/// are one 0.
///
/// The first form, which is still read, has the number of splices, and for each its offset, both
/// lengths and both runs.
enum SpliceCoding {
    /// How many different replacements are remembered, so that long values take linear time.
    private static let remembered = 32

    static func encode(_ splices: RecordedSplices) -> [UInt8] {
        var bytes: [UInt8] = [0]
        guard !splices.isEmpty else { return bytes }
        // Most replacements take less than this.
        bytes.reserveCapacity(min(48 * splices.count, 1 << 12))
        PackedNumber.append(splices.count, to: &bytes)
        unsafe splices.bytes.withUnsafeBytes { runs in
            var end = 0
            var memory = WrittenSplices()
            for place in splices.places {
                precondition(place.offset >= end, "splices are ordered and do not overlap")
                PackedNumber.append(place.offset - end, to: &bytes)
                end = place.offset + place.old.count
                // SAFETY: the places of the splices are in their bytes, and nothing is kept.
                if let distance = unsafe memory.distance(to: place, in: runs) {
                    PackedNumber.append(distance, to: &bytes)
                    continue
                }
                bytes.append(0)
                unsafe SharedBeginning.append(
                    runs[place.old], after: runs[memory.last?.old ?? 0..<0], to: &bytes)
                unsafe SharedBeginning.append(
                    runs[place.new], after: runs[memory.last?.new ?? 0..<0], to: &bytes)
                memory.add(place)
            }
        }
        return bytes
    }

    /// Reads what `encode` wrote, in this or the first form: splices that are ordered and do not
    /// overlap, and nothing else.
    static func decode(_ bytes: [UInt8]) throws(MonikerError) -> RecordedSplices {
        var reader = PackedReader(bytes: bytes, what: "edit")
        let splices: [RecordedSplice]
        if bytes.first == 0, bytes.count > 1 {
            reader.position = 1
            splices = try decodeShared(&reader)
        } else {
            splices = try decodeFirstForm(&reader)
        }
        guard reader.position == bytes.count else { throw reader.damaged() }
        return RecordedSplices(splices)
    }

    private static func decodeShared(
        _ reader: inout PackedReader
    ) throws(MonikerError) -> [RecordedSplice] {
        var splices: [RecordedSplice] = []
        var end = 0
        var memory = ReadSplices()
        let count = try reader.number()
        // None at all are written as one number.
        guard count > 0 else { throw reader.damaged() }
        for _ in 0..<count {
            let offset = end + (try reader.number())
            // Far from where an addition could overflow.
            guard offset < 1 << 56 else { throw reader.damaged() }
            let distance = try reader.number()
            var splice: RecordedSplice
            if distance > 0 {
                guard let known = memory.splice(at: distance) else { throw reader.damaged() }
                splice = known
                splice.offset = offset
            } else {
                splice = RecordedSplice(
                    offset: offset, old: try reader.run(after: memory.last.old),
                    new: try reader.run(after: memory.last.new))
                memory.add(splice)
            }
            splices.append(splice)
            end = offset + splice.old.count
        }
        return splices
    }

    private static func decodeFirstForm(
        _ reader: inout PackedReader
    ) throws(MonikerError) -> [RecordedSplice] {
        var splices: [RecordedSplice] = []
        var end = 0
        for _ in 0..<(try reader.number()) {
            let offset = try reader.number()
            let oldCount = try reader.number()
            let newCount = try reader.number()
            guard offset >= end else { throw reader.damaged() }
            splices.append(
                RecordedSplice(
                    offset: offset, old: try reader.run(of: oldCount),
                    new: try reader.run(of: newCount)))
            end = offset + oldCount
        }
        return splices
    }

    /// The different replacements that were written last.
    private struct WrittenSplices {
        private var places: [RecordedSplices.Place] = []
        /// The one that was written last.
        private(set) var last: RecordedSplices.Place?

        /// How many different replacements ago the same was written; nil for a new one.
        func distance(
            to place: RecordedSplices.Place, in runs: UnsafeRawBufferPointer
        ) -> Int? {
            var index = places.count - 1
            while index >= 0 {
                let other = places[index]
                // SAFETY: the places of the splices are in their bytes, and nothing is kept.
                if other.old.count == place.old.count, other.new.count == place.new.count,
                    unsafe runs[other.old].elementsEqual(runs[place.old]),
                    unsafe runs[other.new].elementsEqual(runs[place.new])
                {
                    return places.count - index
                }
                index -= 1
            }
            return nil
        }

        mutating func add(_ place: RecordedSplices.Place) {
            if places.count == SpliceCoding.remembered { places.removeFirst() }
            places.append(place)
            last = place
        }
    }

    /// The different replacements that were read last.
    private struct ReadSplices {
        private var splices: [RecordedSplice] = []
        /// The one that was read last.
        private(set) var last = RecordedSplice(offset: 0, old: [], new: [])

        func splice(at distance: Int) -> RecordedSplice? {
            distance <= splices.count ? splices[splices.count - distance] : nil
        }

        mutating func add(_ splice: RecordedSplice) {
            if splices.count == SpliceCoding.remembered { splices.removeFirst() }
            splices.append(splice)
            last = splice
        }
    }
}
