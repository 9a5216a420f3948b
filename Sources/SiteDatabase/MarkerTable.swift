import Model

/// What Moniker keeps in a site's database, under the same names in both drivers.
enum MarkerTable {
    /// The id of the row that holds the incarnation id.
    static let incarnationID = "incarnation"

    static func name(prefix: String) -> String { prefix + "moniker_tx" }

    /// All tables that Moniker may own.
    static func names(prefix: String) -> [String] {
        [name(prefix: prefix), prefix + "moniker_changes"]
    }

    /// The name of the option that takes a row's place where tables cannot be created.
    static func option(_ id: String) -> String { "moniker_tx_" + id }
}
