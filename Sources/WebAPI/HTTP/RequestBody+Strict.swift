import Foundation
import Model

/// The body of a request, whose keys are known.
protocol RequestFields: Decodable, Sendable {
    /// The keys that it may have.
    static var names: Set<String> { get }
    /// Those of them that may be null.
    static var nullable: Set<String> { get }
    /// Creates the fields of a request that has no body.
    init()
}

extension RequestFields {
    static var nullable: Set<String> { [] }
}

extension APIRequest {
    /// The fields of the body.
    ///
    /// - Throws: `invalid-argument` for what is no JSON object, for keys that are not known or stand
    ///   there twice, for null where that means nothing, and for values of other types.
    func fields<Fields: RequestFields>(_ type: Fields.Type) throws(MonikerError) -> Fields {
        guard !body.isEmpty else { return Fields() }
        guard String(validating: body, as: UTF8.self) != nil else {
            throw MonikerError(.invalidArgument, "the body is no JSON: it is not UTF-8")
        }
        do {
            let fields = try JSONDecoder().decode(
                StrictFields<Fields>.self, from: Data(body)
            ).fields
            if let key = RepeatedKey.first(in: body) {
                throw MonikerError(
                    .invalidArgument,
                    "the body has \"\(key.prefix(50))\" twice in one object: say each thing once",
                    details: ["field": String(key.prefix(50))])
            }
            return fields
        } catch let error as MonikerError {
            throw error
        } catch DecodingError.typeMismatch(_, let context),
            DecodingError.valueNotFound(_, let context)
        {
            throw Self.wrongType(context.codingPath)
        } catch DecodingError.keyNotFound(let key, _) {
            throw MonikerError(
                .invalidArgument, "the body needs \"\(key.stringValue)\"",
                details: ["field": key.stringValue])
        } catch DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty {
            throw Self.wrongType(context.codingPath)
        } catch {
            throw MonikerError(
                .invalidArgument, "the body is no JSON object of RFC 8259")
        }
    }

    private static func wrongType(_ path: [any CodingKey]) -> MonikerError {
        guard !path.isEmpty else {
            return MonikerError(.invalidArgument, "the body is no JSON object")
        }
        let field = path.map(\.stringValue).joined(separator: ".")
        return MonikerError(
            .invalidArgument,
            "the field \(field) has a value of another type than the one it takes",
            details: ["field": field])
    }
}

/// Fields, and no others.
struct StrictFields<Fields: RequestFields>: Decodable {
    let fields: Fields

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let keys = container.allKeys.map(\.stringValue)
        if let strange = keys.sorted().first(where: { !Fields.names.contains($0) }) {
            throw MonikerError(
                .invalidArgument,
                "the body takes no \"\(strange.prefix(50))\": use \(Fields.names.sorted().joined(separator: ", "))"
            )
        }
        // Whoever sends `"dry_run": null` must not be taken for somebody who left it out.
        for key in container.allKeys where !Fields.nullable.contains(key.stringValue) {
            guard try container.decodeNil(forKey: key) else { continue }
            throw DecodingError.valueNotFound(
                Fields.self,
                .init(codingPath: container.codingPath + [key], debugDescription: "null"))
        }
        fields = try Fields(from: decoder)
    }
}
