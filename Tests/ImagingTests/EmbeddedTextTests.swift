import Imaging
import Model
import Testing

@Suite("Pictures: what files say of themselves", .serialized)
struct EmbeddedTextTests {
    private let box: PictureBox

    init() throws {
        box = try PictureBox()
        try box.draw("a.jpg", width: 64, height: 48, "")
    }

    private func texts(_ arguments: String...) async throws -> EmbeddedTexts {
        for argument in arguments {
            try box.run("exiftool", "-q", "-overwrite_original", argument, "a.jpg")
        }
        return try await PictureBox.preparation().prepare(box.file("a.jpg")).embedded
    }

    @Test("XMP goes before IPTC, IPTC before EXIF")
    func order() async throws {
        #expect(try await texts() == EmbeddedTexts())
        #expect(try await texts("-EXIF:ImageDescription=from exif").description == "from exif")
        #expect(try await texts("-IPTC:Caption-Abstract=from iptc").description == "from iptc")
        #expect(try await texts("-XMP-dc:Description=from xmp").description == "from xmp")
    }

    @Test("Every text of the standard")
    func all() async throws {
        let found = try await texts(
            "-XMP-iptcCore:AltTextAccessibility=Two cats, lang=\"de\" is no language here",
            "-XMP-dc:Title=A title", "-XMP-dc:Title-de=Ein Titel", "-XMP-photoshop:Headline=Head",
            "-XMP-dc:Subject=cat", "-XMP-dc:Subject+=stone wall")
        #expect(found.title == "A title")
        #expect(found.headline == "Head")
        #expect(found.keywords == ["cat", "stone wall"])
        #expect(found.alt?.hasPrefix("Two cats") == true)
        #expect(!found.forbidsAI)
    }

    @Test("IPTC alone, in UTF-8 and in Latin 1")
    func iptc() async throws {
        let utf8 = try await texts(
            "-IPTC:CodedCharacterSet=UTF8", "-IPTC:ObjectName=Größe", "-IPTC:Keywords=Tür",
            "-IPTC:Keywords+=Haus", "-IPTC:Headline=Überschrift")
        #expect(utf8.title == "Größe")
        #expect(utf8.keywords == ["Tür", "Haus"])
        #expect(utf8.headline == "Überschrift")
        try box.draw("a.jpg", width: 64, height: 48, "")
        try box.run(
            "exiftool", "-q", "-overwrite_original", "-charset", "iptc=Latin1",
            "-IPTC:ObjectName=Größe", "a.jpg")
        let raw = try box.read("a.jpg")
        #expect(raw.contains(0xF6), "the input is not in Latin 1")
        #expect(
            try await PictureBox.preparation().prepare(box.file("a.jpg")).embedded.title == "Größe")
    }

    @Test(
        "What cameras write is no description",
        arguments: ["OLYMPUS DIGITAL CAMERA", "SONY DSC", "cof", "Minolta DSC", "   "])
    func cameraDefaults(text: String) async throws {
        #expect(try await texts("-EXIF:ImageDescription=\(text)").description == nil)
    }

    @Test(
        "Who forbids machines is heard",
        arguments: [
            ("DMI-PROHIBITED", true), ("DMI-PROHIBITED-AIMLTRAINING", true), ("DMI-ALLOWED", false),
            ("DMI-UNSPECIFIED", false),
        ])
    func dataMining(value: String, forbids: Bool) async throws {
        try box.write(
            """
            <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <rdf:Description rdf:about="" xmlns:pl="http://ns.useplus.org/ldf/xmp/1.0/"
             pl:DataMining="http://ns.useplus.org/ldf/vocab/\(value)"/></rdf:RDF></x:xmpmeta>
            """.utf8, to: "packet.xmp")
        #expect(try await texts("-XMP<=packet.xmp").forbidsAI == forbids)
    }

    @Test("Hostile texts come through as data, cut to a length")
    func hostile() async throws {
        let long = String(repeating: "word ", count: 2000)
        let found = try await texts(
            "-XMP-dc:Title=<script>alert(1)</script>", "-XMP-dc:Description=\(long)")
        #expect(found.title == "<script>alert(1)</script>")
        #expect(found.description?.count == 4000)
    }
}
