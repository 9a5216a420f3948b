import Foundation
import Testing

extension EndToEnd {
    @Suite("Logging in over REST, and what stands in the way") struct RemoteLoginTests {
        private struct Check: Decodable {
            struct User: Decodable {
                var id: Int64
                var name: String
                var roles: [String]
            }

            var name: String
            var api: String
            var language: String?
            var user: User
            var can_edit_others: Bool
            var can_store_any_html: Bool
            var media: Int
            var images: Int
        }

        private struct Image: Decodable {
            var id: Int64
            var alt: String
            var fields: [String: String]
            var missing: [String]
        }

        private func code(_ result: CommandResult) throws -> String {
            #expect(result.status != 0)
            // One line for people, which says the same.
            #expect(result.errorLines.count == 1, "\(result.errors)")
            let failure = try JSONDecoder().decode(
                RestSite.Failure.self, from: Data(result.output.utf8))
            #expect(result.errors.contains(failure.error.message))
            return failure.error.code
        }

        @Test("check tells who one is and what there is; images lists texts and what is missing")
        func looking() throws {
            try TestSite.with(.mariadb) { site in
                let rest = try RestSite(site)
                let id = Int64(try site.id("photo"))
                try site.sql(
                    """
                    DELETE FROM wp_postmeta WHERE post_id = \(id)
                        AND meta_key = '_wp_attachment_image_alt'
                    """)
                let texts = try rest.texts()
                let check = try rest.json(Check.self, ["check"])
                #expect(check.user.name == "editor-user" && check.user.roles == ["editor"])
                #expect(check.name == "Example" && check.api.hasPrefix(rest.url))
                #expect(check.can_edit_others && check.can_store_any_html)
                #expect(check.media == texts.count)
                // WordPress does not list types that may not be uploaded.
                let images = texts.values.filter {
                    $0.mime.hasPrefix("image/") && $0.mime != "image/svg+xml"
                }
                #expect(check.images == images.count && images.count > 20)

                let all = try rest.json([Image].self, ["images"])
                #expect(all.map(\.id) == images.map(\.id).sorted())
                for image in all {
                    #expect(image.alt == texts[image.id]?.byField["alt"])
                    let empty = texts[image.id]?.byField.filter { $0.value.isEmpty }.keys.sorted()
                    #expect(image.missing.sorted() == empty)
                }
                #expect(all.first { $0.id == id }?.fields["alt"] == "missing")
                let missing = try rest.json([Image].self, ["images", "--missing", "alt"])
                #expect(missing.map(\.id) == [id])
                #expect(try rest.json([Image].self, ["images", "--limit", "2"]).count == 2)
                // Global options may stand before the command.
                let before = try run(
                    MonikerBinary.path,
                    [
                        "--json", "--home", site.home.path, "rest", "review", "list", "--url",
                        rest.url, "--user", rest.user,
                    ], environment: ["MONIKER_REST_PASSWORD": rest.password])
                #expect(before.output == "[]\n" && before.status == 0, "\(before.errors)")
            }
        }

        @Test("A password file is read only where nobody else can")
        func passwordFile() throws {
            try TestSite.with(.mariadb) { site in
                let rest = try RestSite(site)
                let file = site.live.appendingPathComponent("password")
                try Data((rest.password + "\n").utf8).write(to: file)
                let arguments = ["check", "--json", "--password-file", file.path]
                let none = ["MONIKER_REST_PASSWORD": ""]
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o644], ofItemAtPath: file.path)
                #expect(
                    try code(try rest.rest(arguments, environment: none)) == "password-file-unsafe")
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o600], ofItemAtPath: file.path)
                let result = try rest.rest(arguments, environment: none)
                #expect(result.status == 0, "\(result.errors)")
                #expect(
                    try code(try rest.rest(["check", "--json"], environment: none))
                        == "password-missing")
            }
        }

        @Test("Each obstacle has its code and a sentence")
        func obstacles() throws {
            try TestSite.with(.mariadb) { site in
                let rest = try RestSite(site)
                let wrong = try rest.rest(
                    ["check", "--json"], password: "abcd EFGH 1234 ijkl MNOP 5678")
                #expect(try code(wrong) == "rest-unauthorized" && wrong.status == 1)
                #expect(!wrong.output.contains("ijkl") && !wrong.errors.contains("ijkl"))

                let far = try run(
                    MonikerBinary.path,
                    [
                        "rest", "check", "--json", "--url", "http://example.com", "--user",
                        "editor",
                        "--home", site.home.path,
                    ], environment: ["MONIKER_REST_PASSWORD": rest.password])
                #expect(try code(far) == "insecure-address")
                let name = try rest.rest(["images", "--json", "--missing", "names"])
                #expect(try code(name) == "invalid-argument" && name.status == 64)
                #expect(
                    try code(try rest.rest(["history", "--json", "J123"])) == "unknown-journal")
                #expect(try rest.rest(["generate", "--all", "--rename"]).status == 64)

                // A firewall as hosts have it.
                let isAPI = "str_contains($_SERVER['REQUEST_URI'] ?? '', 'wp/v2')"
                try rest.install(
                    plugin:
                        "if (\(isAPI)) { http_response_code(406); exit('<h1>Not Acceptable</h1>'); }"
                )
                #expect(try code(try rest.rest(["check", "--json"])) == "rest-blocked")
            }
        }

        @Test("Who may not edit images is told so")
        func subscriber() throws {
            try TestSite.with(.mariadb) { site in
                let rest = try RestSite(site, role: "subscriber")
                #expect(try code(try rest.rest(["check", "--json"])) == "rest-forbidden")
            }
        }
    }
}
