/// File names that cameras, telephones, messengers, screenshot tools and stock sites give.
///
/// Such a name says nothing of the picture, so no text is made of it and it may be replaced.
public enum CameraName {
    /// Whether the stem of a file name, or a title made of it, says nothing of the picture.
    ///
    /// Digits only, dates, `IMG_1234`, `DSC0001`, `PXL_2024…`, `Screenshot 2024-05-01`,
    /// `WhatsApp Image …`, UUIDs and long hexadecimal numbers, `shutterstock_123`, `image1`, also
    /// with WordPress's suffixes behind it (`-scaled`, `-300x200`, `-1`). A word beside it makes it
    /// a name: `IMG_1234 red bicycle` is none of a camera. Linear in the length.
    public static func matches(_ stem: some StringProtocol) -> Bool {
        let tokens = self.tokens(of: stem.lowercased())
        guard !tokens.isEmpty else { return false }
        let words = tokens.filter { !isNumber($0) && !isMeaningless($0) }
        // Numbers, dates and hexadecimal digits alone name nothing.
        if words.isEmpty { return true }
        let hasNumber = words.count < tokens.count
        let text = words.joined(separator: " ")
        // Panasonic's P1010001; a P9 is a product.
        if text == "p" { return tokens.contains { isNumber($0) && $0.count >= 6 } }
        if isOfStockSite(tokens, words) { return true }
        return placeholders.contains(text) || (hasNumber && prefixes.contains(text))
    }

    /// What cameras and programs write before a number.
    private static let prefixes = Set(
        """
        img,img e,img wa,vid wa,imgp,imgl,imag,image,images,dsc,dscn,dscf,dsci,dsca,sdc,pict,pic,photo,picture,p,pxl,mvimg,\
        gopr,gp,dji,cimg,kic,hpim,mg,vid,mov,video,wa,vlcsnap,capture,snapshot,burst,\
        screen shot,screenshot,screenshot at,screen shot at,screenshot from,screenrecord,\
        bildschirmfoto,bildschirmfoto um,capture d écran,captura de pantalla,schermata,zrzut ekranu,\
        skärmavbild,schermafbeelding,снимок экрана,снимок,знімок екрана,スクリーンショット,屏幕截图,\
        whatsapp image at,whatsapp image,whatsapp,signal,telegram,photo from,photo at,fb img,fbimg,\
        received,messenger creation,inshot,snapseed,scan,scanned,scan at,foto,bild,imagen,immagine,\
        imagem,afbeelding,billede,zdjęcie,zdjecie,obrázek,obrazek,фото,изображение,зображення,\
        shutterstock,istockphoto,istock,gettyimages,adobestock,adobe stock,depositphotos,dreamstime,\
        fotolia,unsplash,pexels,pexels photo,pixabay,alamy,stock photo,freepik,dall e,midjourney,\
        chatgpt image,gemini generated image,ai generated,file,attachment,download,unnamed,untitled,\
        asset,layer,slide,artboard,page,copy,copy of,image copy,img copy,gx,gh
        """.split(separator: ",").map(String.init))

    /// Whether a stock site's name stands beside its number or its photographer's name.
    private static func isOfStockSite(_ tokens: [Substring], _ words: [Substring]) -> Bool {
        guard let first = words.first, let last = words.last else { return false }
        let hasNumber = tokens.contains { isNumber($0) && $0.count >= 5 }
        return last == "unsplash" && words.count >= 3 || hasNumber && stockSites.contains(first)
    }

    private static let stockSites: Set<Substring> = [
        "shutterstock", "istockphoto", "gettyimages", "adobestock", "depositphotos", "dreamstime",
        "pexels", "pixabay", "alamy", "unsplash", "freepik", "stocksnap",
    ]

    /// Names that say nothing without a number too.
    private static let placeholders = Set(
        """
        img,image,images,dsc,photo,picture,pic,pict,untitled,unnamed,unnamed file,download,screenshot,\
        screen shot,unbenannt,sans titre,sin título,file,attachment,placeholder,fullsizerender,\
        fullsizeoutput,full size render,maxresdefault,hqdefault,foto,bild,imagen,фото
        """.split(separator: ",").map(String.init))

    /// The text's parts, cut where letters and digits meet too, so that `DSC0001` is `dsc`, `0001`.
    ///
    /// A hexadecimal number stays whole.
    private static func tokens(of text: String) -> [Substring] {
        var result: [Substring] = []
        var parts = text.split(whereSeparator: { !$0.isLetter && !$0.isNumber })[...]
        while let part = parts.first {
            if isUUID(parts) {
                // One number, although a group of it may look like a word.
                result.append("0")
                parts = parts.dropFirst(5)
                continue
            }
            parts = parts.dropFirst()
            if isHexadecimal(part) || isSize(part) || isEditMark(part) {
                result.append(part)
                continue
            }
            var rest = part
            while let first = rest.first {
                let piece = rest.prefix { $0.isNumber == first.isNumber }
                result.append(piece)
                rest = rest.dropFirst(piece.count)
            }
        }
        return result
    }

    private static func isNumber(_ token: Substring) -> Bool { token.allSatisfy(\.isNumber) }

    /// What stands beside numbers: WordPress's suffixes, times of day, hexadecimal numbers.
    private static func isMeaningless(_ token: Substring) -> Bool {
        ["scaled", "rotated", "edited", "am", "pm", "mp", "uhr"].contains(token)
            || isHexadecimal(token) || isSize(token) || isEditMark(token)
    }

    /// Five groups of 8, 4, 4, 4 and 12 hexadecimal digits.
    private static func isUUID(_ parts: ArraySlice<Substring>) -> Bool {
        parts.prefix(5).map(\.utf8.count) == [8, 4, 4, 4, 12]
            && parts.prefix(5).allSatisfy { $0.utf8.allSatisfy(isHexadecimalDigit) }
    }

    /// A hash: eight or more hexadecimal digits, of both kinds.
    private static func isHexadecimal(_ token: Substring) -> Bool {
        token.utf8.count >= 8 && token.utf8.allSatisfy(isHexadecimalDigit)
            && token.utf8.contains { $0 < 0x3A } && token.utf8.contains { $0 > 0x60 }
    }

    private static func isHexadecimalDigit(_ byte: UInt8) -> Bool {
        0x30...0x39 ~= byte || 0x61...0x66 ~= byte
    }

    /// `300x200`.
    private static func isSize(_ token: Substring) -> Bool {
        let parts = token.split(separator: "x", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty && isNumber($0) }
    }

    /// `e1712345678901`, which WordPress's editor adds.
    private static func isEditMark(_ token: Substring) -> Bool {
        token.first == "e" && token.count >= 11 && isNumber(token.dropFirst())
    }
}
