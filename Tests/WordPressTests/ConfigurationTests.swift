import Model
import Testing
import WordPress

@Suite("wp-config.php, never run") struct ConfigurationTests {
    static let forms: [(String, String)] = [
        ("define('X', 'value');", "value"),
        ("define(\"X\", \"value\");", "value"),
        ("DEFINE ( 'X' , 'value' ) ;", "value"),
        ("\\define('X', 'value');", "value"),
        ("define('X', 'it\\'s');", "it's"),
        ("define('X', 'back\\\\slash');", "back\\slash"),
        ("define('X', 'a\\n');", "a\\n"),
        ("define(\"X\", \"a\\tb\");", "a\tb"),
        ("define(\"X\", \"\\x41\");", "A"),
        ("define(\"X\", \"cost \\$5\");", "cost $5"),
        ("const X = 'value';", "value"),
        ("define('X', 'a' . 'b' . \"c\");", "abc"),
        ("define('Y', 'y'); define('X', Y . '/x');", "y/x"),
        ("$y = 'y'; define('X', $y . 'x');", "yx"),
        ("define('X', __DIR__ . '/content');", "/srv/site/content"),
        ("define('X', dirname(__FILE__) . '/content');", "/srv/site/content"),
        ("define('X', ABSPATH . 'media');", "/srv/site/media"),
        ("define('X', getenv('SET'));", "from environment"),
        ("define('X', getenv('UNSET') ?: 'default');", "default"),
        ("define('X', $_ENV['SET'] ?? 'default');", "from environment"),
        ("define('X', $_SERVER['UNSET'] ?: 'default');", "default"),
        ("define('X', getenv_docker('SET', 'default'));", "from environment"),
        ("define('X', getenv_docker('UNSET', 'default'));", "default"),
        ("if (!defined('X')) { define('X', 'value'); }", "value"),
        ("define('X', 'first'); define('X', 'second');", "first"),
        ("// define('X', 'comment');\ndefine('X', 'value');", "value"),
        ("# define('X', 'comment');\ndefine('X', 'value');", "value"),
        ("/* define('X', 'comment'); */ define('X', 'value');", "value"),
        ("$s = <<<END\ndefine('X', 'text');\nEND;\ndefine('X', 'value');", "value"),
        ("define('X', 42);", "42"),
        ("define('X', -7);", "-7"),
        ("define('X', true);", "1"),
        ("define('X', ('value'));", "value"),
        ("define('X', 'value', false);", "value"),
        ("?> <b>define('X', 'html');</b> <?php define('X', 'value');", "value"),
        ("define('X', rtrim('a/', '/'));", "a"),
        ("require __DIR__ . '/more.php'; define('X', 'late');", "included"),
        ("if ($a) { define('X', 'same'); } else { define('X', 'same'); }", "same"),
        ("define('X', 'first'); if ($a) { define('X', 'second'); }", "first"),
        ("if ($a): $b = 1; endif; define('X', 'value'); define('X', 'late');", "value"),
        ("if (PHP_SAPI === 'cli') { $a = 1; } define('X', 'value');", "value"),
        (
            "if (file_exists(__DIR__ . '/more.php')) { include 'more.php'; } else { define('X', 'b'); }",
            "included"
        ),
        ("define('ABSPATH', '/elsewhere/'); define('X', ABSPATH . 'media');", "/srv/site/media"),
    ]

    private func parse(_ php: String) -> SiteConfiguration {
        SiteConfiguration.parse(
            Array("<?php\n\(php)\n".utf8), at: "/srv/site/wp-config.php",
            environment: ["SET": "from environment"]
        ) { $0 == "/srv/site/more.php" ? Array("<?php define('X', 'included');".utf8) : nil }
    }

    @Test(arguments: forms)
    func isKnown(_ form: (php: String, value: String)) throws {
        #expect(try parse(form.php).string("X") == form.value)
    }

    @Test(arguments: [
        "define('X', file_get_contents('/run/secret'));", "define('X', \"$variable\");",
        "define('X', $computed['a']);", "define('X', PHP_VERSION);",
        "define('X', $a ? 'b' : 'c');", "define('X', secret());",
        "define('X', getenv('UNSET'));", "define('X', 'https://' . $_SERVER['HTTP_HOST']);",
        "define('X', file_get_contents('/run/secret') ?: 'default');",
        "if ($a) { define('X', 'b'); } else { define('X', 'c'); }",
        "if ($a): $b = 1; define('X', 'b'); else: $b = 2; define('X', 'c'); endif;",
        "if ($a) { $b = 1; } elseif (defined('Y')) { define('X', 'b'); } define('X', 'c');",
        "if ($a) $b = 1; else if (defined('Y')) define('X', 'b'); define('X', 'c');",
        "switch ($a) { case 1: define('X', 'b'); break; default: define('X', 'c'); }",
        "if ($a) { $b = 'b'; } else { $b = 'c'; } define('X', $b);",
        "if (strpos($_SERVER['HTTP_HOST'], 'dev') === 0) define('X', 'b'); define('X', 'c');",
    ])
    func isComputed(_ php: String) throws {
        let configuration = parse("\n\n" + php)
        do {
            _ = try configuration.string("X")
            Issue.record("a value that only PHP can know was read")
        } catch {
            #expect(error.code == .computedConfiguration)
            #expect(error.details["constant"] == "X")
            #expect(error.details["line"] == "4")
        }
    }

    @Test func anIncludeUnderAConditionIsNotGuessed() throws {
        let configuration = parse("if ($a) { require 'more.php'; } define('X', 'b');")
        do {
            _ = try configuration.string("X")
            Issue.record("one of two definitions was guessed")
        } catch {
            #expect(error.code == .computedConfiguration)
            #expect(error.details["file"] == "/srv/site/more.php")
        }
    }

    @Test func aComputedValueThatNobodyNeedsIsNoError() throws {
        let configuration = parse("define('SALT', random()); define('X', 'value');")
        #expect(try configuration.string("X") == "value")
        #expect(try configuration.string("ABSENT") == nil)
    }

    @Test func absolutePathIsTheFolderOfWordPressNotOfTheFile() throws {
        let configuration = SiteConfiguration.parse(
            Array("<?php define('X', ABSPATH . 'media');".utf8), at: "/srv/wp-config.php",
            root: "/srv/site", environment: [:]
        ) { _ in nil }
        #expect(try configuration.string("X") == "/srv/site/media")
    }

    @Test func aPrefixThatDependsOnTheRequestIsNotGuessed() throws {
        let configuration = parse("$table_prefix = 'a_'; if ($a) { $table_prefix = 'b_'; }")
        do {
            _ = try configuration.tablePrefix()
            Issue.record("one of two prefixes was guessed")
        } catch {
            #expect(error.code == .computedConfiguration)
        }
    }

    @Test func tablePrefixAndTruth() throws {
        let configuration = parse(
            "$table_prefix = 'shop_'; define('MULTISITE', true); define('OFF', '0');")
        #expect(try configuration.tablePrefix() == "shop_")
        #expect(try configuration.boolean("MULTISITE") == true)
        #expect(try configuration.boolean("OFF") == false)
    }
}
