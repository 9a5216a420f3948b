import Foundation

/// The JSON of a writing command, decoded strictly: a missing or mistyped key is a failure.
struct ChangeReport: Decodable {
    struct Skipped: Decodable {
        var attachment: Int
        var reason: String
        var detail: String
    }

    struct Cell: Decodable {
        var table: String
        var column: String
        var reason: String
        var key: [String: KeyPart]
    }

    /// A part of a row's key: a number or a text.
    enum KeyPart: Decodable, Equatable {
        case number(Int)
        case text(String)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            do {
                self = .number(try container.decode(Int.self))
            } catch DecodingError.typeMismatch {
                self = .text(try container.decode(String.self))
            }
        }
    }

    struct Seconds: Decodable {
        var plan: Double
        var files: Double
        var database: Double
    }

    var journal: String?
    var state: String
    var attachments: Int
    var files: Int
    var references: Int
    var cells: Int
    var skipped: [Skipped]
    var conflicts: [Cell]
    var opaque: [Cell]
    var foreign: [String: Int]
    var seconds: Seconds
    var reverts: String?

    init(json: String) throws {
        self = try JSONDecoder().decode(ChangeReport.self, from: Data(json.utf8))
    }
}

/// The JSON of a failure.
struct FailureReport: Decodable {
    struct Failure: Decodable {
        var code: String
        var message: String
        var details: [String: String]
    }

    var error: Failure

    init(json: String) throws {
        self = try JSONDecoder().decode(FailureReport.self, from: Data(json.utf8))
    }
}
