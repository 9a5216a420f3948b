import GRDB
import Model
import WordPress

extension Refresher {
    /// Options that are one attachment's id.
    private static let idOptions: Set<String> = [
        "site_icon", "site_logo", "woocommerce_placeholder_image",
    ]

    /// Options that name the uploads folder, or files of it, and use none.
    private static let plainOptions: Set<String> = [
        "upload_path", "upload_url_path", "fileupload_url", "rewrite_rules", "cron",
        "recently_edited", "active_plugins",
    ]

    /// Reads what options and terms use: they are few, so that all are read each time.
    func readOptions() throws {
        try forget(Holder.options)
        var page = TextPage(self)
        var options: [String: [UInt8]] = [:]
        try site.database.forEachRow(
            of: RowQuery(
                table: site.prefix + "options", columns: ["option_name", "option_value"],
                filter: .or([
                    .isAny(
                        column: "option_name",
                        (Self.idOptions.sorted() + ["stylesheet", "sidebars_widgets"])
                            .map(SQLValue.string)),
                    .hasPrefix(column: "option_name", Array("theme_mods_".utf8)),
                    .hasPrefix(column: "option_name", Array("widget_".utf8)),
                    .hasPrefix(column: "option_name", Array("options_".utf8)),
                    .hasPrefix(column: "option_name", Array("_options_".utf8)),
                    .containsAny(columns: ["option_value"], terms: uploadsTerms),
                ]))
        ) { (row) throws(MonikerError) in
            let name = text(row[0])
            let isLasting =
                !name.hasPrefix("_transient") && !name.hasPrefix("_site_transient")
                && !name.hasPrefix("moniker_tx_") && !Self.plainOptions.contains(name)
            if isLasting { options[name] = row[1].bytes ?? [] }
            return true
        }
        let theme = "theme_mods_" + String(decoding: options["stylesheet"] ?? [], as: UTF8.self)
        let inactive = inactiveWidgets(options["sidebars_widgets"])
        for (name, value) in options.sorted(by: { $0.key < $1.key }) {
            if Self.idOptions.contains(name) {
                for id in Self.ids(in: value).prefix(1) { try addOption(id, name) }
            } else if name.hasPrefix("theme_mods_") {
                guard name == theme else { continue }
                try readThemeOptions(value, name, &page)
            } else if name.hasPrefix("widget_") {
                try readWidgets(value, name, inactive, &page)
            } else {
                let reference = options["_" + name] ?? []
                if name.hasPrefix("options_"), reference.starts(with: "field_".utf8) {
                    for id in Self.ids(in: value) { try addOption(id, name) }
                }
                try addText(value, name, &page)
            }
        }
        try readTerms()
        try page.finish()
        step(.options, options.count, of: options.count)
    }

    private func addOption(_ id: Int64, _ title: String) throws {
        try addUse(
            holder: Holder.options, post: nil, attachment: id, kind: .option, title: title)
    }

    private func addText(_ value: [UInt8], _ title: String, _ page: inout TextPage) throws {
        try page.add(
            HeldText(
                holder: Holder.options, post: nil, title: title, bytes: value, kind: .option))
    }

    // MARK: Theme

    private func readThemeOptions(
        _ value: [UInt8], _ name: String, _ page: inout TextPage
    ) throws {
        try addText(value, name, &page)
        guard let mods = SerializedValue.parse(value) else { return }
        for key in ["custom_logo", "header_image_data", "background_image_id"] {
            let id = mods[key]?["attachment_id"]?.number ?? mods[key]?.number ?? 0
            if id > 0 { try addOption(id, name) }
        }
    }

    // MARK: Widgets

    /// The widgets that are kept and not shown, as `media_image-3`.
    private func inactiveWidgets(_ value: [UInt8]?) -> Set<String> {
        let sidebars = value.flatMap(SerializedValue.parse)
        let names = sidebars?["wp_inactive_widgets"]?.elements ?? []
        return Set(
            names.compactMap { $0.value.text.map { String(decoding: $0, as: UTF8.self) } })
    }

    private func readWidgets(
        _ value: [UInt8], _ name: String, _ inactive: Set<String>, _ page: inout TextPage
    ) throws {
        let type = name.dropFirst("widget_".utf8.count)
        for widget in SerializedValue.parse(value)?.elements ?? [] {
            let number = String(decoding: widget.key, as: UTF8.self)
            guard !inactive.contains("\(type)-\(number)") else { continue }
            if let id = widget.value["attachment_id"]?.number, id > 0 { try addOption(id, name) }
            for id in widget.value["ids"]?.elements ?? [] {
                if let id = id.value.number, id > 0 { try addOption(id, name) }
            }
            for element in widget.value.elements {
                if let text = element.value.text { try addText(text, name, &page) }
            }
        }
    }

    // MARK: Terms

    /// The images of product categories and the like.
    private func readTerms() throws {
        let tables = Set(
            try site.database.tables(withPrefix: site.prefix + "term").map(\.name))
        guard tables.contains(site.prefix + "termmeta"), tables.contains(site.prefix + "terms")
        else { return }
        var images: [Int64: [Int64]] = [:]
        try site.database.forEachRow(
            of: RowQuery(
                table: site.prefix + "termmeta", columns: ["term_id", "meta_value"],
                filter: .equals(column: "meta_key", .string("thumbnail_id")))
        ) { (row) throws(MonikerError) in
            if let term = row[0].integer, let value = row[1].bytes {
                images[term, default: []] += Self.ids(in: value)
            }
            return true
        }
        try forEachRow(of: "terms", ["name"], where: "term_id", in: images.keys.sorted()) {
            (row) throws(MonikerError) in
            let ids = row[0].integer.flatMap { images[$0] } ?? []
            let title = PlainText.decodingEntities(text(row[1]))
            try storing {
                for id in ids {
                    try addUse(
                        holder: Holder.options, post: nil, attachment: id, kind: .field,
                        title: title)
                }
            }
        }
    }
}
