internal import Glibc

/// Whose folder a path lies in, judged by what stands before it.
enum HostJudgement: Hashable {
    /// This site's uploads folder.
    case own(Kind)
    /// Another host's.
    case foreign(String)
    /// Another folder, of this host or nobody knows whose.
    case elsewhere

    /// How an own path is spelled.
    enum Kind: Hashable {
        /// As a URL, absolute or relative.
        case url
        /// As a path on the server.
        case file
    }
}

/// Judges what stands before an anchor.
final class HostJudge: Sendable {
    init(location: UploadsLocation) { self.location = location }

    let location: UploadsLocation

    /// How far back a reference can reach.
    ///
    /// Longer URLs are judged by their end.
    static let lookBack = 2048

    private static let proxies: Set<String> = ["i0.wp.com", "i1.wp.com", "i2.wp.com", "i3.wp.com"]

    /// Judges an anchor.
    ///
    /// - Parameters:
    ///   - position: where it begins; where a host ends that is an anchor.
    ///   - start: the first byte that may belong to the reference.
    func judge(
        _ bytes: [UInt8], before position: Int, from start: Int, anchor: Anchor
    ) -> HostJudgement {
        let token = precedingToken(bytes, before: position, from: start)
        if anchor.isHost {
            return judge(token, leads: [[UInt8(ascii: "/")]], anchor: anchor)
        }
        return judge(token, leads: anchor.urlLeads, anchor: anchor)
    }

    // MARK: The token

    /// The decoded text from the last delimiter to a position.
    private func precedingToken(
        _ bytes: [UInt8], before position: Int, from start: Int
    ) -> [UInt8] {
        var first = tokenStart(bytes, before: position, from: start)
        let reader = CharacterReader(bytes: bytes, limit: position, interpretation: .full)
        var token: [UInt8] = []
        while first < position {
            let unit = reader.unit(at: first)
            // `\n`, `\t` and their like in text that is no JSON of its own end what came before.
            if Self.isEscapedWhitespace(bytes, at: first, unit: unit, limit: position) {
                token.removeAll(keepingCapacity: true)
                first = min(position, unit.end + 1)
                continue
            }
            if unit.count == 1, Self.isDelimiter(unit.first) {
                token.removeAll(keepingCapacity: true)
            } else {
                for index in 0..<unit.count { token.append(unit.byte(index)) }
            }
            first = unit.end
        }
        return token
    }

    /// Where the text that decides on an anchor begins: behind the last delimiter before it.
    func tokenStart(_ bytes: [UInt8], before position: Int, from start: Int) -> Int {
        var first = position
        let earliest = max(start, position - Self.lookBack)
        while first > earliest, !Self.isRawDelimiter(bytes[first - 1]) { first -= 1 }
        return first
    }

    /// Whether the text that decides on an anchor is a known one, which has no delimiter in it.
    func isToken(
        _ token: [UInt8], in bytes: [UInt8], before position: Int, from start: Int
    ) -> Bool {
        let first = position - token.count
        let earliest = max(start, position - Self.lookBack)
        guard first >= earliest, first == earliest || Self.isRawDelimiter(bytes[first - 1]) else {
            return false
        }
        // SAFETY: both buffers have at least `token.count` bytes from where they are compared on,
        // because `first` is not negative and `position` not behind the end.
        return unsafe bytes.withUnsafeBytes { bytes in
            unsafe token.withUnsafeBytes { token in
                guard let text = bytes.baseAddress, let known = token.baseAddress else {
                    return unsafe token.isEmpty
                }
                return unsafe memcmp(text + first, known, token.count) == 0
            }
        }
    }

    private static func isRawDelimiter(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
            || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">")
            || byte == UInt8(ascii: "(") || byte == UInt8(ascii: ")")
            || byte == UInt8(ascii: "`")
    }

    private static func isDelimiter(_ byte: UInt8) -> Bool {
        isRawDelimiter(byte) || byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}")
            || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]")
    }

    private static func isEscapedWhitespace(
        _ bytes: [UInt8], at position: Int, unit: CharacterReader.Unit, limit: Int
    ) -> Bool {
        guard bytes[position] == UInt8(ascii: "\\"), unit.first == UInt8(ascii: "/"),
            unit.end < limit
        else { return false }
        let escaped = bytes[unit.end]
        guard [0x6E, 0x72, 0x74].contains(escaped), bytes[unit.end - 1] == UInt8(ascii: "\\") else {
            return false
        }
        // `\news\` is a Windows folder; behind an escaped line break comes something else.
        guard unit.end + 1 < limit else { return true }
        let next = bytes[unit.end + 1]
        return next == UInt8(ascii: "/") || next == UInt8(ascii: "\\")
            || next == UInt8(ascii: ".") || hasScheme(bytes, at: unit.end + 1, limit: limit)
    }

    private static func hasScheme(_ bytes: [UInt8], at position: Int, limit: Int) -> Bool {
        let rest = bytes[position..<min(limit, position + 5)]
        return rest.starts(with: "http".utf8) || rest.starts(with: "HTTP".utf8)
    }

    // MARK: Judging

    private func judge(_ token: [UInt8], leads: [[UInt8]], anchor: Anchor) -> HostJudgement {
        if let separator = Self.lastIndex(of: "://", in: token) {
            return judgeAbsolute(token, separator: separator, leads: leads, anchor: anchor)
        }
        return judgeRelative(token, leads: leads, anchor: anchor)
    }

    private func judgeAbsolute(
        _ token: [UInt8], separator: Int, leads: [[UInt8]], anchor: Anchor
    ) -> HostJudgement {
        var schemeStart = separator
        while schemeStart > 0, Self.isSchemeByte(token[schemeStart - 1]) { schemeStart -= 1 }
        let scheme = Self.text(token[schemeStart..<separator]).lowercased()
        let rest = token[(separator + 3)...]
        if scheme.hasSuffix("file") {
            return isServerFolder(Array(rest.drop { $0 != 0x2F }), anchor)
                ? .own(.file) : .elsewhere
        }
        let slash = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
        let authority = Self.authority(rest[..<slash])
        let path = rest[slash...]
        let inner = judge(authority: authority, path: path, leads: leads, anchor: anchor)
        guard case .own = inner, schemeStart > 0 else { return inner }
        return judgeOuter(token[..<schemeStart]) ?? inner
    }

    /// What an own URL that stands inside another one is; nil where it stands on its own.
    ///
    /// In the query of another URL it is a reference; in its path it is a copy that somebody else
    /// keeps, unless that somebody is this site's own image proxy.
    private func judgeOuter(_ outer: ArraySlice<UInt8>) -> HostJudgement? {
        guard let last = outer.last, ![0x2C, 0x3B, 0x7C, 0x3D].contains(last) else { return nil }
        let text = Array(outer)
        let authorityStart: Int
        if let separator = Self.lastIndex(of: "://", in: text) {
            authorityStart = separator + 3
        } else if let double = Self.lastIndex(of: "//", in: text) {
            authorityStart = double + 2
        } else if let slash = text.firstIndex(of: UInt8(ascii: "/")), slash > 0,
            text[..<slash].contains(UInt8(ascii: ".")), !text[..<slash].contains(0x3D)
        {
            authorityStart = 0
        } else {
            return nil
        }
        let rest = text[authorityStart...]
        guard !rest.contains(UInt8(ascii: "?")), !rest.contains(UInt8(ascii: "#")) else {
            return nil
        }
        let slash = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
        let host = Self.authority(rest[..<slash])
        if isOwn(host) || Self.proxies.contains(host) { return nil }
        return .foreign(host)
    }

    private func judge(
        authority: String, path: ArraySlice<UInt8>, leads: [[UInt8]], anchor: Anchor
    ) -> HostJudgement {
        if let query = path.firstIndex(where: { $0 == 0x3F || $0 == 0x23 }) {
            // A relative reference in a query means a file of the host that is asked.
            guard isOwn(authority) else { return .foreign(authority) }
            return judgeRelative(Array(path[query...]), leads: leads, anchor: anchor)
        }
        if isOwn(authority) {
            return isLead(path, leads) ? .own(.url) : .elsewhere
        }
        if Self.proxies.contains(authority) {
            let inner = path.drop { $0 == UInt8(ascii: "/") }
            let slash = inner.firstIndex(of: UInt8(ascii: "/")) ?? inner.endIndex
            let host = Self.authority(inner[..<slash])
            guard isOwn(host) else { return .foreign(host) }
            return isLead(inner[slash...], leads) ? .own(.url) : .elsewhere
        }
        return .foreign(authority)
    }

    private func judgeRelative(
        _ token: [UInt8], leads: [[UInt8]], anchor: Anchor
    ) -> HostJudgement {
        let cuts: Set<UInt8> = Set("=,;|!*^$?&#@".utf8)
        var text = token[...]
        // An `@` can stand in a folder's name on the server, the others as well; ask there first.
        if isServerFolder(token, anchor) { return .own(.file) }
        if let proxy = Self.lastIndex(of: "/cdn-cgi/image/", in: token),
            proxy == 0 || cuts.contains(token[proxy - 1]), isLead(token[proxy...], leads)
        {
            // Its options are separated by `=` and `,`, which end anything else.
            return .own(.url)
        }
        if let cut = token.lastIndex(where: cuts.contains) { text = token[(cut + 1)...] }
        if isRelativeChain(text) { return anchor.urlLeads.isEmpty ? .elsewhere : .own(.url) }
        if text.starts(with: [0x2F, 0x2F]) {
            let rest = text.dropFirst(2)
            guard let slash = rest.firstIndex(of: UInt8(ascii: "/")) else {
                return rest.isEmpty && isLead(text, leads) ? .own(.url) : .elsewhere
            }
            if slash == rest.startIndex { return isLead(text, leads) ? .own(.url) : .elsewhere }
            return judge(
                authority: Self.authority(rest[..<slash]), path: rest[slash...], leads: leads,
                anchor: anchor)
        }
        if text.first == UInt8(ascii: "/") {
            if isLead(text, leads) { return .own(.url) }
            return isServerFolder(Array(text), anchor) ? .own(.file) : .elsewhere
        }
        if isServerFolder(Array(text), anchor) { return .own(.file) }
        if let colon = text.lastIndex(of: UInt8(ascii: ":")) {
            let behind = text[(colon + 1)...]
            let isPort = behind.prefix { $0 != 0x2F }.allSatisfy { (0x30...0x39).contains($0) }
            if !isPort || behind.first == 0x2F || behind.isEmpty {
                return judgeRelative(Array(behind), leads: leads, anchor: anchor)
            }
        }
        // A host without a scheme, or a folder.
        let slash = text.firstIndex(of: UInt8(ascii: "/")) ?? text.endIndex
        let host = Self.authority(text[..<slash])
        guard isOwn(host) || Self.proxies.contains(host) else {
            return host.contains(".") && slash < text.endIndex ? .foreign(host) : .elsewhere
        }
        return judge(authority: host, path: text[slash...], leads: leads, anchor: anchor)
    }

    // MARK: Parts

    private func isOwn(_ host: String) -> Bool {
        if location.hosts.contains(host) { return true }
        // The schemes' own ports say nothing; a site on another port is known with that port, and
        // its bare name still is its own.
        let name = host.prefix { $0 != ":" }
        let port = host.dropFirst(name.count)
        if port == ":80" || port == ":443" { return location.hosts.contains(String(name)) }
        return port.isEmpty && location.hosts.contains { $0.hasPrefix("\(name):") }
    }

    /// Whether a path is one that may stand before the anchor: the folder that WordPress is
    /// installed in, or an image proxy of the host's own (`/cdn-cgi/image/…/`).
    private func isLead(_ path: ArraySlice<UInt8>, _ leads: [[UInt8]]) -> Bool {
        let normalized = Self.normalized(path)
        if leads.contains(normalized) { return true }
        let proxy = Array("/cdn-cgi/image/".utf8)
        guard normalized.starts(with: proxy) else { return false }
        let options = normalized[proxy.count...]
        guard let slash = options.firstIndex(of: UInt8(ascii: "/")) else { return false }
        return leads.contains(Array(options[slash...]))
    }

    /// `` or a chain of `../` and `./`.
    private func isRelativeChain(_ text: ArraySlice<UInt8>) -> Bool {
        text.isEmpty
            || text.last == UInt8(ascii: "/")
                && text.dropLast().split(
                    separator: UInt8(ascii: "/"), omittingEmptySubsequences: false
                ).allSatisfy { $0 == [0x2E] || $0 == [0x2E, 0x2E] }
    }

    private static let usualServerFolders = [
        "/var/", "/srv/", "/home/", "/www/", "/usr/", "/opt/", "/data/", "/mnt/",
    ].map { Array($0.utf8) }

    private func isServerFolder(_ path: [UInt8], _ anchor: Anchor) -> Bool {
        let normalized = Self.normalized(path[...])
        if anchor.directoryLeads.contains(normalized) { return true }
        guard location.assumesUsualServerFolders, normalized.last == UInt8(ascii: "/") else {
            return false
        }
        if Self.usualServerFolders.contains(where: { normalized.starts(with: $0) }) { return true }
        let drive = normalized.prefix(3)
        return drive.count == 3 && (0x61...0x7A).contains((drive.first ?? 0) | 0x20)
            && drive.dropFirst().elementsEqual([0x3A, 0x2F])
    }

    /// A path without empty and `.` segments.
    private static func normalized(_ path: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        for byte in path {
            if byte == UInt8(ascii: "/"), result.last == UInt8(ascii: "/") { continue }
            result.append(byte)
            if result.suffix(3).elementsEqual([0x2F, 0x2E, 0x2F]) { result.removeLast(2) }
        }
        return result
    }

    private static func authority(_ bytes: ArraySlice<UInt8>) -> String {
        let host = bytes.lastIndex(of: UInt8(ascii: "@")).map { bytes[($0 + 1)...] } ?? bytes
        // A name that ends in a dot is the same name, complete (RFC 1034, section 3.1).
        return text(host.last == UInt8(ascii: ".") ? host.dropLast() : host).lowercased()
    }

    private static func isSchemeByte(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte)
            || [0x2B, 0x2D, 0x2E].contains(byte)
    }

    private static func lastIndex(of text: String, in bytes: [UInt8]) -> Int? {
        let needle = Array(text.utf8)
        guard bytes.count >= needle.count else { return nil }
        return (0...(bytes.count - needle.count)).last {
            bytes[$0..<($0 + needle.count)].elementsEqual(needle)
        }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
