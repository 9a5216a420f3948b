internal import Model

extension PhraseBook {
    static let english = PhraseBook(
        colours: [
            .black: "black", .white: "white", .grey: "grey", .red: "red", .orange: "orange",
            .brown: "brown", .beige: "beige", .yellow: "yellow", .green: "green",
            .turquoise: "turquoise", .blue: "blue", .purple: "purple", .pink: "pink",
        ],
        and: " and ", mostly: "mostly %", position: "view % of %", number: "view %",
        shapes: [
            .landscape: "Landscape-format picture", .portrait: "Portrait-format picture",
            .square: "Square-format picture",
        ],
        forPage: "Illustration for the page: %", text: "Text: %", usedOn: "Used on: %",
        size: "Size: % × % pixels")

    static let german = PhraseBook(
        colours: [
            .black: "Schwarz", .white: "Weiß", .grey: "Grau", .red: "Rot", .orange: "Orange",
            .brown: "Braun", .beige: "Beige", .yellow: "Gelb", .green: "Grün",
            .turquoise: "Türkis", .blue: "Blau", .purple: "Violett", .pink: "Rosa",
        ],
        and: " und ", mostly: "vorwiegend in %", position: "Ansicht % von %",
        number: "Ansicht %",
        shapes: [
            .landscape: "Bild im Querformat", .portrait: "Bild im Hochformat",
            .square: "Bild im quadratischen Format",
        ],
        forPage: "Illustration zur Seite: %", text: "Text: %", usedOn: "Verwendet auf: %",
        size: "Größe: % × % Pixel")

    static let dutch = PhraseBook(
        colours: [
            .black: "zwart", .white: "wit", .grey: "grijs", .red: "rood", .orange: "oranje",
            .brown: "bruin", .beige: "beige", .yellow: "geel", .green: "groen",
            .turquoise: "turquoise", .blue: "blauw", .purple: "paars", .pink: "roze",
        ],
        and: " en ", mostly: "overwegend %", position: "weergave % van %", number: "weergave %",
        shapes: [
            .landscape: "Beeld in liggend formaat", .portrait: "Beeld in staand formaat",
            .square: "Beeld in vierkant formaat",
        ],
        forPage: "Illustratie bij de pagina: %", text: "Tekst: %", usedOn: "Gebruikt op: %",
        size: "Grootte: % × % pixels")
}
