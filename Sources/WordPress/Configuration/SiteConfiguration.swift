public import Model

/// What wp-config.php defines, as far as it can be known without running PHP.
public struct SiteConfiguration: Sendable {
    /// A value of a constant.
    enum Value: Hashable, Sendable {
        case string(String)
        case boolean(Bool)
        case number(String)
        /// Defined, but by something that only PHP can compute.
        case computed
        /// An environment variable or a header that is not there for this process: false, but the
        /// web server may have it.
        case unset
    }

    /// A definition and the place where it stands.
    struct Definition: Hashable, Sendable {
        var value: Value
        var file: String
        var line: Int
        /// Whether it stands under a condition that only the running site can decide.
        var isConditional = false
    }

    private(set) var constants: [String: Definition] = [:]
    private(set) var prefix: Definition?

    /// Parses a file and the files that it includes by a path that can be known.
    ///
    /// Understood are `define()` and `const` with literals, other known constants, concatenation,
    /// `__DIR__`, `dirname(__FILE__)`, `ABSPATH`, and the environment through `getenv()`,
    /// `$_ENV`, `$_SERVER` and `getenv_docker()`. The first definition counts, as in PHP.
    ///
    /// - Parameters:
    ///   - path: the file's absolute path.
    ///   - root: the folder with WordPress in it, which `ABSPATH` names; nil for the file's own.
    ///   - environment: this process's environment.
    ///   - readingInclude: the content of another file; nil where it cannot be read.
    public static func parse(
        _ contents: [UInt8], at path: String, root: String? = nil,
        environment: [String: String], readingInclude: (String) -> [UInt8]?
    ) -> SiteConfiguration {
        var configuration = SiteConfiguration()
        var parser = ConfigurationParser(
            environment: environment, root: root ?? LocalPath.parent(of: path))
        parser.parse(contents, at: path, into: &configuration, depth: 0, readingInclude)
        return configuration
    }

    mutating func define(_ name: String, _ definition: Definition) {
        guard let first = constants[name] else {
            constants[name] = definition
            return
        }
        // Which of two definitions counts is the site's to decide, not ours to guess: the wrong
        // one may be another site's database.
        if first.isConditional, first.value != definition.value {
            constants[name]?.value = .computed
        }
        if !definition.isConditional { constants[name]?.isConditional = false }
    }

    mutating func setPrefix(_ definition: Definition) {
        if definition.isConditional, let first = prefix, first.value != definition.value {
            prefix?.value = .computed
        } else {
            prefix = definition
        }
    }

    /// A constant as text; nil where it is not defined.
    ///
    /// - Throws: `computed-configuration` when it is defined in a way that only PHP can compute.
    public func string(_ constant: String) throws(MonikerError) -> String? {
        guard let definition = constants[constant] else { return nil }
        return try text(of: definition, named: constant)
    }

    /// A constant as a truth value, by PHP's rules; nil where it is not defined.
    ///
    /// - Throws: `computed-configuration`.
    public func boolean(_ constant: String) throws(MonikerError) -> Bool? {
        guard let definition = constants[constant] else { return nil }
        switch definition.value {
        case .boolean(let value): return value
        case .string(let text): return !text.isEmpty && text != "0"
        case .number(let text): return Double(text) != 0
        case .computed, .unset: throw Self.computed(constant, definition)
        }
    }

    /// `$table_prefix`; nil where it is not set.
    public func tablePrefix() throws(MonikerError) -> String? {
        guard let prefix else { return nil }
        return try text(of: prefix, named: "$table_prefix")
    }

    private func text(
        of definition: Definition, named name: String
    ) throws(MonikerError) -> String {
        switch definition.value {
        case .string(let text), .number(let text): return text
        case .boolean(let value): return value ? "1" : ""
        case .computed, .unset: throw Self.computed(name, definition)
        }
    }

    private static func computed(_ name: String, _ definition: Definition) -> MonikerError {
        let remedy =
            name.hasPrefix("DB_") || name == "$table_prefix"
            ? "name the database with --database URL, or set the environment variable that it reads"
            : "name the uploads folder with --uploads DIR"
        return MonikerError(
            .computedConfiguration,
            "\(definition.file), line \(definition.line): \(name) is computed by PHP, which is never run: \(remedy)",
            details: [
                "constant": name, "file": definition.file, "line": "\(definition.line)",
            ])
    }
}
