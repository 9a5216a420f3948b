/// The small words of a language: articles, prepositions, conjunctions, pronouns, auxiliary verbs.
///
/// They tell languages apart and add nothing to a file name. Left out are words that turn a meaning
/// round (`without`, `not`) and those that are nouns as well (`can`, `may`, `us`).
public enum FunctionWords {
    /// The languages with a list, as primary subtags of BCP 47.
    public static let languages: [String] = lists.keys.sorted()

    /// The words in lower case; nil where there is no list.
    ///
    /// For Chinese and Japanese, which write no spaces, they are the particles.
    public static func of(_ primaryLanguage: String) -> Set<String>? { lists[primaryLanguage] }

    private static let lists: [String: Set<String>] = [
        "en": words(
            """
            a an the this that these those and or but so of in on at to from by for with as into \
            onto over under between through near beside behind above below before after during \
            against along across around off out up down is are was were be been being am has have \
            had having do does did it its he him his she her hers they them their theirs we our \
            you your i my me who whom whose which what while where when how than then there here
            """),
        "de": words(
            """
            der die das den dem des ein eine einer eines einem einen und oder aber als auf an am \
            aus bei beim bis durch für gegen hinter im in ins mit nach neben über um unter vom von \
            vor während zu zum zur zwischen ist sind war waren wird werden wurde wurden hat haben \
            hatte sich er sie es wir ihr ihre ihrer ihrem ihren sein seine seiner seinem seinen \
            dieser diese dieses diesem diesen man wie wo wenn dass auch noch nur
            """),
        "fr": words(
            """
            le la les l un une des du de d au aux et ou mais à a dans en sur sous par pour avec \
            entre vers chez contre devant derrière près est sont était étaient être ont avait \
            il elle ils elles on nous vous je tu se s ce c cet cette ces qui que qu dont où son sa \
            ses leur leurs mon ma mes notre nos votre vos y comme lors pendant
            """),
        "es": words(
            """
            el la los las un una unos unas de del al a y e o u pero en con por para sobre entre \
            hacia desde hasta bajo ante contra durante según es son era eran está están estaba ser \
            ha han había se su sus lo le les mi mis tu tus nuestro nuestra este esta estos estas \
            ese esa que quien cuyo cuya donde cuando como junto muy más
            """),
        "it": words(
            """
            il lo la i gli le l un uno una di del dello della dei degli delle dell a al allo alla \
            ai agli alle all da dal dallo dalla dai dagli dalle dall in nel nello nella nei negli \
            nelle nell con su sul sullo sulla sui sugli sulle sull per tra fra e ed o ma è sono \
            era erano essere ha hanno si che chi cui dove quando come suo sua suoi sue questo \
            questa questi queste loro mentre più
            """),
        "pt": words(
            """
            o a os as um uma uns umas de do da dos das em no na nos nas num numa ao à aos às por \
            pelo pela pelos pelas para com sobre entre até desde durante contra e ou mas é são era \
            eram está estão ser foi tem têm se seu sua seus suas este esta estes estas esse essa \
            que quem cujo cuja onde quando como ele ela eles elas seu muito mais
            """),
        "nl": words(
            """
            de het een en of maar van in op aan bij met voor naar door over onder tussen tegen uit \
            tot achter naast langs tijdens boven om te ten ter is zijn was waren wordt worden werd \
            heeft hebben had er hij zij ze hem haar hun wij we je jouw mijn ons onze deze dit die \
            dat wie waar wanneer als dan zich ook
            """),
        "pl": words(
            """
            i w we z ze na do od o po przy pod nad przed za dla przez między obok oraz lub albo a \
            ale że to ten ta te tego tej tym tych jest są był była było były być się jego jej ich \
            mój nasz swój swoje który która które których gdzie kiedy jak u ku
            """),
        "sv": words(
            """
            en ett den det de och eller men i på av till från för med om vid under över mellan mot \
            genom hos bakom framför bredvid längs är var varit vara blir har hade som att sig sin \
            sitt sina han hon hans hennes dess deras vi ni jag min mitt denna detta dessa där när \
            hur också
            """),
        "da": words(
            """
            en et den det de og eller men i på af til fra for med om ved under over mellem mod \
            gennem hos bag foran langs er var været være bliver har havde som der at sig sin sit \
            sine han hun hans hendes dets deres vi jeg min mit denne dette disse hvor når hvordan \
            også
            """),
        "cs": words(
            """
            a i v ve z ze na do od o po při pod nad před za pro přes mezi u k ke s se si nebo ale \
            že ten ta to ti ty toho té tom těch je jsou byl byla bylo byly být jeho její jejich \
            můj náš svůj své který která které kterých kde když jako vedle podél
            """),
        "ru": words(
            """
            и в во на с со к ко у о об обо от до из за по под над при для через между около перед \
            или но а что это этот эта эти этого того та тот те он она оно они его её ее их ему им \
            мой наш свой свои своей который которая которые где когда как же ли бы был была было \
            были быть есть рядом
            """),
        "uk": words(
            """
            і й та в у на з із зі до від о об за по під над при для через між біля перед або але \
            що це цей ця ці цього того та той ті він вона воно вони його її їх йому їм мій наш \
            свій свої своєї який яка яке які де коли як ж чи б був була було були бути є поруч
            """),
        "ja": words("の は が を に へ と も で や から まで より です ます した して いる ある この その"),
        "zh": words("的 了 在 和 与 與 是 着 著 一个 一個 这 這 那 把 被 而 及 们 們 个 個 也"),
    ]

    private static func words(_ list: String) -> Set<String> {
        Set(list.split(separator: " ").map(String.init))
    }
}
