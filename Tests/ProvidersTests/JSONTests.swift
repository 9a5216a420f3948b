import Foundation
import TestSupport
import Testing

@testable import Providers

/// Foundation is the oracle for our JSON and base64.
struct JSONTests {
    private static let alphabet: [Unicode.Scalar] = [
        "a", "\"", "\\", "/", "\n", "\r", "\t", "\u{0}", "\u{1F}", "\u{7F}", "<", ">", "&", "ä",
        "\u{2028}", "\u{FFFD}", "😀", "\u{E0041}", "{", "}", "[", ",", ":",
    ]

    private static func text(_ generator: inout SplitMix64) -> String {
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0..<8, using: &generator) {
            scalars.append(alphabet.randomElement(using: &generator) ?? "a")
        }
        return String(scalars)
    }

    private static func value(_ depth: Int, _ generator: inout SplitMix64) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &generator) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &generator))
        case 2: return .number(String(Int.random(in: -1000...1000, using: &generator)))
        case 3, 4: return .string(text(&generator))
        case 5:
            return .array(
                (0..<Int.random(in: 0..<4, using: &generator)).map { _ in
                    value(depth - 1, &generator)
                })
        default:
            var members: [JSONValue.Member] = []
            for index in 0..<Int.random(in: 0..<4, using: &generator) {
                members.append(.init("\(index)" + text(&generator), value(depth - 1, &generator)))
            }
            return .object(members)
        }
    }

    private static func matches(_ value: JSONValue, _ oracle: Any) -> Bool {
        switch value {
        case .null: return oracle is NSNull
        case .bool(let value): return (oracle as? NSNumber)?.boolValue == value
        case .number(let text): return (oracle as? NSNumber)?.intValue == Int(text)
        case .string(let text):
            return (oracle as? String).map { Array($0.utf8) == Array(text.utf8) } ?? false
        case .array(let elements):
            let others = oracle as? [Any] ?? []
            return elements.count == others.count && zip(elements, others).allSatisfy(matches)
        case .object(let members):
            let others = oracle as? [String: Any] ?? [:]
            return members.count == others.count
                && members.allSatisfy { member in
                    others[member.name].map { matches(member.value, $0) } ?? false
                }
        case .base64: return false
        }
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func whatIsWrittenIsReadByFoundationAndByUs(_ seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let value = JSONValue.array([Self.value(4, &generator)])
        let bytes = JSONWriter.bytes(value)
        #expect(Self.matches(value, try JSONSerialization.jsonObject(with: Data(bytes))))
        #expect(JSONParser.value(bytes) == value)
        let between = JSONWriter.textBetweenTags(value)
        #expect(!between.contains { "<>&".contains($0) })
        #expect(JSONParser.value(Array(between.utf8)) == value)
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func damagedTextIsReadOnlyWhereFoundationReadsIt(_ seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var bytes = JSONWriter.bytes(.array([Self.value(4, &generator)]))
        for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
            let index = Int.random(in: 0..<bytes.count, using: &generator)
            if Bool.random(using: &generator) {
                bytes.remove(at: index)
            } else {
                bytes[index] = Array("{}[]\",:0tn ".utf8).randomElement(using: &generator) ?? 0
            }
        }
        let isReadable: Bool
        do {
            _ = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
            isReadable = true
        } catch { isReadable = false }
        // We are more tolerant of line breaks in strings and of broken UTF-8, never less of JSON.
        let within = "text { " + String(decoding: bytes, as: UTF8.self) + " } text"
        #expect(JSONParser.object(within: within)?.members?.isEmpty != true)
        if isReadable { #expect(JSONParser.value(bytes) != nil) }
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,}", "{'a':1}", "nul", "\"\\x\"", "\"\u{1}\"", "1.", "--1",
        "[1 2]",
        "{\"a\" 1}", "\"\\u12\"", "\"\\u+123\"",
    ]) func whatIsNoJSONIsNotRead(_ text: String) {
        #expect(JSONParser.value(Array(text.utf8)) == nil)
    }

    @Test func deepNestingEnds() {
        #expect(JSONParser.value([UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)) == nil)
    }

    @Test func escapesAreThoseOfTheStandard() {
        let text = #""\u00e4\ud83d\ude00\ud83d\n\/""#
        #expect(JSONParser.value(Array(text.utf8)) == .string("ä😀\u{FFFD}\n/"))
    }

    @Test(arguments: 0..<100) func base64IsFoundations(_ count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ count) }
        var encoded: [UInt8] = []
        Base64.append(bytes, to: &encoded)
        #expect(encoded == Array(Data(bytes).base64EncodedData()))
    }
}
