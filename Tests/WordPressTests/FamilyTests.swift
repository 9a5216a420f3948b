import Files
import Foundation
import Model
import Testing
import WordPress

@Suite("File families") struct FamilyTests {
    @Test("F01 F04 Sizes of the metadata and sizes on disk that it no longer lists")
    func sizes() throws {
        let site = try LibrarySite()
        try site.write(
            "2024/05/IMG_1.jpg", "2024/05/IMG_1-300x200.jpg", "2024/05/IMG_1-640x480.jpg")
        try site.attach(1, "2024/05/IMG_1.jpg", sizes: ["IMG_1-300x200.jpg", "IMG_1-300x200.jpg"])
        #expect(
            try site.renamed(1, to: "bike") == [
                "IMG_1.jpg": "bike.jpg", "IMG_1-300x200.jpg": "bike-300x200.jpg",
                "IMG_1-640x480.jpg": "bike-640x480.jpg",
            ])
    }

    @Test("F02 -scaled and its original")
    func scaled() throws {
        let site = try LibrarySite()
        try site.write("2024/05/DSC.jpg", "2024/05/DSC-scaled.jpg", "2024/05/DSC-300x200.jpg")
        try site.attach(
            1, "2024/05/DSC-scaled.jpg", sizes: ["DSC-300x200.jpg"], original: "DSC.jpg")
        #expect(
            try site.renamed(1, to: "bike") == [
                "DSC.jpg": "bike.jpg", "DSC-scaled.jpg": "bike-scaled.jpg",
                "DSC-300x200.jpg": "bike-300x200.jpg",
            ])
    }

    @Test("F03 Edited copies and backup sizes, of which three name families mix")
    func edited() throws {
        let site = try LibrarySite()
        let edit = "portrait-scaled-e1795228073579"
        try site.write(
            "2024/05/portrait.jpg", "2024/05/portrait-scaled.jpg", "2024/05/\(edit).jpg",
            "2024/05/\(edit)-200x300.jpg", "2024/05/portrait-150x150.jpg",
            "2024/05/portrait-e1795228000000.jpg")
        try site.attach(
            1, "2024/05/\(edit).jpg", sizes: ["\(edit)-200x300.jpg"], original: "portrait.jpg",
            backups: ["portrait-scaled.jpg", "portrait-150x150.jpg"])
        let names = try site.renamed(1, to: "bike")
        #expect(names["\(edit).jpg"] == "bike-scaled-e1795228073579.jpg")
        #expect(names["\(edit)-200x300.jpg"] == "bike-scaled-e1795228073579-200x300.jpg")
        #expect(names["portrait-150x150.jpg"] == "bike-150x150.jpg")
        #expect(names["portrait-e1795228000000.jpg"] == "bike-e1795228000000.jpg")
        #expect(names.count == 6)
    }

    @Test("F06 F07 U17 Sidecars and retina copies of every size")
    func sidecars() throws {
        let site = try LibrarySite()
        try site.write(
            "2024/05/IMG_1.jpg", "2024/05/IMG_1.jpg.webp", "2024/05/IMG_1.webp",
            "2024/05/IMG_1-300x200.jpg", "2024/05/IMG_1-300x200.jpg.avif",
            "2024/05/IMG_1-300x200@2x.jpg", "2024/05/IMG_1@2x.jpg")
        try site.attach(1, "2024/05/IMG_1.jpg", sizes: ["IMG_1-300x200.jpg"])
        let names = try site.renamed(1, to: "bike")
        #expect(names["IMG_1.jpg.webp"] == "bike.jpg.webp")
        #expect(names["IMG_1.webp"] == "bike.webp")
        #expect(names["IMG_1-300x200.jpg.avif"] == "bike-300x200.jpg.avif")
        #expect(names["IMG_1-300x200@2x.jpg"] == "bike-300x200@2x.jpg")
        #expect(names.count == 7)
    }

    @Test("F08 F10 Previews of a PDF, and a file that is no image")
    func documents() throws {
        let site = try LibrarySite()
        try site.write("2024/05/doc.pdf", "2024/05/doc-pdf.jpg", "2024/05/doc-pdf-300x200.jpg")
        try site.attach(
            1, "2024/05/doc.pdf", sizes: ["doc-pdf.jpg", "doc-pdf-300x200.jpg"],
            mime: "application/pdf")
        #expect(
            try site.renamed(1, to: "menu") == [
                "doc.pdf": "menu.pdf", "doc-pdf.jpg": "menu-pdf.jpg",
                "doc-pdf-300x200.jpg": "menu-pdf-300x200.jpg",
            ])
    }

    @Test("U05 Files of other attachments are never taken")
    func others() throws {
        let site = try LibrarySite()
        try site.write(
            "2024/05/IMG_1.jpg", "2024/05/IMG_1.png", "2024/05/IMG_1.webp",
            "2024/05/IMG_1-300x200.jpg", "2024/05/IMG_10.jpg", "2024/05/IMG_1-edited.jpg")
        try site.attach(1, "2024/05/IMG_1.jpg")
        try site.attach(2, "2024/05/IMG_1.png")
        try site.attach(3, "2024/05/IMG_1.webp")
        try site.attach(4, "2024/05/IMG_1-300x200.jpg")
        try site.attach(5, "2024/05/IMG_10.jpg")
        #expect(try site.renamed(1, to: "bike") == ["IMG_1.jpg": "bike.jpg"])
    }

    @Test("U05 F19 A sidecar of an upload that is really called like a size stays with that upload")
    func sidecarOfAnUploadNamedLikeASize() throws {
        let site = try LibrarySite()
        try site.write(
            "2024/05/IMG_1.jpg", "2024/05/IMG_1-300x200.jpg", "2024/05/IMG_1-300x200.jpg.webp")
        try site.attach(1, "2024/05/IMG_1.jpg")
        try site.attach(2, "2024/05/IMG_1-300x200.jpg")
        #expect(try site.renamed(1, to: "bike") == ["IMG_1.jpg": "bike.jpg"])
        #expect(
            try site.renamed(2, to: "bike") == [
                "IMG_1-300x200.jpg": "bike.jpg", "IMG_1-300x200.jpg.webp": "bike.jpg.webp",
            ])
    }

    @Test("U05 A sidecar that may be of either of two attachments keeps its old name for the other")
    func sidecarOfEither() throws {
        let site = try LibrarySite()
        try site.write("2024/05/a.jpg", "2024/05/a.png", "2024/05/a.webp", "2024/05/a.jpg.webp")
        try site.attach(1, "2024/05/a.jpg")
        try site.attach(2, "2024/05/a.png")
        var library = try site.library()
        let family = try #require(try library.family(of: AttachmentID(1)))
        let owners = Dictionary(
            uniqueKeysWithValues: family.members.map {
                (displayText($0.path.name), $0.sharedWith)
            })
        #expect(owners == ["a.jpg": [], "a.webp": [AttachmentID(2)], "a.jpg.webp": []])
    }

    @Test("F13 A translation without metadata of its own has the stem of its file's other row")
    func stemOfATranslation() throws {
        let site = try LibrarySite()
        try site.write("2024/05/DSC.jpg", "2024/05/DSC-scaled.jpg")
        try site.attach(1, "2024/05/DSC-scaled.jpg", original: "DSC.jpg")
        try site.attach(9, "2024/05/DSC-scaled.jpg")
        #expect(
            try site.renamed(9, to: "bike") == [
                "DSC.jpg": "bike.jpg", "DSC-scaled.jpg": "bike-scaled.jpg",
            ])
    }

    @Test("D10 The alternative text is the first row's, byte for byte")
    func alternativeText() throws {
        let site = try LibrarySite()
        try site.attach(1, "2024/05/IMG_1.jpg")
        try site.sql(
            "INSERT INTO wp_postmeta (post_id, meta_key, meta_value) VALUES (1, '_wp_attachment_image_alt', '\u{1F468}\u{200D}\u{1F467} on a bike'), (1, '_wp_attachment_image_alt', 'second')"
        )
        let library = try site.library()
        #expect(
            library.attachment(AttachmentID(1))?.alt
                == "\u{1F468}\u{200D}\u{1F467} on a bike")
    }

    @Test("F13 U19 Two rows that share a file are one family")
    func sharedRows() throws {
        let site = try LibrarySite()
        try site.write("2024/05/IMG_1.jpg")
        try site.attach(1, "2024/05/IMG_1.jpg")
        try site.attach(9, "2024/05/IMG_1.jpg")
        var library = try site.library(.some([AttachmentID(9)]))
        #expect(
            try library.family(of: AttachmentID(9))?.attachments == [
                AttachmentID(9), AttachmentID(1),
            ])
    }

    @Test("A size that two attachments list keeps its old name for the other one")
    func sharedSize() throws {
        let site = try LibrarySite()
        try site.write("2024/05/IMG_1.jpg", "2024/05/IMG_1.JPG", "2024/05/IMG_1-300x200.jpg")
        try site.attach(1, "2024/05/IMG_1.jpg", sizes: ["IMG_1-300x200.jpg"])
        try site.attach(2, "2024/05/IMG_1.JPG", sizes: ["IMG_1-300x200.jpg"])
        var library = try site.library()
        let family = try #require(try library.family(of: AttachmentID(1)))
        let shared = family.members.filter { !$0.sharedWith.isEmpty }
        #expect(shared.map { displayText($0.path.name) } == ["IMG_1-300x200.jpg"])
        #expect(shared.first?.sharedWith == [AttachmentID(2)])
    }

    @Test(
        "F19 F20 An upload that is really called like a size or -scaled",
        arguments: [
            "IMG_1-300x200", "photo-scaled", "photo-rotated", "trip-e1795228072554",
        ])
    func misleadingNames(_ stem: String) throws {
        let site = try LibrarySite()
        try site.write("2024/05/\(stem).jpg", "2024/05/\(stem)-150x150.jpg")
        try site.attach(1, "2024/05/\(stem).jpg", sizes: ["\(stem)-150x150.jpg"])
        #expect(
            try site.renamed(1, to: "bike") == [
                "\(stem).jpg": "bike.jpg", "\(stem)-150x150.jpg": "bike-150x150.jpg",
            ])
    }

    @Test("U20 D10 An address is no file; absolute paths and further rows of a key are read")
    func attachedFile() throws {
        let site = try LibrarySite()
        try site.write("2024/05/IMG_1.jpg")
        try site.attach(1, "https://cdn.example.com/a.jpg")
        try site.attach(2, "\(site.root.path)/wp-content/uploads/2024/05/IMG_1.jpg")
        let library = try site.library()
        #expect(library.attachment(AttachmentID(1))?.attachedFile == nil)
        #expect(
            library.attachment(AttachmentID(1))?.externalFile == "https://cdn.example.com/a.jpg")
        #expect(
            library.attachment(AttachmentID(2))?.attachedFile?.description == "2024/05/IMG_1.jpg")
    }

    @Test(
        "F11 F12 Names in the way: on disk, claimed, like a size of the new name, in any letter case"
    )
    func collisions() throws {
        let site = try LibrarySite()
        try site.write(
            "2024/05/IMG_1.jpg", "2024/05/Taken.jpg", "2024/05/tree-300x200.jpg",
            "2024/06/free.jpg")
        try site.attach(1, "2024/05/IMG_1.jpg")
        try site.attach(2, "2024/05/claimed.jpg")
        var library = try site.library()
        let family = try #require(try library.family(of: AttachmentID(1)))
        func collision(_ stem: String) throws -> String? {
            try library.collision(of: family, renamedTo: Array(stem.utf8))?.description
        }
        #expect(try collision("taken") == "2024/05/Taken.jpg")
        #expect(try collision("claimed") == "2024/05/claimed.jpg")
        #expect(try collision("tree") == "2024/05/tree-300x200.jpg")
        #expect(try collision("free") == nil)
        #expect(try collision("img_1") == nil)
    }
}
