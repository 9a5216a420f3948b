import Foundation
import GRDB
import Model
import UseCases

extension ServiceStore {
    /// The settings that were saved last; the usual ones where none were.
    ///
    /// - Throws: `service-unusable`, also for settings of a newer version.
    func settings() throws(MonikerError) -> ServiceSettings {
        let row = try read { database in
            try Row.fetchOne(database, sql: "SELECT json, changed FROM settings")
        }
        guard let row else { return ServiceSettings() }
        do {
            var settings = try JSONDecoder().decode(
                ServiceSettings.self, from: Data((row["json"] as String).utf8))
            settings.changed = row["changed"]
            return settings
        } catch {
            throw MonikerError(
                .serviceUnusable,
                "the settings in service.sqlite cannot be read: use the version of moniker that wrote them, or save them anew",
                cause: error)
        }
    }

    /// Keeps settings in place of the ones before.
    func save(_ settings: ServiceSettings) throws(MonikerError) -> ServiceSettings {
        var settings = settings
        settings.changed = Self.now()
        let json = JSONText.line(settings)
        try write { [settings] database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO settings (id, json, changed) VALUES (1, ?, ?)",
                arguments: [json, settings.changed])
        }
        return settings
    }
}
