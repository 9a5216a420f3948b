import Model

@testable import WordPress

private let environment = ["DB_NAME": "site", "WORDPRESS_DB_HOST": "db:3306", "EMPTY": ""]

/// wp-config.php and one file that it may include, divided by NUL.
func fuzzConfiguration(_ value: [UInt8]) {
    let parts = value.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    let included = parts.count > 1 ? Array(parts[1]) : nil
    func parse() -> SiteConfiguration {
        SiteConfiguration.parse(
            Array(parts[0]), at: "/srv/site/wp-config.php", environment: environment,
            readingInclude: { $0.hasPrefix("/") ? included : nil })
    }
    let configuration = parse()
    for name in configuration.constants.keys { ask(configuration, name) }
    for name in ["DB_NAME", "WP_CONTENT_DIR", "UPLOADS", "MULTISITE"] { ask(configuration, name) }
    expect(
        configuration.constants == parse().constants, "the same file means the same again")
}

/// A constant is known, unknown, or refused with the one code that says so.
private func ask(_ configuration: SiteConfiguration, _ name: String) {
    do throws(MonikerError) {
        _ = try configuration.tablePrefix()
        _ = try configuration.boolean(name)
        let text = try configuration.string(name)
        expect(
            (text == nil) == (configuration.constants[name] == nil),
            "what is defined has a value")
    } catch {
        expect(error.code == .computedConfiguration, "\(error)")
    }
}
