import Foundation
import TestSupport

/// Edits of a site as WordPress, its plugins and this program make them, by a seed.
final class Storm {
    let scene: InventoryScene
    private var generator: SplitMix64
    private var images: [Int: String] = [:]
    private var posts: Set<Int> = []
    private var next = 100
    private var time = 0
    /// What was done, for a failure's message.
    private(set) var log: [String] = []

    init(_ scene: InventoryScene, seed: UInt64) throws {
        self.scene = scene
        generator = SplitMix64(seed: seed)
        try scene.option("stylesheet", "mine")
        try scene.sql(
            """
            INSERT INTO wp_terms VALUES (1, 'Deutsch', 'de'), (2, 'Português', 'pt');
            INSERT INTO wp_term_taxonomy VALUES (1, 1, 'language', ''),
                (2, 2, 'language', 'a:1:{s:6:"locale";s:5:"pt_BR";}');
            """)
        for _ in 0..<6 { try addImage() }
        for _ in 0..<8 { try addPost() }
    }

    private func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &generator) }
    private func anyImage() -> Int { images.keys.sorted().randomElement(using: &generator) ?? 1 }
    private func anyPost() -> Int { posts.sorted().randomElement(using: &generator) ?? 1 }

    /// One edit, of any kind.
    func blow() throws {
        let edits: [(String, () throws -> Void)] = [
            ("add image", addImage), ("remove image", removeImage), ("rename image", renameImage),
            ("alt", setAlt), ("clear alt", clearAlt), ("remove alt", removeAlt),
            ("title", setTitle), ("change file", changeFile), ("unlisted size", addUnlistedSize),
            ("remove file", removeFile), ("copy file", copyFile), ("add post", addPost),
            ("edit post", editPost), ("status", setStatus), ("remove post", removePost),
            ("thumbnail", setThumbnail), ("gallery", setGallery), ("field", setField),
            ("remove meta", removeMeta), ("builder", setBuilder), ("option", setOption),
            ("language", setLanguage), ("site language", setSiteLanguage), ("trash image", trash),
            ("move image to parent", setParent), ("retype", retype),
        ]
        let edit = edits[number(0..<edits.count)]
        log.append(edit.0)
        try edit.1()
    }

    // MARK: Images

    private func addImage() throws {
        next += 1
        let name = ["IMG_\(next)", "holiday-\(next)", "b\(next)", "a"][number(0..<4)]
        let folder = ["2024/05", "2024/06"][number(0..<2)]
        let path = "\(folder)/\(name)-\(next).jpg"
        images[next] = path
        try scene.attach(
            next, path, sizes: ["\(name)-\(next)-300x200.jpg"],
            parent: posts.isEmpty || number(0..<2) == 0 ? 0 : anyPost(),
            content: ["same", "other", "content \(next)"][number(0..<3)])
    }

    private func removeImage() throws {
        guard images.count > 2 else { return }
        let id = anyImage()
        images[id] = nil
        try scene.sql(
            "DELETE FROM wp_posts WHERE ID = \(id); DELETE FROM wp_postmeta WHERE post_id = \(id)")
    }

    /// As this program does: names, metadata and contents, and no time of change.
    private func renameImage() throws {
        let id = anyImage()
        guard let old = images[id] else { return }
        next += 1
        let new = old.split(separator: "/").dropLast().joined(separator: "/") + "/new-\(next).jpg"
        images[id] = new
        let file = scene.root.appendingPathComponent("uploads/" + old)
        if FileManager.default.fileExists(atPath: file.path) {
            try FileManager.default.moveItem(
                at: file, to: scene.root.appendingPathComponent("uploads/" + new))
        }
        try scene.describeFiles(id, new, sizes: [])
        for column in ["post_content", "post_excerpt"] {
            try scene.sql(
                "UPDATE wp_posts SET \(column) = replace(\(column), '\(old)', '\(new)')")
        }
        try scene.sql(
            """
            UPDATE wp_postmeta SET meta_value = replace(meta_value, '\(old)', '\(new)')
            WHERE meta_key = '_elementor_data'
            """)
    }

    private func setAlt() throws { try scene.meta(anyImage(), "_wp_attachment_image_alt", "Alt") }
    private func clearAlt() throws { try scene.meta(anyImage(), "_wp_attachment_image_alt", "") }

    private func removeAlt() throws {
        try scene.sql(
            """
            DELETE FROM wp_postmeta
            WHERE post_id = \(anyImage()) AND meta_key = '_wp_attachment_image_alt'
            """)
    }

    private func setTitle() throws {
        let texts = ["", "new", "IMG_1"]
        try scene.sql(
            """
            UPDATE wp_posts SET post_title = '\(texts[number(0..<3)])',
                post_excerpt = '\(texts[number(0..<3)])' WHERE ID = \(anyImage())
            """)
    }

    private func changeFile() throws {
        guard let path = images[anyImage()] else { return }
        try scene.write(path, ["same", "longer content", "x"][number(0..<3)])
    }

    private func copyFile() throws {
        guard let path = images[anyImage()] else { return }
        try scene.write(path, "same")
    }

    private func addUnlistedSize() throws {
        guard let path = images[anyImage()] else { return }
        try scene.write(String(path.dropLast(4)) + "-77x77.jpg", "size")
    }

    private func removeFile() throws {
        guard let path = images[anyImage()],
            FileManager.default.fileExists(
                atPath: scene.root.appendingPathComponent("uploads/" + path).path)
        else { return }
        try scene.remove(path)
    }

    private func trash() throws {
        let status = ["trash", "inherit"][number(0..<2)]
        try scene.sql("UPDATE wp_posts SET post_status = '\(status)' WHERE ID = \(anyImage())")
    }

    private func setParent() throws {
        try scene.sql("UPDATE wp_posts SET post_parent = \(anyPost()) WHERE ID = \(anyImage())")
    }

    // MARK: Posts

    /// References to images of now, of the past and of the future.
    private func content() -> String {
        (0..<number(0..<5)).map { _ -> String in
            let id = number(0..<6) == 0 ? next + number(0..<3) : anyImage()
            let path = images[id] ?? "2024/05/b\(next + 1)-\(next + 1).jpg"
            return [
                "<h2>H\(number(0..<9))</h2>", "<img src=\"\(url(path))\">",
                "<a href='/x\(number(0..<9))'><img src='\(url(String(path.dropLast(4)) + "-300x200.jpg"))'></a>",
                "<img src='\(url(String(path.dropLast(4)) + "-77x77.jpg"))'>",
                "<!-- wp:image {\"id\":\(id)} --><img class='wp-image-\(id)'><!-- /wp:image -->",
                "[gallery ids=\"\(id),\(anyImage())\"]", "[gallery]",
            ][number(0..<7)]
        }.joined(separator: "\n")
    }

    private func addPost() throws {
        next += 1
        posts.insert(next)
        try scene.post(
            next, content(), type: ["post", "page", "product"][number(0..<3)],
            excerpt: number(0..<4) == 0 ? content() : "")
    }

    private func editPost() throws {
        time += 1
        try scene.sql(
            """
            UPDATE wp_posts SET post_content = \(InventoryScene.quoted(content())),
                post_modified_gmt = 't\(time)' WHERE ID = \(anyPost())
            """)
    }

    private func setStatus() throws {
        let status = ["publish", "draft", "trash"][number(0..<3)]
        time += 1
        try scene.sql(
            """
            UPDATE wp_posts SET post_status = '\(status)', post_modified_gmt = 't\(time)'
            WHERE ID = \(anyPost())
            """)
    }

    private func retype() throws {
        let type = ["post", "product", "shop_order"][number(0..<3)]
        try scene.sql("UPDATE wp_posts SET post_type = '\(type)' WHERE ID = \(anyPost())")
    }

    private func removePost() throws {
        guard posts.count > 3 else { return }
        let id = anyPost()
        posts.remove(id)
        try scene.sql(
            "DELETE FROM wp_posts WHERE ID = \(id); DELETE FROM wp_postmeta WHERE post_id = \(id)")
    }

    // MARK: Values

    private func setThumbnail() throws {
        try scene.meta(anyPost(), "_thumbnail_id", "\(anyImage())")
    }

    private func setGallery() throws {
        try scene.meta(anyPost(), "_product_image_gallery", "\(anyImage()),\(anyImage())")
    }

    private func setField() throws {
        let post = anyPost()
        let name = "field\(number(0..<3))"
        try scene.meta(post, name, ["\(anyImage())", "a:1:{i:0;i:\(anyImage());}"][number(0..<2)])
        if number(0..<3) > 0 { try scene.meta(post, "_" + name, "field_\(name)") }
    }

    private func removeMeta() throws {
        let post = anyPost()
        let keys = ["_thumbnail_id", "field1", "_field1", "_elementor_data"]
        try scene.sql(
            """
            DELETE FROM wp_postmeta WHERE post_id = \(post)
            AND meta_key = '\(keys[number(0..<keys.count)])'
            """)
    }

    /// Page builders update the post, too; the row stays the same.
    private func setBuilder() throws {
        time += 1
        let post = anyPost()
        let path = images[anyImage()] ?? ""
        let value = #"[{"url":"https:\/\/example.com\/wp-content\/uploads\/\#(path)"}]"#
        if number(0..<2) == 0 {
            try scene.meta(post, "_elementor_data", value)
        } else {
            try scene.sql(
                """
                UPDATE wp_postmeta SET meta_value = \(InventoryScene.quoted(value))
                WHERE post_id = \(post) AND meta_key = '_elementor_data'
                """)
        }
        try scene.sql("UPDATE wp_posts SET post_modified_gmt = 't\(time)' WHERE ID = \(post)")
    }

    private func setOption() throws {
        switch number(0..<3) {
        case 0: try scene.option("site_icon", "\(anyImage())")
        case 1: try scene.option("theme_mods_mine", "a:1:{s:11:\"custom_logo\";i:\(anyImage());}")
        default: try scene.option("my_plugin", url(images[anyImage()] ?? "none.jpg"))
        }
    }

    private func setLanguage() throws {
        let object = number(0..<2) == 0 ? anyImage() : anyPost()
        try scene.sql(
            """
            DELETE FROM wp_term_relationships WHERE object_id = \(object);
            INSERT INTO wp_term_relationships VALUES (\(object), \(number(1..<3)))
            """)
    }

    private func setSiteLanguage() throws {
        try scene.option("WPLANG", ["", "de_DE_formal", "zh_CN"][number(0..<3)])
    }
}
