import Model

/// What must hold of a world that a crash has left, by the numbers of docs/protocol.md.
struct Invariants {
    /// The stems that each picture has had, and may have, with the picture's own first.
    static let stems = ["IMG_1": ["IMG_1", "red-bike", "green-bus"], "sun": ["sun", "blue-boat"]]

    let danglingAtStart: Set<String>
    private let contents: Set<[UInt8]>

    init(start: World) {
        danglingAtStart = Self.dangling(in: start)
        contents = Set(Self.contents(of: start).filter { !$0.isEmpty })
    }

    /// What of I1, I3 and I6 does not hold.
    func violations(in world: World, overwritten: [UInt8]?) -> [String] {
        var violations = Self.dangling(in: world).subtracting(danglingAtStart).sorted().map {
            "I1: the database names \($0), which is not there"
        }
        for content in contents.subtracting(Self.contents(of: world))
        where content != overwritten {
            violations.append("I3: \"\(String(decoding: content, as: UTF8.self))\" is lost")
        }
        for (id, decision) in world.database.committed.markers where decision == .commit {
            let state = world.journal.entries[id]?.record.state
            if state == nil || state == .intent || state == .aborted {
                violations.append("I6: \(id) is committed and the journal does not know its edits")
            }
        }
        return violations
    }

    /// The names in the database, and in the style sheet, that are not files with their picture.
    private static func dangling(in world: World) -> Set<String> {
        let values = world.database.committed.rows.values.flatMap(\.values).map {
            String(decoding: $0, as: UTF8.self)
        }
        let sheet = world.files.file(at: "/site/uploads/2024/06/style.css").map {
            String(decoding: $0.content, as: UTF8.self)
        }
        var dangling: Set<String> = []
        for (picture, stems) in stems {
            for stem in stems {
                for suffix in ["", "-300x200"] {
                    let name = "\(stem)\(suffix).jpg"
                    let isNamed =
                        values.contains { $0.contains("/wp-content/uploads/2024/05/\(name)") }
                        || sheet?.contains("/2024/05/\(name)") ?? false
                    let content = Scenario.pictures[picture + suffix]
                    let file = world.files.file(at: "/site/uploads/2024/05/\(name)")
                    if isNamed, !(file?.content.starts(with: Array((content ?? "").utf8)) ?? false)
                    {
                        dangling.insert(name)
                    }
                }
            }
        }
        return dangling
    }

    /// The content of every picture in uploads, its trash and the originals.
    private static func contents(of world: World) -> Set<[UInt8]> {
        let pictures = Set(Scenario.pictures.values.map { Array($0.utf8) })
        let files =
            world.files.tree(at: "/site").files.values
            .map(\.content) + world.files.tree(at: "/home").files.values.map(\.content)
        return pictures.intersection(files)
    }
}
