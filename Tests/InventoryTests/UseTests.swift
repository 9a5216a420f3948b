import Foundation
import Inventory
import Model
import Testing

@Suite("Where images are used") struct UseTests {
    let scene: InventoryScene

    init() throws { scene = try InventoryScene() }

    private func uses(_ id: Int) throws -> [ImageUse] {
        let inventory = try scene.inventory()
        _ = try inventory.refresh(try scene.site)
        return try inventory.uses(of: AttachmentID(Int64(id)))
    }

    @Test("An address in a content is a use, with the heading before it and the link around it")
    func address() throws {
        try scene.attach(1, "2024/05/a.jpg", sizes: ["a-300x200.jpg"])
        try scene.post(
            10,
            """
            <h2>First &amp; <em>foremost</em></h2><p>Text</p>
            <a class="x" href="https://example.com/go?a=1&#038;b=2"><img src="\(url("2024/05/a-300x200.jpg"))" alt=""></a>
            <h3>Second</h3>
            """, type: "page", title: "About us")
        #expect(
            try uses(1) == [
                ImageUse(
                    kind: .content, post: 10, postType: "page", title: "About us",
                    heading: "First & foremost", link: "https://example.com/go?a=1&b=2")
            ])
    }

    @Test(
        "An id is a use",
        arguments: [
            (#"<!-- wp:image {"sizeSlug":"large","id":7} --><img><!-- /wp:image -->"#, "content"),
            (#"<!-- wp:cover {"url":"x","id":7,"dimRatio":50} -->x<!-- /wp:cover -->"#, "content"),
            (#"<!-- wp:media-text {"mediaId":7,"mediaType":"image"} -->x"#, "content"),
            (#"<!-- wp:kadence/image {"id":7,"a":{"id":8}} /-->"#, "content"),
            (#"<!-- wp:gallery {"ids":[5,7,9]} -->x<!-- /wp:gallery -->"#, "gallery"),
            (
                """
                <!-- wp:gallery {"linkTo":"none"} --><!-- wp:image {"id":7} --><img>\
                <!-- /wp:image --><!-- /wp:gallery -->
                """, "gallery"
            ),
            (#"<p><img class="alignleft wp-image-7 size-full" src="x.png"></p>"#, "content"),
            (#"<IMG SRC=x CLASS=wp-image-7>"#, "content"),
            (#"[gallery columns="3" ids="5, 7"]"#, "gallery"),
            ("[gallery include='7']", "gallery"),
            (#"[caption id="attachment_7" width="3"]x[/caption]"#, "content"),
            (#"[vc_single_image image="7" img_size="full"]"#, "content"),
        ])
    func ids(content: String, kind: String) throws {
        try scene.attach(7, "2024/05/seven.jpg")
        try scene.attach(8, "2024/05/eight.jpg")
        try scene.post(10, content)
        #expect(try uses(7).map(\.kind.rawValue) == [kind])
        #expect(try uses(8).isEmpty)
    }

    @Test(
        "What only looks like a use is none",
        arguments: [
            "[[gallery ids=\"7\"]]", "<!-- wp:image {\"id\":77} -->", "wp-image-7",
            "<p class=\"wp-image-70\">", "<!-- wp:post {\"id\":7} /-->", "[galleries ids=7]",
            "<img src=\"https://other.example/wp-content/uploads/2024/05/seven.jpg\">",
            "<img src=\"https://example.com/wp-content/uploads/2024/05/xseven.jpg\">",
            "<img src=\"https://example.com/wp-content/uploads/2024/05/seven.jpg.bak\">",
            "<img src=\"https://example.com/wp-content/uploads/2024/06/seven.jpg\">",
        ])
    func noUses(content: String) throws {
        try scene.attach(7, "2024/05/seven.jpg")
        try scene.post(10, content)
        #expect(try uses(7) == [])
        // The test would pass if nothing were read at all.
        try scene.post(11, "<img class='wp-image-7'>")
        #expect(try uses(7).map(\.post) == [11])
    }

    @Test("A gallery without ids shows what was uploaded to its post")
    func children() throws {
        try scene.attach(1, "2024/05/a.jpg", parent: 10)
        try scene.attach(2, "2024/05/b.jpg", parent: 11)
        try scene.post(10, "[gallery]")
        try scene.post(11, "no gallery")
        #expect(try uses(1).map(\.kind) == [.gallery])
        #expect(try uses(2) == [])
    }

    @Test("Drafts, plans and private posts use; trash, revisions and orders do not")
    func statuses() throws {
        let content = "<img class='wp-image-1'>"
        try scene.attach(1, "2024/05/a.jpg")
        for (id, status) in [(10, "draft"), (11, "future"), (12, "private"), (13, "pending")] {
            try scene.post(id, content, status: status)
        }
        for (id, status) in [(20, "trash"), (21, "auto-draft"), (22, "inherit")] {
            try scene.post(id, content, status: status)
        }
        try scene.post(23, content, type: "revision", status: "inherit")
        try scene.post(24, content, type: "shop_order")
        #expect(try uses(1).compactMap(\.post) == [10, 11, 12, 13])
    }

    @Test("Featured images, product images and product galleries are told apart")
    func metadata() throws {
        for id in 1...4 { try scene.attach(id, "2024/05/image\(id).jpg") }
        try scene.post(10, "", title: "News")
        try scene.post(20, "", type: "product", title: "Lamp")
        try scene.post(21, "", type: "product_variation", title: "Lamp, red")
        try scene.post(30, "", status: "trash")
        try scene.meta(10, "_thumbnail_id", "1")
        try scene.meta(20, "_thumbnail_id", "2")
        try scene.meta(20, "_product_image_gallery", "3,4")
        try scene.meta(21, "_thumbnail_id", "4")
        try scene.meta(30, "_thumbnail_id", "3")
        #expect(try uses(1).map(\.kind) == [.featured])
        #expect(try uses(2).map(\.kind) == [.product])
        #expect(try uses(2).map(\.title) == ["Lamp"])
        #expect(try uses(3).map(\.kind) == [.productGallery])
        #expect(try uses(4).map(\.kind) == [.productGallery, .product])
    }

    @Test("A custom field counts when its twin names a field, and a number alone does not")
    func customFields() throws {
        for id in 1...4 { try scene.attach(id, "2024/05/image\(id).jpg") }
        try scene.post(10, "")
        try scene.meta(10, "hero", "1")
        try scene.meta(10, "_hero", "field_5f0c")
        try scene.meta(10, "photos", #"a:2:{i:0;s:1:"2";i:1;i:3;}"#)
        try scene.meta(10, "_photos", "field_5f0d")
        try scene.meta(10, "price", "4")
        try scene.post(11, "")
        try scene.meta(11, "hero", "4")
        #expect(try uses(1).map(\.kind) == [.field])
        #expect(try uses(2).map(\.kind) == [.field])
        #expect(try uses(3).map(\.kind) == [.field])
        #expect(try uses(4) == [])
    }

    @Test("Addresses in values of page builders and of other plugins count")
    func builders() throws {
        try scene.attach(1, "2024/05/a.jpg")
        try scene.attach(2, "2024/05/b.jpg")
        try scene.post(10, "")
        try scene.meta(
            10, "_elementor_data",
            #"[{"settings":{"image":{"url":"https:\/\/example.com\/wp-content\/uploads\/2024\/05\/a.jpg"}}}]"#
        )
        try scene.meta(10, "background", url("2024/05/b.jpg"))
        #expect(try uses(1).map(\.kind) == [.content])
        #expect(try uses(2).map(\.kind) == [.field])
    }

    @Test("Logo, icon, widgets and options pages count; other themes and idle widgets do not")
    func options() throws {
        for id in 1...9 { try scene.attach(id, "2024/05/image\(id).jpg") }
        try scene.option("site_icon", "1")
        try scene.option("stylesheet", "mine")
        try scene.option(
            "theme_mods_mine",
            #"a:2:{s:11:"custom_logo";i:2;s:17:"header_image_data";O:8:"stdClass":1:{s:13:"attachment_id";i:3;}}"#
        )
        try scene.option("theme_mods_old", #"a:1:{s:11:"custom_logo";i:9;}"#)
        try scene.option(
            "widget_media_image",
            #"a:2:{i:3;a:1:{s:13:"attachment_id";i:4;}i:4;a:1:{s:13:"attachment_id";i:9;}}"#)
        try scene.option(
            "sidebars_widgets", #"a:1:{s:19:"wp_inactive_widgets";a:1:{i:0;s:13:"media_image-4";}}"#
        )
        let block = #"<!-- wp:image {"id":5} --><img src="\#(url("2024/05/image6.jpg"))">"#
        try scene.option(
            "widget_block", #"a:1:{i:2;a:1:{s:7:"content";s:\#(block.utf8.count):"\#(block)";}}"#)
        try scene.option("options_banner", "7")
        try scene.option("_options_banner", "field_1")
        try scene.option("my_plugin", "see \(url("2024/05/image8.jpg"))")
        for id in 1...8 {
            #expect(try uses(id).map(\.kind) == [.option], "image \(id)")
        }
        #expect(try uses(9) == [])
    }

    @Test("Sizes that no metadata lists any more, but that are on disk, lead to their image")
    func unlistedSizes() throws {
        try scene.attach(1, "2024/05/a.jpg")
        try scene.write("2024/05/a-99x99.jpg", "old size")
        try scene.post(10, "<img src='\(url("2024/05/a-99x99.jpg"))'>")
        #expect(try uses(1).map(\.post) == [10])
    }

    @Test("Categories of posts and products are in the context")
    func categories() throws {
        try scene.attach(1, "2024/05/a.jpg", alt: "Old", width: 640, height: 480)
        try scene.post(10, "<img class='wp-image-1'>", type: "product", title: "Lamp")
        try scene.sql(
            """
            INSERT INTO wp_terms VALUES (1, 'Light &amp; Home', 'l'), (2, 'tag', 't');
            INSERT INTO wp_term_taxonomy VALUES (5, 1, 'product_cat', ''), (6, 2, 'post_tag', '');
            INSERT INTO wp_term_relationships VALUES (10, 5), (10, 6);
            """)
        let inventory = try scene.inventory()
        _ = try inventory.refresh(try scene.site)
        let context = try inventory.context(
            for: AttachmentID(1), in: try scene.site, website: "Lamps since 1950")
        #expect(context?.uses.map(\.categories) == [["Light & Home"]])
        #expect(context?.fileName == "a.jpg")
        #expect(context?.current[.alt] == "Old")
        #expect(context?.width == 640)
        #expect(context?.website == "Lamps since 1950")
        #expect(try inventory.context(for: AttachmentID(2), in: try scene.site) == nil)
    }
}
