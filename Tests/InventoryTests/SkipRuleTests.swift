import Foundation
import Inventory
import Model
import Testing

@Suite("Which images are skipped") struct SkipRuleTests {
    private func item(
        path: String = "2024/05/a.jpg", mime: String = "image/jpeg", width: Int = 800,
        height: Int = 600, alt: FieldState = .missing, uses: Int = 1
    ) -> InventoryItem {
        InventoryItem(
            id: 1, path: path, mime: mime, width: width, height: height,
            states: [.alt: alt, .title: .present], uses: uses)
    }

    private func reason(
        _ item: InventoryItem, _ rules: SkipRules = SkipRules(), overwrites: Bool = false,
        forbidsAI: Bool = false
    ) -> String? {
        rules.reason(
            toSkip: item, fields: [.alt], overwrites: overwrites,
            embedded: EmbeddedTexts(forbidsAI: forbidsAI))?.rawValue
    }

    @Test("Each rule has its code, and a good image none")
    func reasons() {
        #expect(reason(item()) == nil)
        #expect(reason(item(path: "a.svg", mime: "image/svg+xml")) == "svg")
        #expect(reason(item(mime: "image/x-photoshop")) == "unsupported-type")
        #expect(reason(item(width: 49)) == "too-small")
        #expect(reason(item(height: 49)) == "too-small")
        #expect(reason(item(width: 50, height: 50)) == nil)
        #expect(reason(item(width: 0, height: 0)) == nil)
        #expect(reason(item(alt: .decorative)) == "decorative")
        #expect(reason(item(alt: .present)) == "complete")
        #expect(reason(item(), forbidsAI: true) == "ai-opt-out")
        #expect(reason(item(uses: 0)) == nil)
        var rules = SkipRules()
        rules.skipsUnused = true
        #expect(reason(item(uses: 0), rules) == "unused")
        #expect(reason(item(), rules) == nil)
    }

    @Test(
        "Names of icons and logos, by whole words",
        arguments: [
            ("2024/05/logo.png", true), ("Company-Logo-2x.png", true), ("icon16.png", true),
            ("sprite_sheet.png", true), ("spacer.gif", true), ("favicon.ico", true),
            ("iconic-building.jpg", false), ("logoped.jpg", false), ("icons/lamp.jpg", false),
            ("silicon.jpg", false),
        ])
    func names(path: String, isIcon: Bool) {
        #expect((reason(item(path: path)) == "icon-name") == isIcon)
    }

    @Test("What overwrites is never complete, and is still decorative")
    func overwriting() {
        #expect(reason(item(alt: .present), overwrites: true) == nil)
        #expect(reason(item(alt: .decorative), overwrites: true) == "decorative")
    }

    @Test("Rules from JSON keep the defaults of what is absent, and come back as they were")
    func json() throws {
        let json =
            #"{"minimum_width":10,"icon_words":["Badge"],"skip_svg":false,"skip_decorative":false,"honour_opt_out":false,"minimum_height":0}"#
        let rules = try JSONDecoder().decode(SkipRules.self, from: Data(json.utf8))
        #expect(reason(item(width: 12, height: 5), rules) == nil)
        #expect(reason(item(path: "my-badge.png"), rules) == "icon-name")
        #expect(reason(item(path: "logo.png"), rules) == nil)
        #expect(reason(item(path: "a.svg", mime: "image/svg+xml"), rules) == nil)
        #expect(reason(item(), rules, forbidsAI: true) == nil)
        #expect(reason(item(mime: "image/x-photoshop"), rules) == "unsupported-type")
        let again = try JSONDecoder().decode(
            SkipRules.self, from: try JSONEncoder().encode(rules))
        #expect(again == rules)
        #expect(try JSONDecoder().decode(SkipRules.self, from: Data("{}".utf8)) == SkipRules())
    }
}
