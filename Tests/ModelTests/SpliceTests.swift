import Model
import TestSupport
import Testing

@Suite struct SpliceTests {
    @Test(arguments: 0..<50 as Range<UInt64>)
    func invertedSplicesRestoreEveryByte(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let value = (0..<Int.random(in: 0...200, using: &random)).map { _ in
            UInt8.random(in: 0...255, using: &random)
        }
        var splices: [Splice] = []
        var position = 0
        while position < value.count, splices.count < 8 {
            let start = Int.random(in: position...value.count, using: &random)
            let end = Int.random(in: start...min(value.count, start + 9), using: &random)
            let text = (0..<Int.random(in: 0...9, using: &random)).map { _ in UInt8(0x41) }
            splices.append(Splice(range: start..<end, replacement: text))
            position = end + 1
        }
        let changed = splices.applied(to: value)
        #expect(changed.count == value.count + splices.growth)
        #expect(splices.inverted(for: value).applied(to: changed) == value)
    }
}
