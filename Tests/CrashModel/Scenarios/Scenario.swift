import Engine
import Model

/// Something that Moniker does and that a crash may catch anywhere.
public struct Scenario: Sendable {
    /// Its name, unique.
    public var name: String
    /// What the file system refuses.
    public var limits = WorldLimits()
    /// Whether the database flushes each commit.
    public var flushesCommits = true
    /// What has happened to the site before.
    var prepare: @Sendable (ModelSite) throws(MonikerError) -> Void = { _ throws(MonikerError) in }
    /// What is done.
    var act: @Sendable (ModelSite) throws(MonikerError) -> Void
    /// Whether doing it again finishes what a crash left: cleaning is, changing is not.
    var isRepeatable = false
    /// Whether a revert of the last change set leads back to the beginning.
    var isRevertible = true
    /// Whether it leads back to the site as it was before everything.
    var leadsBack = false
    /// Whether the journal still knows the site afterwards.
    var isVerified = true

    /// A site with two pictures in two sizes, a post and a log line that name them, a value that
    /// cannot be parsed, and a generated style sheet.
    static func initialWorld(flushesCommits: Bool) -> World {
        var files = ModelFileSystem()
        files.makeFolder("/site/uploads/2024/05")
        files.makeFolder("/site/uploads/2024/06")
        files.makeFolder("/home")
        for (name, content) in pictures {
            files.write("/site/uploads/2024/05/\(name).jpg", content, modified: 5_000_000_000)
        }
        files.write(
            "/site/uploads/2024/06/style.css", "a{background:url(../../2024/05/IMG_1.jpg)}",
            modified: 6_000_000_000)
        let uploads = "/wp-content/uploads/2024/05"
        return World(
            files: files,
            database: ModelDatabaseState(
                rows: [
                    "wp_posts": [
                        1: Array(
                            "<img src=\"\(uploads)/IMG_1-300x200.jpg\"> \(uploads)/sun.jpg".utf8),
                        2: Array("a:1:{i:0;s:37:\"\(uploads)/IMG_1.jpg\";}".utf8),
                        3: Array("nothing here".utf8),
                        // The length is wrong, so the value stays, and so does the name.
                        // Spelled as nobody would spell it again.
                        5: Array("\(uploads)/%49MG_1.jpg \(uploads)/%73un.jpg".utf8),
                        4: Array("a:1:{i:0;s:9:\"\(uploads)/sun-300x200.jpg\";}".utf8),
                    ],
                    "wp_log": [1: Array("seen \(uploads)/IMG_1.jpg".utf8)],
                ], flushesCommits: flushesCommits))
    }

    /// The pictures of the initial world and their content.
    static let pictures = [
        "IMG_1": "first", "IMG_1-300x200": "first small", "sun": "second",
        "sun-300x200": "second small",
    ]
}

extension Scenario {
    private static let one = [(old: "IMG_1", new: "red-bike")]
    private static let two = [(old: "IMG_1", new: "red-bike"), (old: "sun", new: "blue-boat")]

    /// Every scenario.
    public static let all: [Scenario] =
        [
            Scenario(name: "rename") { (site) throws(MonikerError) in try site.rename(one) },
            Scenario(name: "rename two, one value opaque") { (site) throws(MonikerError) in
                try site.rename(two)
            },
            Scenario(name: "rename, commits not flushed", flushesCommits: false) {
                (site) throws(MonikerError) in try site.rename(one)
            },
            Scenario(
                name: "second rename, commits not flushed", flushesCommits: false,
                prepare: { (site) throws(MonikerError) in
                    try site.rename([(old: "sun", new: "blue-boat")], oldNames: .forever)
                    site.universe.world.database.flush()
                },
                act: { (site) throws(MonikerError) in try site.rename(one) }),
            variant("rename without hard links") {
                $0.linksFiles = false
                $0.hasUnnamedFiles = false
            },
            variant("rename without unnamed files") { $0.hasUnnamedFiles = false },
            variant("rename without RENAME_NOREPLACE") { $0.movesWithoutReplacing = false },
            variant("rename without RENAME_NOREPLACE and unnamed files") {
                $0.movesWithoutReplacing = false
                $0.hasUnnamedFiles = false
            },
            refused,
            variant("rename on a file system that shares content") { $0.sharesContent = true },
            Scenario(
                name: "forgotten by the database",
                prepare: { (site) throws(MonikerError) in try site.rename(one) },
                act: { (site) throws(MonikerError) in
                    try site.ports.database.removeTraces(prefix: "wp_")
                }, isRevertible: false, isVerified: false),
            Scenario(
                name: "a site that is bound to its journal",
                act: { (site) throws(MonikerError) in
                    try site.ports.journal.bind(
                        SiteBinding(
                            prefix: "wp_", incarnation: "1", database: "model", uploads: [],
                            identity: FileIdentity(device: 1, inode: 2)))
                }, isRevertible: false),
            Scenario(
                name: "change sets that were rolled back, forgotten",
                prepare: { (site) throws(MonikerError) in
                    try site.abort(one)
                    site.universe.world.clock += 48 * 3_600_000_000_000
                },
                act: { (site) throws(MonikerError) in try site.tidy(retention: 1) },
                isRepeatable: true),
            Scenario(
                name: "a database restored from before a rename, repaired",
                prepare: { (site) throws(MonikerError) in
                    try site.rename([(old: "sun", new: "blue-boat")], oldNames: .forever)
                    let dump = site.universe.world.database
                    try site.rename(one)
                    site.universe.world.database = dump
                },
                act: { (site) throws(MonikerError) in try site.verify(repairing: true) },
                isRepeatable: true),
            Scenario(
                name: "revert", prepare: { (site) throws(MonikerError) in try site.rename(two) },
                act: { (site) throws(MonikerError) in try site.revert(try site.newest()) }),
            Scenario(name: "rename in several transactions") { (site) throws(MonikerError) in
                try site.rename(one, inParts: true)
            },
            Scenario(
                name: "rename in several transactions, commits not flushed", flushesCommits: false
            ) { (site) throws(MonikerError) in try site.rename(one, inParts: true) },
            Scenario(
                name: "revert in several transactions",
                prepare: { (site) throws(MonikerError) in try site.rename(one) },
                act: { (site) throws(MonikerError) in
                    try site.revert(try site.newest(), inParts: true)
                }),
            Scenario(
                name: "a rename stopped between two transactions, finished",
                prepare: { (site) throws(MonikerError) in try site.stop(one) },
                act: { (site) throws(MonikerError) in try site.recover() }, isRepeatable: true),
            Scenario(
                name: "a rename stopped between two transactions, taken back",
                prepare: { (site) throws(MonikerError) in try site.stop(one) },
                act: { (site) throws(MonikerError) in try site.takeBackStopped() },
                isRepeatable: true),
            Scenario(
                name: "partial revert",
                prepare: { (site) throws(MonikerError) in try site.rename(two) },
                act: { (site) throws(MonikerError) in
                    try site.revert(try site.newest(), only: [AttachmentID(7)])
                }),
            Scenario(
                name: "revert of the rest after a partial revert",
                prepare: { (site) throws(MonikerError) in
                    try site.rename(two)
                    try site.revert(try site.newest(), only: [AttachmentID(7)])
                },
                act: { (site) throws(MonikerError) in try site.revert(try site.oldest()) },
                isRevertible: false, leadsBack: true),
            Scenario(
                name: "revert of a chain from its beginning",
                prepare: { (site) throws(MonikerError) in
                    try site.rename(one)
                    try site.rename([(old: "red-bike", new: "green-bus")])
                },
                act: { (site) throws(MonikerError) in try site.revert(try site.oldest()) }),
            Scenario(
                name: "revert of a revert",
                prepare: { (site) throws(MonikerError) in
                    try site.revert(try site.rename(one))
                },
                act: { (site) throws(MonikerError) in try site.revert(try site.newest()) }),
            Scenario(
                name: "revert with the file gone, from the original",
                prepare: { (site) throws(MonikerError) in
                    try site.rename(one)
                    site.universe.world.files.delete("/site/uploads/2024/05/red-bike.jpg")
                },
                act: { (site) throws(MonikerError) in try site.revert(try site.newest()) },
                isRevertible: false),
            Scenario(
                name: "rename while the old names of an earlier one still work",
                prepare: { (site) throws(MonikerError) in
                    try site.rename(one, oldNames: .forever)
                },
                act: { (site) throws(MonikerError) in
                    try site.rename([(old: "red-bike", new: "green-bus")])
                }),
            Scenario(
                name: "old names retired when their time is up",
                prepare: { (site) throws(MonikerError) in
                    try site.rename(two, oldNames: .nanoseconds(3_600_000_000_000))
                    site.universe.world.clock += 7_200_000_000_000
                },
                act: { (site) throws(MonikerError) in try site.tidy(retention: .max) },
                isRepeatable: true),
            Scenario(
                name: "there and back, then old names retired",
                prepare: { (site) throws(MonikerError) in
                    try site.rename(one, oldNames: .nanoseconds(3_600_000_000_000))
                    try site.rename([(old: "red-bike", new: "IMG_1")], oldNames: .forever)
                    site.universe.world.clock += 7_200_000_000_000
                },
                act: { (site) throws(MonikerError) in try site.tidy(retention: .max) },
                isRepeatable: true),
            Scenario(
                name: "old names retired, commits not flushed", flushesCommits: false,
                prepare: { (site) throws(MonikerError) in
                    try site.rename(one)
                    site.universe.world.clock += 20_000_000_000
                    site.universe.world.database.flush()
                },
                act: { (site) throws(MonikerError) in try site.tidy(retention: .max) },
                isRepeatable: true),
            Scenario(
                name: "originals and trash removed beyond their retention",
                prepare: { (site) throws(MonikerError) in
                    try site.rename(two)
                    site.universe.world.clock += 7_200_000_000_000
                },
                act: { (site) throws(MonikerError) in try site.tidy(retention: 1) },
                isRepeatable: true),
            Scenario(name: "rename with originals in a pack") { (site) throws(MonikerError) in
                try site.rename(two, inParts: true)
            },
            Scenario(
                name: "originals of a pack removed beyond their retention, but for some",
                prepare: { (site) throws(MonikerError) in
                    try site.rename(two, inParts: true)
                    site.universe.world.clock += 7_200_000_000_000
                    try site.rename(
                        [(old: "red-bike", new: "green-bus")], inParts: true, packedFrom: 2)
                },
                act: { (site) throws(MonikerError) in
                    try site.tidy(retention: 3_600_000_000_000)
                }, isRepeatable: true),
            Scenario(
                name: "repair of lost names",
                prepare: { (site) throws(MonikerError) in
                    try site.rename(one)
                    site.universe.world.files.delete("/site/uploads/2024/05/red-bike.jpg")
                    site.universe.world.files.delete("/site/uploads/2024/05/red-bike-300x200.jpg")
                },
                act: { (site) throws(MonikerError) in try site.verify(repairing: true) },
                isRepeatable: true),
        ] + texts

    /// Texts that are written.
    private static let texts: [Scenario] = [
        Scenario(name: "texts") { (site) throws(MonikerError) in
            try site.write(ModelSite.texts("a bike"))
        },
        Scenario(name: "texts and a rename") { (site) throws(MonikerError) in
            try site.write(ModelSite.texts("a bike"), two)
        },
        Scenario(name: "texts and a rename in several transactions") {
            (site) throws(MonikerError) in
            try site.write(ModelSite.texts("a bike"), one, inParts: true)
        },
        Scenario(name: "texts and a rename, commits not flushed", flushesCommits: false) {
            (site) throws(MonikerError) in try site.write(ModelSite.texts("a bike"), one)
        },
        Scenario(
            name: "revert of texts and a rename",
            prepare: { (site) throws(MonikerError) in
                try site.write(ModelSite.texts("a bike"), one)
            },
            act: { (site) throws(MonikerError) in
                try site.revert(try site.newest(), inParts: true)
            }, leadsBack: true),
        Scenario(
            name: "revert of a revert of texts",
            prepare: { (site) throws(MonikerError) in
                try site.revert(try site.write(ModelSite.texts("a bike"), one))
            },
            act: { (site) throws(MonikerError) in try site.revert(try site.newest()) }),
        Scenario(
            name: "partial revert of texts",
            prepare: { (site) throws(MonikerError) in
                try site.write(ModelSite.texts("a bike"), two)
            },
            act: { (site) throws(MonikerError) in
                try site.revert(try site.newest(), only: [AttachmentID(8)])
            }),
        Scenario(
            name: "revert of texts from the beginning of a chain",
            prepare: { (site) throws(MonikerError) in
                try site.write(ModelSite.texts("a bike"))
                try site.rename(one)
                try site.write([
                    ModelSite.set(
                        "wp_posts", 3, .description,
                        "a bike /wp-content/uploads/2024/05/red-bike.jpg", "another")
                ])
            },
            act: { (site) throws(MonikerError) in try site.revert(try site.oldest()) }),
        Scenario(
            name: "texts and a rename stopped between two transactions, finished",
            prepare: { (site) throws(MonikerError) in
                try site.stop(one, texts: ModelSite.texts("a bike"))
            },
            act: { (site) throws(MonikerError) in try site.recover() }, isRepeatable: true),
        Scenario(
            name: "texts and a rename stopped between two transactions, taken back",
            prepare: { (site) throws(MonikerError) in
                try site.stop(one, texts: ModelSite.texts("a bike"))
            },
            act: { (site) throws(MonikerError) in try site.takeBackStopped() },
            isRepeatable: true, leadsBack: true),
        // What somebody has edited since is not taken back.
        Scenario(
            name: "a text over another one",
            act: { (site) throws(MonikerError) in
                let uploads = "/wp-content/uploads/2024/05"
                try site.write([
                    ModelSite.set(
                        "wp_posts", 1, .description,
                        "<img src=\"\(uploads)/IMG_1-300x200.jpg\"> \(uploads)/sun.jpg", "a bike")
                ])
            }, isRevertible: false),
        Scenario(
            name: "a text over another one without transactions",
            act: { (site) throws(MonikerError) in
                try site.write([
                    ModelSite.set(
                        "wp_log", 1, .description, "seen /wp-content/uploads/2024/05/IMG_1.jpg",
                        "a bike")
                ])
            }, isRevertible: false),
    ]

    /// The scenarios that others get in the way of.
    public static var disturbed: [Scenario] {
        let names = [
            "rename", "rename two, one value opaque", "revert", refused.name,
            "rename in several transactions", "texts and a rename", "a text over another one",
            "a text over another one without transactions",
        ]
        return all.filter { names.contains($0.name) }
    }

    /// A rename that ends in a rollback, whatever happens.
    private static var refused: Scenario {
        var limits = WorldLimits()
        limits.refusesCommits = true
        return Scenario(
            name: "rename that the database refuses", limits: limits,
            act: { (site) throws(MonikerError) in
                do throws(MonikerError) {
                    try site.rename(one)
                } catch {
                    guard error.code == .databaseFailed || error.code == .nameTaken else {
                        throw error
                    }
                }
            }, isRevertible: false)
    }

    private static func variant(
        _ name: String, _ change: (inout WorldLimits) -> Void
    ) -> Scenario {
        var limits = WorldLimits()
        change(&limits)
        return Scenario(name: name, limits: limits) { (site) throws(MonikerError) in
            try site.rename(one)
        }
    }
}

extension ModelSite {
    /// The newest change set.
    func newest() throws(MonikerError) -> JournalID {
        guard let record = try ports.journal.changeSets().first else {
            throw MonikerError(.unknownJournal, "nothing has been done yet")
        }
        return record.id
    }

    /// The oldest change set.
    func oldest() throws(MonikerError) -> JournalID {
        guard let record = try ports.journal.changeSets().last else {
            throw MonikerError(.unknownJournal, "nothing has been done yet")
        }
        return record.id
    }
}
