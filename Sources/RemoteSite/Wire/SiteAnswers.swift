/// The index of the API, as far as it is asked for.
struct IndexAnswer: Decodable {
    static let fields = "name,home,namespaces,authentication"

    var name: String
    var namespaces: [String]
    /// Whether WordPress takes application passwords over this connection.
    var takesPasswords: Bool

    private enum Keys: CodingKey { case name, namespaces, authentication }

    private struct Authentication: Decodable {
        var passwords: IgnoredValue?
        private enum CodingKeys: String, CodingKey { case passwords = "application-passwords" }
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Keys.self)
        name = try values.decodeIfPresent(String.self, forKey: .name) ?? ""
        namespaces = try values.decode([String].self, forKey: .namespaces)
        do {
            let found = try values.decodeIfPresent(Authentication.self, forKey: .authentication)
            takesPasswords = found?.passwords != nil
        } catch is DecodingError {
            // An empty array of PHP: no way to authenticate is offered.
            takesPasswords = false
        }
    }
}

/// The user who asks, in the context `edit`.
struct UserAnswer: Decodable {
    static let fields = "id,name,roles,capabilities"

    var id: Int64
    var name: String
    var roles: [String]
    var capabilities: Set<String>

    private enum Keys: CodingKey { case id, name, roles, capabilities }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Keys.self)
        id = try values.decode(Int64.self, forKey: .id)
        name = try values.decodeIfPresent(String.self, forKey: .name) ?? ""
        // A list with gaps is an object in PHP's JSON.
        do {
            roles = try values.decode([String].self, forKey: .roles)
        } catch is DecodingError {
            roles = try values.decode([String: String].self, forKey: .roles).values.sorted()
        }
        let granted = try values.decode([String: Granted].self, forKey: .capabilities)
        capabilities = Set(granted.filter(\.value.isGranted).keys)
    }

    /// A capability's value, which old plugins store as a number or text.
    private struct Granted: Decodable {
        var isGranted: Bool

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            do {
                isGranted = try value.decode(Bool.self)
            } catch is DecodingError {
                do { isGranted = try value.decode(Int.self) != 0 } catch is DecodingError {
                    isGranted = try value.decode(String.self) != ""
                }
            }
        }
    }
}

/// The settings, as far as they are asked for.
struct SettingsAnswer: Decodable {
    /// The locale; empty for English.
    var language: String
}

/// A kind of posts.
struct TypeAnswer: Decodable {
    var slug: String
    var base: String
    var namespace: String?

    private enum CodingKeys: String, CodingKey {
        case slug
        case base = "rest_base"
        case namespace = "rest_namespace"
    }
}

/// A post that has images.
struct PostAnswer: Decodable {
    var id: Int64
    var type: String
    var title: RawText?
}
