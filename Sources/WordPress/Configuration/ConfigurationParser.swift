/// Finds definitions in the words of a configuration file.
struct ConfigurationParser {
    private typealias Value = SiteConfiguration.Value

    let environment: [String: String]
    /// Files included by included files are followed this far.
    private static let deepest = 5
    /// How many files are followed, so that files that include each other come to an end.
    private static let mostIncludes = 50
    /// Expressions nested deeper are as good as computed: nothing would be left of the stack.
    private static let deepestExpression = 64
    /// No path, name or address is as long; `$a = $a . $a;` doubles a value with each line.
    private static let longestText = 1 << 16

    private var tokens: [(token: PHPToken, line: Int)] = []
    private var position = 0
    private var path = ""
    private var variables: [String: SiteConfiguration.Value] = [:]
    private var configuration = SiteConfiguration()
    private var includes = 0
    private var nesting = 0
    /// The folder of WordPress itself, which wp-load.php has defined before.
    private let root: String
    /// Whether this file is run only under a condition that cannot be known.
    private var isUncertain = false
    /// The open blocks: whether what stands in them depends on such a condition, and whether they
    /// end with a word (`endif`) or a brace.
    private var blocks: [(isConditional: Bool, endsWithWord: Bool)] = []
    /// A condition whose statement or block comes next.
    private var pendingCondition: Bool?
    /// The condition of the `if` that an `else` may belong to.
    private var lastCondition = false

    init(environment: [String: String], root: String) {
        self.environment = environment
        self.root = root
    }

    mutating func parse(
        _ contents: [UInt8], at path: String, into configuration: inout SiteConfiguration,
        depth: Int, _ readingInclude: (String) -> [UInt8]?
    ) {
        tokens = PHPTokenizer.tokens(of: contents)
        self.path = path
        self.configuration = configuration
        while position < tokens.count {
            let line = tokens[position].line
            switch tokens[position].token {
            case .name(let name) where ["define", #"\define"#].contains(name.lowercased()):
                position += 1
                define(line)
            case .name(let name) where name.lowercased() == "const":
                position += 1
                constant(line)
            case .variable(let name):
                position += 1
                assign(name, line)
            case .name(let name)
            where ["require", "require_once", "include", "include_once"].contains(
                name.lowercased()):
                position += 1
                include(depth, readingInclude)
            case .name(let name) where ["if", "switch"].contains(name.lowercased()):
                position += 1
                beginCondition()
            case .name(let name) where ["else", "elseif"].contains(name.lowercased()):
                beginAlternative()
                position += 1
                if name.lowercased() == "elseif" { beginCondition() }
            case .name(let name) where ["endif", "endswitch"].contains(name.lowercased()):
                position += 1
                if blocks.last?.endsWithWord == true { endBlock() }
            case .symbol(let symbol):
                position += 1
                structure(symbol)
            default: position += 1
            }
        }
        configuration = self.configuration
    }

    // MARK: Conditions

    /// Whether what is defined here depends on a condition that only the running site can decide.
    private var isConditional: Bool {
        isUncertain || pendingCondition == true || blocks.contains { $0.isConditional }
    }

    private mutating func structure(_ symbol: Character) {
        switch symbol {
        case "{":
            blocks.append((pendingCondition ?? false, false))
            pendingCondition = nil
        case ":":
            if let condition = pendingCondition { blocks.append((condition, true)) }
            pendingCondition = nil
        case "}": endBlock()
        case ";":
            if let condition = pendingCondition { lastCondition = condition }
            pendingCondition = nil
        default: break
        }
    }

    private mutating func endBlock() {
        if let block = blocks.popLast() { lastCondition = block.isConditional }
    }

    /// Takes over the condition of the `if` before an `else`.
    private mutating func beginAlternative() {
        let followsBrace = position > 0 && tokens[position - 1].token == .symbol("}")
        if !followsBrace, blocks.last?.endsWithWord == true { endBlock() }
        pendingCondition = lastCondition
    }

    /// Looks at a condition without deciding it.
    ///
    /// What is already defined and which files exist is the same for every run; what a request
    /// brings (`$_SERVER`, the kind of PHP) is not.
    private mutating func beginCondition() {
        guard token == .symbol("(") else { return }
        var depth = 0
        var isKnown = true
        repeat {
            switch token {
            case nil: return
            case .symbol("("): depth += 1
            case .symbol(")"): depth -= 1
            case .variable, .computedString: isKnown = false
            case .name(let name):
                if !Self.knownInConditions.contains(name.lowercased()) { isKnown = false }
            case .string, .number, .symbol: break
            }
            position += 1
        } while depth > 0
        pendingCondition = !isKnown || pendingCondition == true
    }

    private static let knownInConditions: Set<String> = [
        "defined", "file_exists", "is_file", "is_readable", "dirname", "__dir__", "__file__",
        "abspath", "and", "or", "true", "false", "directory_separator",
    ]

    // MARK: Statements

    private mutating func define(_ line: Int) {
        guard take("("), case .string(let name)? = expression() else { return }
        guard take(",") else { return }
        let value = expression() ?? .computed
        configuration.define(
            name, .init(value: value, file: path, line: line, isConditional: isConditional))
    }

    private mutating func constant(_ line: Int) {
        guard case .name(let name)? = token else { return }
        position += 1
        guard take("=") else { return }
        configuration.define(
            name,
            .init(
                value: expression() ?? .computed, file: path, line: line,
                isConditional: isConditional))
    }

    private mutating func assign(_ name: String, _ line: Int) {
        guard take("="), token != .symbol("=") else { return }
        let value = expression() ?? .computed
        let isAmbiguous = isConditional && variables[name].map { $0 != value } ?? false
        variables[name] = isAmbiguous ? .computed : value
        if name == "table_prefix" {
            configuration.setPrefix(
                .init(value: value, file: path, line: line, isConditional: isConditional))
        }
    }

    private mutating func include(_ depth: Int, _ readingInclude: (String) -> [UInt8]?) {
        let isParenthesized = take("(")
        guard case .string(let file)? = expression(), depth < Self.deepest else { return }
        if isParenthesized { _ = take(")") }
        // WordPress itself begins with this file; it defines nothing that a site chooses.
        guard !file.hasSuffix("wp-settings.php") else { return }
        let target = file.hasPrefix("/") ? file : directory(of: path) + "/" + file
        guard includes < Self.mostIncludes, let contents = readingInclude(target) else { return }
        var parser = ConfigurationParser(environment: environment, root: root)
        parser.variables = variables
        parser.isUncertain = isConditional
        parser.includes = includes + 1
        parser.parse(contents, at: target, into: &configuration, depth: depth + 1, readingInclude)
        includes = parser.includes
    }

    // MARK: Expressions

    private var token: PHPToken? { position < tokens.count ? tokens[position].token : nil }

    private mutating func take(_ symbol: Character) -> Bool {
        guard token == .symbol(symbol) else { return false }
        position += 1
        return true
    }

    /// The value of an expression; `computed` where it cannot be known.
    ///
    /// Leaves the position behind it, in front of what ends it.
    private mutating func expression() -> SiteConfiguration.Value? {
        nesting += 1
        defer { nesting -= 1 }
        guard var value = term() else {
            skipExpression()
            return .computed
        }
        while true {
            if take(".") {
                guard let right = term() else {
                    skipExpression()
                    return .computed
                }
                value = Self.concatenated(value, right)
            } else if token == .symbol("?") {
                value = alternative(to: value)
            } else {
                break
            }
        }
        guard isEnd else {
            skipExpression()
            return .computed
        }
        return value
    }

    /// `?: default` and `?? default`.
    private mutating func alternative(
        to value: SiteConfiguration.Value
    ) -> SiteConfiguration.Value {
        position += 1
        let isElvis = take(":")
        guard isElvis || take("?") else {
            skipExpression()
            return .computed
        }
        guard let other = expression() else { return .computed }
        guard let isTrue = Self.isTrue(value) else { return .computed }
        return isTrue ? value : other
    }

    /// The truth of a value; nil where it cannot be known.
    private static func isTrue(_ value: SiteConfiguration.Value) -> Bool? {
        switch value {
        case .unset: false
        case .string(let text): !text.isEmpty && text != "0"
        case .boolean(let flag): flag
        case .number(let text): Double(text) != 0
        case .computed: nil
        }
    }

    private static func concatenated(
        _ left: SiteConfiguration.Value, _ right: SiteConfiguration.Value
    ) -> SiteConfiguration.Value {
        guard let left = text(left), let right = text(right),
            left.utf8.count + right.utf8.count <= longestText
        else { return .computed }
        return .string(left + right)
    }

    private static func text(_ value: SiteConfiguration.Value) -> String? {
        switch value {
        case .string(let text), .number(let text): text
        case .boolean(let flag): flag ? "1" : ""
        case .computed, .unset: nil
        }
    }

    private var isEnd: Bool {
        switch token {
        case nil, .symbol(";"), .symbol(","), .symbol(")"), .symbol("]"), .symbol("}"): true
        default: false
        }
    }

    /// Goes to what ends the expression, past balanced brackets.
    private mutating func skipExpression() {
        var depth = 0
        while let token {
            if depth == 0, isEnd { return }
            if case .symbol(let symbol) = token {
                if "([{".contains(symbol) { depth += 1 }
                if ")]}".contains(symbol) { depth -= 1 }
            }
            position += 1
        }
    }

    private mutating func term() -> SiteConfiguration.Value? {
        guard let token, nesting < Self.deepestExpression else { return nil }
        nesting += 1
        defer { nesting -= 1 }
        position += 1
        switch token {
        case .string(let text): return .string(text)
        case .computedString: return .computed
        case .number(let text): return .number(text)
        case .variable(let name):
            if name == "_ENV" || name == "_SERVER" { return environmentElement() }
            return self.token == .symbol("[") || self.token == .symbol("-")
                ? nil : variables[name] ?? .computed
        case .symbol("("):
            let value = expression()
            guard take(")") else { return nil }
            return value
        case .symbol("-"):
            guard case .number(let text)? = term() else { return nil }
            return .number("-" + text)
        case .name(let name): return named(name)
        case .symbol: return nil
        }
    }

    private mutating func environmentElement() -> SiteConfiguration.Value? {
        guard take("["), case .string(let name)? = expression(), take("]") else { return nil }
        return environment[name].map { .string($0) } ?? .unset
    }

    private mutating func named(_ name: String) -> SiteConfiguration.Value? {
        let lowered = name.lowercased().drop { $0 == "\\" }
        switch lowered {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        case "null": return .string("")
        case "__dir__": return .string(directory(of: path))
        case "__file__": return .string(path)
        default: break
        }
        guard take("(") else { return constantValue(name) }
        let arguments = arguments()
        switch lowered {
        case "dirname":
            guard case .string(let text)? = arguments.first else { return .computed }
            return .string(directory(of: text))
        case "getenv":
            guard case .string(let variable)? = arguments.first else { return .computed }
            return environment[variable].map { .string($0) } ?? .unset
        case "getenv_docker":
            guard case .string(let variable)? = arguments.first else { return .computed }
            if let value = environment[variable] { return .string(value) }
            // The image reads a secret from a file; only PHP on that machine can.
            if environment[variable + "_FILE"] != nil { return .computed }
            return arguments.count > 1 ? arguments[1] : .computed
        case "rtrim", "trailingslashit", "untrailingslashit", "realpath":
            guard case .string(var text)? = arguments.first else { return .computed }
            while text.hasSuffix("/") { text.removeLast() }
            return .string(lowered == "trailingslashit" ? text + "/" : text)
        default: return .computed
        }
    }

    private mutating func arguments() -> [SiteConfiguration.Value] {
        var arguments: [SiteConfiguration.Value] = []
        while position < tokens.count, !take(")") {
            arguments.append(expression() ?? .computed)
            if !take(","), token != .symbol(")") {
                skipExpression()
                if token != .symbol(")") { position += 1 }
            }
        }
        return arguments
    }

    private func constantValue(_ name: String) -> SiteConfiguration.Value {
        // wp-load.php defines it before the configuration is read; a later definition is ignored.
        if name == "ABSPATH" { return .string(root == "/" ? root : root + "/") }
        if let definition = configuration.constants[name] { return definition.value }
        switch name {
        case "DIRECTORY_SEPARATOR": return .string("/")
        default: return .computed
        }
    }

    private func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
