import Foundation
import Testing

@testable import WebAPI

@Suite("A key that stands twice in a JSON object")
struct RepeatedKeyTests {
    @Test(
        "It is found where it is, and nowhere else",
        arguments: [
            (#"{"a":1,"a":2}"#, "a"), (#"{"a":1,"\u0061":2}"#, "a"),
            (#"{"o":[{"x":1},{"y":{"z":1,"z":1}}]}"#, "z"), (#"{"":1, "" :1}"#, ""),
            (#"{"a\"":1,"a\"":2}"#, "a\""), (#"{"a\\":1,"a":2,"a\\":3}"#, "a\\"),
            (#"{"a":"a","b":["a","a"],"c":{"a":1}}"#, nil), (#"{"a":{"a":{"a":1}}}"#, nil),
            (#"[{"a":1},{"a":1}]"#, nil), (#"{"a":"{\"b\":1,\"b\":2}"}"#, nil),
            (#"{"A":1,"a":1}"#, nil), ("{}", nil),
        ] as [(String, String?)])
    func examples(json: String, key: String?) {
        #expect(RepeatedKey.first(in: Array(json.utf8)) == key)
    }

    @Test("Python's parser says the same of random documents", arguments: [1, 2])
    func oracle(seed: Int) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3",
            URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("Oracle/repeated_keys.py").path, "\(seed)", "4000",
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let lines = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self
        ).split(separator: "\n")
        process.waitUntilExit()
        try #require(process.terminationStatus == 0 && lines.count == 4000)
        var repeated = 0
        for line in lines {
            let document = try JSONDecoder().decode(
                String.self, from: Data(line.dropFirst(2).utf8))
            let isRepeated = line.first == "1"
            repeated += isRepeated ? 1 : 0
            #expect(
                (RepeatedKey.first(in: Array(document.utf8)) != nil) == isRepeated, "\(document)")
        }
        #expect(repeated > 200)
    }
}
