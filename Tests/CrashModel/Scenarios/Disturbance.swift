/// Somebody or something that gets in the way of a scenario, at any of its points.
public struct Disturbance: Sendable {
    /// Its name, unique.
    public var name: String
    /// What happens at the point; false fails the effect there.
    var act: @Sendable (Universe, _ isFirst: Bool) -> Bool
    /// What must be true of the world from then on, whatever crashes.
    var violations: @Sendable (World, _ isRecovered: Bool) -> [String] = { _, _ in [] }
    /// A site's state as if nobody had been in the way.
    var undisturbed: @Sendable (SiteState) -> SiteState = { $0 }
    /// Whether, once undisturbed, the site must be wholly as before or wholly as after.
    var isAllOrNothing = true
    /// The content that it overwrites itself.
    var overwritten: [UInt8] = []
    /// Whether a revert leads back to the beginning all the same.
    var leavesRevertible = false
    /// Whether it goes on at every later point.
    var isLasting = false
}

extension Disturbance {
    /// Every disturbance.
    public static let all = [
        editor(of: "wp_posts"), editor(of: "wp_log"), uploader, optimizer, replacer, worker,
        failure(isLasting: false), failure(isLasting: true),
    ]

    private static let token = Array(" edited".utf8)

    /// Saves a value as an editor does: waits for the row's lock, reads, adds a word, writes.
    private static func editor(of table: String) -> Disturbance {
        Disturbance(
            name: "somebody edits \(table)",
            act: { universe, _ in
                save(universe, table)
                return true
            },
            violations: { world, _ in
                let value = world.database.committed.rows[table]?[1] ?? []
                return contains(value, token) ? [] : ["I9: the edit of \(table) is lost"]
            },
            undisturbed: { state in
                var state = state
                let value = state.rows[table]?[1] ?? []
                state.rows[table]?[1] = Array(
                    String(decoding: value, as: UTF8.self).replacing(" edited", with: "").utf8)
                return state
            },
            // Without locks, an edit between reading and writing is a conflict: the value stays, and
            // so does the old name.
            isAllOrNothing: table == "wp_posts", leavesRevertible: true)
    }

    private static func save(_ universe: Universe, _ table: String) {
        guard !universe.isLocked(table, 1) else {
            universe.waiting.append { save($0, table) }
            return
        }
        var content = universe.world.database.committed
        content.rows[table]?[1]? += token
        universe.world.database.commit(content)
        universe.world.database.flush()
    }

    private static func contains(_ value: [UInt8], _ part: [UInt8]) -> Bool {
        String(decoding: value, as: UTF8.self).contains(String(decoding: part, as: UTF8.self))
    }

    /// Uploads a picture under the name that the rename wants, or the next that is free.
    private static let uploader = Disturbance(
        name: "somebody uploads a file of that name",
        act: { universe, _ in
            let folder = "/site/uploads/2024/05"
            let free = ["red-bike.jpg", "red-bike-1.jpg"].first {
                universe.world.files.node(at: "\(folder)/\($0)") == nil
            }
            if let free {
                universe.world.files.write("\(folder)/\(free)", "upload", modified: 7_000_000_000)
            }
            return true
        },
        violations: { world, _ in
            let files = world.files.tree(at: "/site/uploads").files.values
            return files.contains { $0.content == Array("upload".utf8) }
                ? [] : ["I10: the upload is lost"]
        },
        undisturbed: { state in
            var state = state
            state.files = state.files.filter { $0.value.content != Array("upload".utf8) }
            return state
        })

    /// Overwrites a picture in place, as image optimizers do.
    private static let optimizer = Disturbance(
        name: "a plugin overwrites a file in place",
        act: { universe, _ in
            let folder = "/site/uploads/2024/05"
            let names = ["IMG_1.jpg", "red-bike.jpg"]
            if let node = names.compactMap({ universe.world.files.node(at: "\(folder)/\($0)") })
                .first
            {
                universe.world.files.update(file: node) {
                    $0.content = Array("first, smaller".utf8)
                    $0.durable = $0.content
                    $0.modified = 8_000_000_000
                }
            }
            return true
        },
        violations: { world, _ in
            let files = world.files.tree(at: "/site/uploads").files.values
            return files.contains { $0.content == Array("first, smaller".utf8) }
                ? [] : ["I9: the optimized file is lost"]
        },
        undisturbed: { state in
            var state = state
            state.files = state.files.mapValues {
                guard $0.content == Array("first, smaller".utf8) else { return $0 }
                var file = $0
                file.content = Array("first".utf8)
                file.modified = 5_000_000_000
                return file
            }
            return state
        }, overwritten: Array("first".utf8))

    /// Replaces a picture by another file of the same name.
    private static let replacer = Disturbance(
        name: "a plugin replaces a file",
        act: { universe, _ in
            let folder = "/site/uploads/2024/05"
            let name =
                universe.world.files.node(at: "\(folder)/IMG_1.jpg") == nil
                ? "red-bike.jpg" : "IMG_1.jpg"
            universe.world.files.write("\(folder)/\(name)", "first, new", modified: 9_000_000_000)
            return true
        },
        violations: { world, isRecovered in
            // Taken for the old file, it waits in the trash until somebody looks again.
            let files = world.files.tree(at: isRecovered ? "/site/uploads" : "").files.values
            return files.contains { $0.content == Array("first, new".utf8) }
                ? [] : ["I9: the new file is lost"]
        }, isAllOrNothing: false, overwritten: Array("first".utf8))

    /// Another worker, who takes this one for dead, recovers; then this one goes on.
    private static let worker = Disturbance(
        name: "another worker recovers meanwhile",
        act: { universe, _ in
            do {
                try ModelSite(universe).recover()
            } catch {
                // It was told that the first one is alive, and went away.
            }
            return true
        }, isAllOrNothing: false)

    /// The disk, the journal or the database fails.
    private static func failure(isLasting: Bool) -> Disturbance {
        Disturbance(
            name: isLasting ? "every call fails from a point on" : "one call fails",
            act: { _, isFirst in !(isFirst || isLasting) }, isLasting: isLasting)
    }
}
