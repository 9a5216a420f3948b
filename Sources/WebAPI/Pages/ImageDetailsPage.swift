import Dashboard
import HTTPTypes
import Model
import UseCases

/// One image, and everything that names it.
struct ImageDetailsPage: Sendable {
    private let site: Site
    private let frame: PageMaker

    /// More references than anybody reads; the API tells them all.
    private static let mostReferences = 500

    init(_ environment: PageEnvironment) {
        site = environment.site
        frame = environment.frame
    }

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/images/{id}", .page, show),
            Endpoint(.get, "/images/{id}/references", .page, references),
        ]
    }

    @Sendable private func show(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        let id = try request.attachment()
        // Has the inventory read again, of which some of the facts are.
        _ = await site.watch.view()
        let record = try await site.read { session throws(MonikerError) in
            try session.imageRecord(id)
        }
        return try frame.answer(Self.view(record), request)
    }

    private static func view(_ record: ImageRecord) -> ImageView {
        let (report, image) = (record.report, record.image)
        let attachment = report.attachment
        var view = ImageView(row(record))
        let values = [
            TextField.alt: attachment.alt, .title: attachment.title, .caption: report.caption,
            .description: report.description,
        ]
        view.texts = TextField.allCases.map { field in
            ImageView.Text(
                field, values[field] ?? "",
                isDecorative: image?.fields[field.rawValue] == "decorative"
                    && values[field]?.isEmpty ?? true,
                source: report.provenance.first { $0.field == field.rawValue }.map(source))
        }
        view.files = report.family.map {
            ImageView.File(
                path: $0.path, role: $0.role, bytes: $0.bytes, sharedWith: $0.sharedWith)
        }
        view.facts = facts(record)
        view.siblings = report.attachments.filter { $0 != attachment.id }
            .map(ImageView.Copy.init)
        if let image {
            view.uses = image.usedIn.map {
                ImageView.Use(
                    kind: $0.kind, type: $0.type, title: $0.title, heading: $0.heading,
                    post: $0.post)
            }
            view.findings = image.quality.findings.map {
                ImageView.Finding(
                    message: PageMaker.sentence($0.message), severity: $0.severity,
                    field: $0.field)
            }
            view.copies = image.duplicates.map(ImageView.Copy.init)
        }
        view.changes = record.history.map(ChangeLine.init)
        return view
    }

    private static func row(_ record: ImageRecord) -> ImagesView.Row {
        let attachment = record.report.attachment
        return ImagesView.Row(
            id: attachment.id, file: attachment.file, mime: attachment.mime,
            title: attachment.title, alt: attachment.alt, missing: attachment.missing,
            isDecorative: record.image?.fields["alt"] == "decorative",
            hasCameraName: record.image?.cameraName ?? false,
            use: (record.image?.uses).flatMap {
                ImagesView.Row.use($0, first: record.image?.usedIn.first?.title)
            },
            bytes: record.report.family.first { $0.role == "attached" }?.bytes,
            width: record.image?.width, height: record.image?.height)
    }

    private static func facts(_ record: ImageRecord) -> [ImageView.Fact] {
        var facts = [
            ImageView.Fact("Type", record.report.attachment.mime),
            ImageView.Fact(
                "Files", Wording.count(record.report.family.count, "file", "files")),
        ]
        guard let image = record.image else {
            return facts + [ImageView.Fact("Inventory", "not read yet")]
        }
        facts.append(ImageView.Fact("Language", image.language))
        facts.append(ImageView.Fact("Used at", Wording.count(image.uses, "place", "places")))
        facts.append(ImageView.Fact("Quality of its texts", "\(image.quality.score) of 100"))
        if image.cameraName {
            facts.append(ImageView.Fact("File name", "given by a camera or a program"))
        }
        return facts
    }

    private static func source(_ provenance: TextProvenance) -> String {
        guard provenance.source == "model" else { return "written by a person" }
        let who = [provenance.provider, provenance.model].compactMap { $0 }
            .filter { !$0.isEmpty }.joined(separator: ", ")
        return who.isEmpty ? "written by a model" : "written by \(who)"
    }

    // MARK: References

    @Sendable private func references(
        _ request: APIRequest
    ) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        let id = try request.attachment()
        let report = try await site.examine { session throws(MonikerError) in
            try session.attachment(id)
        }
        var view = ReferencesView(id: id.rawValue, file: report.attachment.file)
        let all = report.references
        view.references = all.prefix(Self.mostReferences).map {
            ReferencesView.Reference(
                table: $0.table, row: "\($0.key)", column: $0.column, file: $0.file,
                excerpt: $0.excerpt, encoding: $0.encoding)
        }
        view.count =
            all.isEmpty
            ? "Nothing in the database names this file."
            : "\(Wording.count(all.count, "place names", "places name")) one of its files, its own metadata included. A change of the name rewrites all of them."
        if all.count > Self.mostReferences {
            view.rest =
                "The first \(Wording.count(Self.mostReferences)) are listed; GET /v1/attachments/\(id) tells them all."
        }
        view.opaque = report.opaque.map {
            "\($0.table ?? $0.file ?? "") \($0.key.map { "\($0)" } ?? ""), \($0.column ?? ""): cannot be read with certainty (\($0.reason)) and would stay as it is."
        }
        view.foreign = report.foreign.sorted { $0.key < $1.key }.map {
            "\($0.key), another host, names it \(Wording.count($0.value, "time", "times")): those addresses would stay."
        }
        return try frame.answer(view, request)
    }
}
