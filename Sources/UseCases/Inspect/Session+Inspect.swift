import Engine
import Files
public import Model
import Rewriting
import WordPress

extension Session {
    /// What the site is.
    public func siteReport() throws(MonikerError) -> SiteReport {
        let description = try site.database.describe()
        let tables = site.policy().scannedTables(
            of: try site.database.tables(withPrefix: site.layout.basePrefix))
        let capabilities = try files.capabilities()
        var engines: [String: SiteReport.Tables] = [:]
        for table in tables {
            engines[
                table.storageEngine,
                default: SiteReport.Tables(
                    engine: table.storageEngine, count: 0, transactional: table.isTransactional)
            ].count += 1
        }
        var warnings: [SiteReport.Warning] = []
        let plain = tables.filter { !$0.isTransactional }.map(\.name)
        if !plain.isEmpty {
            warnings.append(
                .init(
                    code: "no-transactions",
                    message:
                        "\(plain.joined(separator: ", ")) cannot roll back (\(plain.count == 1 ? "it is" : "they are") not InnoDB): values there are compared before they are written and taken back one by one"
                ))
        }
        if !capabilities.hardLinks {
            warnings.append(
                .init(
                    code: "no-hard-links",
                    message:
                        "the uploads' file system has no hard links: files are copied while they are renamed"
                ))
        }
        if !capabilities.isWritable {
            warnings.append(
                .init(
                    code: "uploads-read-only",
                    message:
                        "the uploads folder cannot be written by this user: run moniker as the web server's user"
                ))
        }
        if description.isReadOnly {
            warnings.append(
                .init(code: "database-read-only", message: "the database takes no writes"))
        }
        return SiteReport(
            root: site.layout.root, engine: description.engine, version: description.version,
            database: description.name, charset: site.layout.charset, prefix: site.prefix,
            multisite: site.layout.isMultisite,
            blog: site.layout.isMultisite ? site.blog ?? 1 : nil,
            tables: engines.values.sorted { $0.engine < $1.engine },
            uploads: displayText(site.uploads.directory), uploadsURL: site.uploads.url,
            hosts: site.location.hosts.sorted(), canCreateTables: description.canCreateTables,
            durableCommits: description.commitsAreDurable, hardLinks: capabilities.hardLinks,
            reflinks: capabilities.reflinks,
            attachments: try library(.all).attachments.count, warnings: warnings)
    }

    /// One attachment with its family and everything that names it.
    ///
    /// - Throws: `unknown-attachment`.
    public func attachment(_ id: AttachmentID) throws(MonikerError) -> AttachmentReport {
        try attachment(id, listsReferences: true)
    }

    /// - Parameter listsReferences: whether all tables are searched for what names it.
    func attachment(
        _ id: AttachmentID, listsReferences: Bool
    ) throws(MonikerError) -> AttachmentReport {
        guard let report = try attachments([id], listsReferences: listsReferences)[id] else {
            throw Self.unknownAttachment(id)
        }
        return report
    }

    /// The failure for an attachment that is not there.
    public static func unknownAttachment(_ id: AttachmentID) -> MonikerError {
        MonikerError(
            .unknownAttachment,
            "there is no attachment \(id) on this site: `moniker images` lists them",
            details: ["attachment": "\(id)"])
    }

    /// Several attachments, each as if it had been asked for alone; unknown ones are left out.
    ///
    /// - Complexity: one pass over the tables for all of them, or what the reference index names.
    func attachments(
        _ ids: [AttachmentID], listsReferences: Bool
    ) throws(MonikerError) -> [AttachmentID: AttachmentReport] {
        var library = try library(.some(Set(ids)))
        var found: [(attachment: Attachment, family: FileFamily?)] = []
        for id in ids {
            guard let attachment = library.attachment(id) else { continue }
            found.append((attachment, try library.family(of: id)))
        }
        var censuses: [ReferenceCensus] = []
        if listsReferences {
            censuses = try ReferenceCensus.each(of: found.compactMap(\.family), self).reversed()
        }
        var reports: [AttachmentID: AttachmentReport] = [:]
        for (attachment, family) in found {
            let census = family == nil ? nil : censuses.popLast()
            reports[attachment.id] = try report(
                attachment, family, census, countsReferences: listsReferences)
        }
        return reports
    }

    private func report(
        _ attachment: Attachment, _ family: FileFamily?, _ census: ReferenceCensus?,
        countsReferences: Bool
    ) throws(MonikerError) -> AttachmentReport {
        let id = attachment.id
        var files: [AttachmentReport.File] = []
        for member in family?.members ?? [] {
            files.append(
                AttachmentReport.File(
                    path: "\(member.path)", role: member.role,
                    bytes: try self.files.status(of: member.path)?.size,
                    sharedWith: member.sharedWith.map(\.rawValue)))
        }
        return AttachmentReport(
            attachment: ImageSummary(
                attachment, files: files.count { $0.bytes != nil },
                references: countsReferences ? census?.counts[id] ?? 0 : nil),
            attachments: family?.attachments.map(\.rawValue) ?? [id.rawValue],
            caption: attachment.caption, description: attachment.description,
            provenance: try provenance(of: id).values.sorted { $0.field < $1.field },
            family: files, references: census?.references ?? [], opaque: census?.opaque ?? [],
            foreign: census?.foreign ?? [:])
    }
}

extension ImageSummary {
    static let fields = ["alt", "title", "caption", "description"]

    init(_ attachment: Attachment, files: Int, references: Int?) {
        self.init(
            id: attachment.id.rawValue,
            file: attachment.attachedFile.map { "\($0)" } ?? attachment.externalFile ?? "",
            mime: attachment.mimeType, title: attachment.title, alt: attachment.alt, files: files,
            references: references, missing: Self.missingFields(of: attachment))
    }

    static func missingFields(of attachment: Attachment) -> [String] {
        zip(
            fields,
            [attachment.alt, attachment.title, attachment.caption, attachment.description]
        ).filter { $0.1.isEmpty }.map(\.0)
    }
}
