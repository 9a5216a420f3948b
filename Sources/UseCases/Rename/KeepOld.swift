import Engine
public import Model

/// How long old names go on working, as `--keep-old` says it.
public enum KeepOld: Hashable, Sendable {
    /// They go at once.
    case none
    /// They go after this many seconds.
    case seconds(Int64)
    /// They stay.
    case forever

    /// What `rename` does when nothing is said: a day, for cached pages and CDNs.
    public static let day = KeepOld.seconds(86_400)

    /// Parses `none`, `forever`, or a duration such as `90s`, `30m`, `24h`, `7d`, `2w`.
    ///
    /// - Throws: `invalid-argument` for anything else.
    public init(parsing text: String) throws(MonikerError) {
        switch text {
        case "none": self = .none
        case "forever": self = .forever
        default: self = .seconds(try parseDuration(text, option: "--keep-old"))
        }
    }

    var policy: OldNamePolicy {
        switch self {
        case .none: .none
        case .forever: .forever
        case .seconds(let seconds): .nanoseconds(min(seconds, .max / 1_000_000_000) * 1_000_000_000)
        }
    }
}

/// Parses a duration of whole seconds, minutes, hours, days or weeks (`90s`, `30m`, `24h`, `7d`,
/// `2w`) into seconds.
///
/// - Throws: `invalid-argument`, naming the option.
public func parseDuration(_ text: String, option: String) throws(MonikerError) -> Int64 {
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
    // Five digits keep the product, in nanoseconds, within 64 bits even for weeks.
    guard let unit = text.last.flatMap({ units[$0] }), text.utf8.count <= 6,
        text.dropLast().utf8.allSatisfy({ (0x30...0x39).contains($0) }),
        let number = Int64(text.dropLast())
    else {
        throw MonikerError(
            .invalidArgument,
            "\"\(text)\" is no duration for \(option): write a number and s, m, h, d or w, for example 24h"
        )
    }
    return number * unit
}
