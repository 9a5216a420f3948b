import Inventory
import Model
import Quality

/// Scores and findings of many images, counted.
struct QualityTally {
    private struct Key: Hashable {
        var code: QualityCode
        var field: MetadataField
    }

    private let exampleCount: Int
    private var images = 0
    private var sum = 0
    private var alts = 0
    private var altSum = 0
    private var bands = Self.emptyBands
    private var altBands = Self.emptyBands
    private var findings: [Key: AnalysisReport.Finding] = [:]

    private static let emptyBands = [0, 20, 40, 60, 80].map {
        AnalysisReport.Band(from: $0, through: $0 == 80 ? 100 : $0 + 19, images: 0)
    }

    init(exampleCount: Int) { self.exampleCount = exampleCount }

    /// Counts an image.
    mutating func add(_ item: InventoryItem, _ score: QualityScore) {
        images += 1
        sum += score.value
        bands[Self.band(of: score.value)].images += 1
        if item.states[.alt] == .present, let alt = score.fields[.alt] {
            alts += 1
            altSum += alt
            altBands[Self.band(of: alt)].images += 1
        }
        var seen: Set<Key> = []
        for finding in score.findings {
            let key = Key(code: finding.code, field: finding.field ?? .alt)
            guard seen.insert(key).inserted else { continue }
            var counted =
                findings.removeValue(forKey: key)
                ?? AnalysisReport.Finding(
                    code: finding.code.rawValue, field: key.field.rawValue,
                    severity: finding.severity.rawValue, meaning: finding.code.meaning, images: 0,
                    examples: [])
            counted.images += 1
            if counted.examples.count < exampleCount {
                counted.examples.append(
                    AnalysisReport.Finding.Example(
                        id: item.id, file: item.path, text: item.texts[key.field] ?? ""))
            }
            findings[key] = counted
        }
    }

    /// The result.
    var quality: AnalysisReport.Quality {
        AnalysisReport.Quality(
            score: images == 0 ? 100 : sum / images, distribution: bands,
            altScore: alts == 0 ? nil : altSum / alts, altDistribution: altBands,
            findings: findings.values.sorted {
                ($1.images, $0.field, $0.code) < ($0.images, $1.field, $1.code)
            })
    }

    private static func band(of score: Int) -> Int { min(4, max(0, score / 20)) }
}
