/// Quotes the name of a table or column for MariaDB and MySQL: the only place where a name enters
/// a statement.
func quotedIdentifier(_ name: String) -> String {
    "`" + name.split(separator: "`", omittingEmptySubsequences: false).joined(separator: "``") + "`"
}
