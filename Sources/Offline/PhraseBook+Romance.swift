internal import Model

extension PhraseBook {
    static let french = PhraseBook(
        colours: [
            .black: "noir", .white: "blanc", .grey: "gris", .red: "rouge", .orange: "orange",
            .brown: "brun", .beige: "beige", .yellow: "jaune", .green: "vert",
            .turquoise: "turquoise", .blue: "bleu", .purple: "violet", .pink: "rose",
        ],
        and: " et ", mostly: "couleurs dominantes : %", position: "vue % sur %",
        number: "vue %",
        shapes: [
            .landscape: "Visuel au format paysage", .portrait: "Visuel au format portrait",
            .square: "Visuel au format carré",
        ],
        forPage: "Illustration de la page : %", text: "Texte : %", usedOn: "Utilisée sur : %",
        size: "Taille : % × % pixels")

    static let spanish = PhraseBook(
        colours: [
            .black: "negro", .white: "blanco", .grey: "gris", .red: "rojo", .orange: "naranja",
            .brown: "marrón", .beige: "beis", .yellow: "amarillo", .green: "verde",
            .turquoise: "turquesa", .blue: "azul", .purple: "morado", .pink: "rosa",
        ],
        and: " y ", mostly: "con predominio de %", position: "vista % de %",
        number: "vista %",
        shapes: [
            .landscape: "Ilustración en formato horizontal",
            .portrait: "Ilustración en formato vertical",
            .square: "Ilustración en formato cuadrado",
        ],
        forPage: "Ilustración de la página: %", text: "Texto: %", usedOn: "Usada en: %",
        size: "Tamaño: % × % píxeles")

    static let italian = PhraseBook(
        colours: [
            .black: "nero", .white: "bianco", .grey: "grigio", .red: "rosso",
            .orange: "arancione", .brown: "marrone", .beige: "beige", .yellow: "giallo",
            .green: "verde", .turquoise: "turchese", .blue: "blu", .purple: "viola",
            .pink: "rosa",
        ],
        and: " e ", mostly: "con prevalenza di %", position: "vista % di %",
        number: "vista %",
        shapes: [
            .landscape: "Illustrazione in formato orizzontale",
            .portrait: "Illustrazione in formato verticale",
            .square: "Illustrazione in formato quadrato",
        ],
        forPage: "Illustrazione della pagina: %", text: "Testo: %", usedOn: "Usata in: %",
        size: "Dimensioni: % × % pixel")

    static let portuguese = PhraseBook(
        colours: [
            .black: "preto", .white: "branco", .grey: "cinza", .red: "vermelho",
            .orange: "laranja", .brown: "castanho", .beige: "bege", .yellow: "amarelo",
            .green: "verde", .turquoise: "turquesa", .blue: "azul", .purple: "roxo",
            .pink: "rosa",
        ],
        and: " e ", mostly: "com predomínio de %", position: "vista % de %",
        number: "vista %",
        shapes: [
            .landscape: "Ilustração em formato horizontal",
            .portrait: "Ilustração em formato vertical",
            .square: "Ilustração em formato quadrado",
        ],
        forPage: "Ilustração da página: %", text: "Texto: %", usedOn: "Usada em: %",
        size: "Tamanho: % × % pixels")
}
