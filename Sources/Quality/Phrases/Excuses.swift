internal import Model

/// What a model says of itself instead of the image.
enum Excuses {
    /// Whether the text says that the image cannot be seen or described.
    static func isCannotSee(_ text: String, _ words: [Words.Word]) -> Bool {
        cannotSee.isIn(words) || unspacedCannotSee.isIn(text)
    }

    /// Whether the text guesses: `appears to be`, `might be`.
    static func isHedge(
        _ text: String, _ words: [Words.Word], language: LanguageTag
    ) -> Bool {
        [language.primary, "en"].contains { hedges[$0]?.isIn(words) ?? false }
            || unspacedHedges.isIn(text)
    }

    /// Whether the text has parts of a prompt, of an answer's frame, or orders to a model.
    static func isPromptLeftover(_ text: String, _ words: [Words.Word]) -> Bool {
        let lowered = text.withoutFullWidth.lowercased()
        return leftovers.isIn(words)
            || labels.contains(where: lowered.hasPrefix)
            || hasMark(lowered)
            || unspacedLeftovers.isIn(text)
    }

    /// Whether the text has a mark of a chat template.
    private static func hasMark(_ lowered: String) -> Bool {
        // One of these is in every mark and in few texts; searching for the marks is slow.
        lowered.utf8.contains(where: "<>[#_".utf8.contains)
            && marks.contains(where: lowered.contains)
    }

    private static let cannotSee = PhraseList(
        """
        i cannot,i can't,i can not,i am unable,i'm unable,i am not able,i'm not able,\
        unable to view,\
        unable to see,unable to identify,unable to determine,unable to describe,\
        unable to process,\
        unable to access,cannot see the image,can't see the image,cannot view,\
        cannot be determined,\
        cannot identify,cannot determine,cannot describe,could not be identified,not able to see,\
        i'm sorry,i am sorry,i apologize,sorry but,sorry i,i don't see,i do not see,\
        no image was provided,no image provided,no image is provided,no image was attached,\
        image not available,image could not be loaded,image is too blurry,too blurry to,\
        too dark to see,\
        ich kann nicht,ich kann das bild nicht,ich kann kein,ich kann leider,kann ich nicht,\
        es tut mir leid,tut mir leid,nicht erkennbar,nicht zu erkennen,kein bild vorhanden,\
        je ne peux pas,je ne vois pas,je suis désolé,je suis désolée,désolé je,\
        désolée je,impossible de voir,\
        impossible de décrire,impossible d'identifier,aucune image fournie,je n'arrive pas,\
        no puedo,no se puede ver,lo siento,no es posible ver,no es posible identificar,\
        no veo,no se proporcionó,\
        non posso,non riesco,mi dispiace,non è possibile vedere,non vedo,\
        nessuna immagine fornita,\
        não posso,não consigo,sinto muito,desculpe,não é possível ver,não vejo,\
        nenhuma imagem fornecida,\
        ik kan niet,ik kan de afbeelding niet,ik kan geen,het spijt me,niet te zien op,\
        geen afbeelding,sorry ik,\
        nie mogę,nie widzę,nie jestem w stanie,przykro mi,przepraszam,nie można określić,\
        nie można rozpoznać,brak obrazu,\
        jag kan inte,jag ser inte,jag är ledsen,tyvärr kan,det går inte att se,ingen bild,\
        jeg kan ikke,jeg ser ikke,jeg beklager,desværre kan,det er ikke muligt at se,\
        intet billede,\
        nemohu,nevidím,omlouvám se,je mi líto,nelze určit,nelze rozpoznat,nejsem schopen,\
        žádný obrázek,\
        я не могу,не могу,не вижу,извините,к сожалению,невозможно определить,\
        изображение отсутствует,\
        я не можу,не можу,не бачу,вибачте,на жаль,неможливо визначити,зображення відсутнє
        """)

    private static let unspacedCannotSee: UnspacedPhrases = [
        "見えません", "確認できません", "判別できません", "特定できません", "識別できません", "申し訳", "説明できません", "画像がありません",
        "我无法", "我無法", "无法看到", "無法看到", "无法识别", "無法識別", "无法确定", "無法確定", "抱歉", "对不起", "對不起", "看不清",
        "看不到图", "没有图片",
    ]

    /// By language, because `chyba` is "perhaps" in Polish and "mistake" in Czech.
    private static let hedges: [String: PhraseList] = [
        "en": PhraseList(
            """
            appears to be,appears to show,appear to be,seems to be,seem to be,\
            seems to show,might be,may be,could be,possibly,probably,presumably,likely a,\
            likely an,most likely,looks like it,i think,i believe,it is unclear,is unclear,\
            it's unclear,what looks like,what appears
            """),
        "de": PhraseList(
            """
            scheint zu,scheint ein,scheint eine,scheinbar,möglicherweise,vermutlich,\
            wahrscheinlich,vielleicht,könnte ein,könnte eine,anscheinend
            """),
        "fr": PhraseList(
            """
            semble être,semblent être,semble montrer,peut-être,probablement,pourrait être,\
            il semble,apparemment,sans doute un,sans doute une
            """),
        "es": PhraseList(
            """
            parece ser,parecen ser,parece que,posiblemente,probablemente,quizás,tal vez,\
            podría ser
            """),
        "it": PhraseList(
            """
            sembra essere,sembrano essere,sembra che,sembra un,sembra una,forse,\
            probabilmente,potrebbe essere,possibilmente
            """),
        "pt": PhraseList(
            """
            parece um,parece uma,possivelmente,provavelmente,talvez,pode ser,poderia ser
            """),
        "nl": PhraseList(
            """
            lijkt te,lijkt op een,lijkt een,mogelijk een,waarschijnlijk,misschien,\
            vermoedelijk,zou kunnen
            """),
        "pl": PhraseList(
            """
            wydaje się,prawdopodobnie,być może,chyba,możliwe że,może być,przypuszczalnie
            """),
        "sv": PhraseList(
            """
            verkar vara,tycks vara,ser ut att vara,möjligen,kanske,förmodligen,troligen,\
            antagligen,kan vara
            """),
        "da": PhraseList(
            """
            synes at,ser ud til,muligvis,måske,formentlig,sandsynligvis,kan være
            """),
        "cs": PhraseList(
            """
            zdá se,vypadá to,pravděpodobně,možná,asi,snad,zřejmě,může být
            """),
        "ru": PhraseList(
            """
            кажется,похоже на то,похоже что,возможно,вероятно,наверное,может быть,\
            по-видимому
            """),
        "uk": PhraseList(
            """
            здається,схоже що,можливо,ймовірно,мабуть,може бути,напевно
            """),
    ]

    private static let unspacedHedges: UnspacedPhrases = [
        "かもしれ", "と思われ", "ようです", "ように見え", "らしい", "おそらく", "たぶん", "可能是", "似乎", "也许", "也許", "大概",
        "看起来像是",
        "看起來像是", "好像是", "或许", "或許",
    ]

    private static let leftovers = PhraseList(
        """
        output only,return only,respond with,reply with,option 1,here are the,here are three,\
        here are some,lorem ipsum,not applicable,as an ai,as a language model,as a large language model,ai language model,\
        i'm an ai,i am an ai,\
        ignore previous instructions,ignore all previous instructions,ignore all instructions,\
        ignore the previous,ignore the above,ignore your instructions,\
        ignore any previous,ignore these instructions,\
        disregard previous,disregard all previous,disregard the above,disregard all instructions,\
        forget previous instructions,forget all previous,forget your instructions,\
        new instructions,\
        previous instructions,system prompt,developer message,you are chatgpt,\
        you are a helpful,you must now,\
        here is the alt,here's the alt,here is an alt,here's an alt,\
        here is a description,here's a description,\
        here is the description,here is your,here's your,sure here,certainly here,of course here,\
        here is the caption,here is the title,let me know if,hope this helps,i hope this,\
        as requested,\
        the alt text,alt text for,suggested alt,als ki,als ki-modell,als sprachmodell,\
        ignoriere alle,\
        ignoriere die,hier ist der alternativtext,hier ist die beschreibung,\
        en tant qu'ia,en tant que modèle,ignorez les instructions,\
        ignore les instructions,voici le texte,voici la description,\
        como ia,como una ia,como modelo de,ignora las instrucciones,aquí está el texto,\
        in quanto ia,come modello linguistico,ignora le istruzioni,ecco il testo,\
        como uma ia,ignore as instruções,aqui está o texto,als ai,als ai-taalmodel,\
        negeer alle,hier is de,\
        jako model,jako ai,zignoruj,oto tekst,oto opis,som en ai,som ai,ignorera alla,här är en,\
        som en sprogmodel,ignorer alle,her er en,jako jazykový,ignoruj,zde je popis,\
        как ии,как языковая модель,игнорируй,игнорируйте,вот описание,як шi,як мовна модель,ігноруй,ігноруйте,ось опис
        """)

    private static let unspacedLeftovers: UnspacedPhrases = [
        "AIとして", "言語モデル", "以前の指示", "指示を無視", "代替テキスト", "作为AI", "作为一个AI", "作為AI", "语言模型", "語言模型",
        "忽略之前",
        "忽略以上", "忽略所有", "替代文本", "以下是",
    ]

    /// What a text begins with that is the frame of an answer.
    private static let labels = [
        "alt:", "alt text:", "alt-text:", "alttext:", "alt text :", "alternative text:", "title:",
        "caption:", "description:", "alternativtext:", "alt-tekst:", "texte alternatif :",
        "texte alternatif:", "texto alternativo:", "testo alternativo:", "assistant:", "user:",
        "system:", "human:", "output:", "answer:", "response:", "sure,", "sure!", "certainly!",
        "certainly,", "of course!", "here's ", "okay,",
    ]

    /// Marks of chat templates.
    private static let marks = [
        "<|", "|>", "[inst]", "[/inst]", "<<sys>>", "### ", "<think", "</think", "<system",
        "begin_of_text", "end_of_turn",
    ]
}
