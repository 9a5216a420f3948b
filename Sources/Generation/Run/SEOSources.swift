import Model
import Naming
import Quality

/// What a name is made of: texts that the gate has seen, before what the model said.
struct SEOSources {
    let value: SEOFileName.Sources

    init(_ description: ImageDescription, _ verdict: Verdict, _ context: ImageContext) {
        var judged = description
        judged.texts = verdict.texts
        value = SEOFileName.Sources(description: judged, context: context)
    }
}
