<?php
// What the test site says, as a pure function of the names of its files. Called with the names
// before a rename it is what gets stored; called with the names after it, it is what must be
// there then, byte for byte. So the judge needs no rewriter of its own.

/** The names of the attachments' files: as WordPress made them, or after renames. */
final class Names
{
    /** @param array<string, string> $stems new stems by alias */
    public function __construct(public readonly array $files, private readonly array $stems) {}

    /** The path below uploads of one of an attachment's files. */
    public function path(string $alias, string $size = 'full'): string
    {
        $file = $this->files[$alias] ?? throw new Exception("no attachment called $alias");
        return $this->renamed($alias, $file['names'][$size] ?? throw new Exception("no $size of $alias"));
    }

    /** Where a file of an attachment's family is now. */
    public function renamed(string $alias, string $path): string
    {
        // Rows that share their file are renamed together.
        $stem = $this->stems[$alias === 'shared' ? 'photo' : $alias] ?? null;
        if ($stem === null) {
            return $path;
        }
        $file = $this->files[$alias];
        return $file['folder'] . $stem
            . substr($path, strlen($file['folder']) + strlen($file['stem']));
    }
}

const UPLOADS_URL = 'https://example.com/wp-content/uploads/';

/** A block as WordPress writes it. */
function block(string $name, array $attributes, string $html): string
{
    $json = '';
    if ($attributes) {
        $json = json_encode($attributes, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
        $json = strtr($json, ['--' => '\u002d\u002d', '<' => '\u003c', '>' => '\u003e',
            '&' => '\u0026', '\\"' => '\u0022']) . ' ';
    }
    return "<!-- wp:$name $json-->$html<!-- /wp:$name -->";
}

/**
 * Every piece of content: kind, where it goes, and its value.
 *
 * `also` lists other values that are right too, where the rules leave a choice.
 */
function site_content(Names $names, array $options): array
{
    $path = $names->path(...);
    $url = fn(string $alias, string $size = 'full') => UPLOADS_URL . $path($alias, $size);
    $root = getenv('MONIKER_TEST_SITE') . '/wp-content/uploads/';
    $id = fn(string $alias) => $names->files[$alias]['id'];
    $encoded = fn(string $alias, string $size = 'full') =>
        UPLOADS_URL . implode('/', array_map('rawurlencode', explode('/', $path($alias, $size))));
    $content = [];

    $content['blocks'] = ['kind' => 'post', 'excerpt' => 'Blocks', 'value' => implode("\n\n", [
        block('image', ['id' => $id('photo'), 'sizeSlug' => 'large', 'linkDestination' => 'none'],
            "\n<figure class=\"wp-block-image size-large\"><img src=\"{$url('photo', 'large')}\" alt=\"IMG_1.jpg\" class=\"wp-image-{$id('photo')}\"/></figure>\n"),
        block('cover', ['url' => $url('scaled'), 'id' => $id('scaled'), 'dimRatio' => 50],
            "\n<div class=\"wp-block-cover\"><img class=\"wp-block-cover__image-background wp-image-{$id('scaled')}\" alt=\"\" src=\"{$url('scaled')}\" data-object-fit=\"cover\"/></div>\n"),
        block('media-text', ['mediaId' => $id('cjk'), 'mediaLink' => $url('cjk'), 'mediaType' => 'image'],
            "\n<div class=\"wp-block-media-text\"><img src=\"{$url('cjk', 'medium')}\" alt=\"東京\"/></div>\n"),
        block('gallery', ['linkTo' => 'media'], "\n<figure class=\"wp-block-gallery\">"
            . block('image', ['id' => $id('photo10')], "\n<a href=\"{$url('photo10')}\"><img src=\"{$url('photo10', 'medium')}\"/></a>\n")
            . block('image', ['id' => $id('xphoto')], "\n<a href=\"{$url('xphoto')}\"><img src=\"{$url('xphoto', 'medium')}\"/></a>\n")
            . "</figure>\n"),
        block('acme/slide', ['background' => $url('dash'), 'label' => 'a & b -- c', 'nested' => ['url' => $url('umlaut')]],
            "\n<div style=\"background-image:url({$url('dash', 'medium')})\"></div>\n"),
        block('file', ['id' => $id('pdf'), 'href' => $url('pdf')],
            "\n<div class=\"wp-block-file\"><object data=\"{$url('pdf')}\"></object><a href=\"{$url('pdf')}\">brochure</a><img src=\"{$url('pdf', 'thumbnail')}\"/></div>\n"),
    ])];

    $content['classic'] = ['kind' => 'post', 'value' => <<<HTML
    <p>Text with <a href="{$url('photo')}"><img class="alignnone size-medium wp-image-{$id('photo')}"
     src="{$url('photo', 'medium')}" alt="IMG_1.jpg in prose stays"
     srcset="{$url('photo', 'medium')} 300w, {$url('photo', 'large')} 1024w, {$url('photo')} 1200w"
     sizes="(max-width: 300px) 100vw, 300px" /></a></p>
    <img src='{$url('alpha')}?ver=1&amp;x=2#top'><img src={$url('tiny')}>
    <img src="//example.com/wp-content/uploads/{$path('photo10')}">
    <img src="/wp-content/uploads/{$path('xphoto')}" data-src="../wp-content/uploads/{$path('xphoto')}">
    <img src="HTTPS://Example.COM/wp-content/uploads/{$path('photo')}">
    <img src="http://www.example.com/wp-content/uploads/{$path('photo')}">
    <img src="https://i0.wp.com/example.com/wp-content/uploads/{$path('photo')}?resize=300%2C200">
    <div style="background:url('{$url('webp')}') no-repeat, url(&quot;{$url('webp', 'medium')}&quot;)"></div>
    <div data-settings="{&quot;image&quot;:&quot;{$url('rotated')}&quot;}"></div>
    <a href="https://www.facebook.com/sharer.php?u=https%3A%2F%2Fexample.com%2Fwp-content%2Fuploads%2F{$names->path('photo')}">share</a>
    <img src="{$encoded('cjk', 'medium')}"><img src="{$encoded('space')}"><img src="{$encoded('umlaut')}">
    <img src="{$url('regex')}"><img src="{$encoded('regex')}"><img src="{$encoded('dollar')}">
    <img src="{$url('june')}"><img src="{$url('five')}"><img src="{$url('upper')}"><img src="{$url('upper', 'medium')}">
    <img src="{$url('root')}"><img src="{$url('twoext')}"><img src="{$url('sized')}"><img src="{$url('sized', 'medium')}">
    <img src="{$url('stem')}"><img src="{$url('stemlonger')}"><img src="{$url('samestem')}">
    <img src="{$url('edited')}"><img src="{$url('edited', 'backup-full-orig')}"><img src="{$url('restedit')}"><img src="{$url('parent')}">
    <img src="{$url('photo-1')}"><img src="{$url('svg')}"><a href="{$url('text')}">notes</a>
    <img src="{$url('photo')}.webp"><img src="{$url('scaled', 'original')}">
    HTML];

    $content['shortcodes'] = ['kind' => 'post', 'value' =>
        "[gallery ids=\"{$id('photo')},{$id('photo10')}\" size=\"medium\"]\n"
        . "[caption id=\"attachment_{$id('photo')}\" width=\"300\"]<img src=\"{$url('photo', 'medium')}\" /> IMG_1[/caption]\n"
        . "[video src=\"{$url('text')}\" poster=\"{$url('photo')}\"][/video]\n"
        . '[vc_single_image css=".vc_custom_1{background-image: url(' . $url('photo10') . "?id={$id('photo10')}) !important;}\"]\n"
        . '[vc_btn link="url:' . rawurlencode($url('photo')) . '|title:Look"]' . "\n"
        . '[vc_raw_html]' . base64_encode(rawurlencode("<div><img src=\"{$url('webp', 'medium')}\"></div>")) . '[/vc_raw_html]'];

    $content['markdown'] = ['kind' => 'post', 'value' =>
        "![alt]({$url('photo')}) and ![t]({$url('photo10')} \"IMG_10.jpg\"), see {$url('xphoto')}.\n\n"
        . "[ref]: {$url('alpha')}\n<{$url('tiny')}>\n「{$url('cjk')}」"];

    $content['never'] = ['kind' => 'post', 'value' => <<<'HTML'
    https://other.example.org/wp-content/uploads/2024/05/IMG_1.jpg
    https://web.archive.org/web/2020/https://example.com/wp-content/uploads/2024/05/IMG_1.jpg
    https://example.com/shop/wp-content/uploads/2024/05/IMG_1.jpg
    https://example.com/wp-content/uploads/sites/2/2024/05/IMG_1.jpg
    https://example.com/wp-content/uploads/2024/05/IMG_1.jpg.bak
    https://example.com/wp-content/uploads/2024/05/IMG_1.jpgx
    https://example.com/wp-content/uploads/2024/05/IMG_1.jpg-old
    https://example.com/wp-content/uploads/2024/05/IMG_100.jpg
    https://example.com/wp-content/uploads/12024/05/IMG_1.jpg
    I named it IMG_1.jpg; the file 2024/05/IMG_1.jpg is mine.
    <img src="data:image/png;base64,aHR0cHM6Ly9leGFtcGxlLmNvbS93cC1jb250ZW50L3VwbG9hZHMvMjAyNC8wNS9JTUdfMS5qcGc=">
    HTML];

    $content['custom css'] = ['kind' => 'post', 'type' => 'custom_css', 'value' =>
        "/* header */ .a{background:url({$url('photo')})}\n.b{background:url(\"{$url('webp')}\")}\n"
        . ".c{background:url('/wp-content/uploads/{$path('alpha')}')}"];

    $elementor = [['id' => 'a1', 'elType' => 'section', 'settings' => [
        'background_image' => ['url' => $url('photo'), 'id' => $id('photo')], 'ratio' => 1.5],
        'elements' => [['elType' => 'widget', 'widgetType' => 'text-editor', 'settings' => [
            'editor' => "<p><img src=\"{$url('cjk')}\" alt=\"東京\"></p>", 'big' => 12345678901234567,
            'raw' => json_encode(['src' => $url('umlaut'), 'dash' => $url('dash')])]]]]];
    $content['elementor'] = ['kind' => 'postmeta', 'post' => 'blocks', 'key' => '_elementor_data',
        'value' => json_encode($elementor)];
    $content['elementor settings'] = ['kind' => 'postmeta', 'post' => 'blocks',
        'key' => '_elementor_page_settings', 'value' => ['background' => ['url' => $url('webp')], 'z' => 0.1]];
    $content['download'] = ['kind' => 'postmeta', 'post' => 'classic', 'key' => '_downloadable_files',
        'value' => [md5('a') => ['id' => md5('a'), 'name' => 'IMG_1.jpg', 'file' => $url('photo'),
            'enabled' => true]]];
    $content['acf url'] = ['kind' => 'postmeta', 'post' => 'classic', 'key' => 'hero_image',
        'value' => $url('scaled')];
    $content['acf link'] = ['kind' => 'postmeta', 'post' => 'classic', 'key' => 'hero_link',
        'value' => ['title' => 'Ünïcode', 'url' => $url('space'), 'target' => '']];
    $content['bare path'] = ['kind' => 'postmeta', 'post' => 'classic', 'key' => 'acme_file',
        'value' => $path('photo')];
    $content['bare path again'] = ['kind' => 'postmeta', 'post' => 'classic', 'key' => 'acme_file',
        'value' => $path('xphoto', 'medium')];
    $content['file system path'] = ['kind' => 'postmeta', 'post' => 'classic', 'key' => 'acme_path',
        'value' => $root . $path('photo')];
    $content['whole url encoded'] = ['kind' => 'postmeta', 'post' => 'classic', 'key' => 'acme_encoded',
        'value' => rawurlencode($url('photo'))];
    $content['double encoded'] = ['kind' => 'postmeta', 'post' => 'classic', 'key' => 'acme_twice',
        'value' => rawurlencode(rawurlencode($url('photo10')))];
    $content['base64'] = ['kind' => 'postmeta', 'post' => 'classic', 'key' => 'acme_base64',
        'value' => base64_encode(json_encode(['image' => $url('alpha')]))];
    $content['array key'] = ['kind' => 'postmeta', 'post' => 'classic', 'key' => 'acme_map',
        'value' => [$url('photo') => 'seen', $path('photo10') => 2, 'n' => null, 'f' => 0.1]];

    $object = new stdClass();
    $object->attachment_id = $id('photo');
    $object->url = $url('photo');
    $object->thumbnail_url = $url('photo', 'thumbnail');
    $content['theme_mods_plain'] = ['kind' => 'option', 'value' => [
        'header_image' => $url('photo'), 'header_image_data' => $object,
        'background_image' => $url('webp'), 'custom_logo' => $id('alpha'), 0 => false,
        'custom_css_post_id' => -1]];
    $content['widget_text'] = ['kind' => 'option', 'value' => [
        2 => ['title' => 'Häder', 'text' => "<img src=\"{$url('photo', 'medium')}\"> é",
            'filter' => true, 'visual' => true], '_multiwidget' => 1]];
    $content['widget_custom_html'] = ['kind' => 'option', 'value' => [
        2 => ['title' => '', 'content' => "<img src=\"{$url('scaled', 'large')}\">"], '_multiwidget' => 1]];
    $content['widget_block'] = ['kind' => 'option', 'value' => [
        2 => ['content' => block('image', ['id' => $id('dash'), 'url' => $url('dash')],
            "<figure><img src=\"{$url('dash')}\"/></figure>")], '_multiwidget' => 1]];
    $content['acme_nested'] = ['kind' => 'option', 'value' => [
        'serialized' => serialize(['deep' => serialize([$url('photo'), 1.25, $url('cjk')])]),
        'json' => json_encode(['list' => [$url('photo10'), $url('umlaut')]]),
        'html' => htmlspecialchars("<img src=\"{$url('tiny')}\">")]];
    $content['acme_json'] = ['kind' => 'option', 'value' => json_encode(
        ['inner' => json_encode(['inner' => serialize(['u' => $url('photo')])]), 'e' => '1.0E+25'])];
    $content['acme_object'] = ['kind' => 'raw-option', 'value' =>
        'O:10:"Acme_Thing":2:{s:8:"' . "\0*\0" . 'image";s:' . strlen($url('photo')) . ':"' . $url('photo')
        . '";s:4:"back";R:1;}'];
    // A wrong length: nobody can read it, so it stays, and its file's old name with it.
    $content['acme_broken'] = ['kind' => 'raw-option', 'value' =>
        'a:1:{s:3:"url";s:10:"https://example.com/wp-content/uploads/2024/05/kept.jpg";}'];
    $content['_transient_acme'] = ['kind' => 'raw-option', 'value' => $url('photo'),
        'also' => [UPLOADS_URL . '2024/05/IMG_1.jpg']];

    $content['term'] = ['kind' => 'termmeta', 'key' => 'thumbnail', 'value' => $url('photo', 'thumbnail')];
    $content['user'] = ['kind' => 'usermeta', 'key' => 'avatar', 'value' => ['full' => $url('rotated')]];
    $content['comment'] = ['kind' => 'comment', 'value' => "Nice {$url('photo10')}, isn't it?"];
    $content['generated css'] = ['kind' => 'file', 'path' => 'elementor/css/post-7.css', 'value' =>
        ".elementor-7{background-image:url(\"{$url('photo')}\");}\n.x{background:url({$url('webp', 'medium')})}\n"];
    $content['generated json'] = ['kind' => 'file', 'path' => 'acme/cache.json',
        'value' => json_encode(['images' => [$url('photo'), $url('cjk')]])];

    $row = fn(string $table, array $key, string $column, string $value, array $more = []) =>
        ['kind' => 'row', 'table' => "wp_acme_$table", 'row' => $key, 'column' => $column,
            'value' => $value] + $more;
    $content['row text'] = $row('items', ['id' => 1], 'url', $url('photo'));
    $content['row json'] = $row('items', ['id' => 2], 'settings',
        json_encode(['image' => $url('photo'), 'n' => 1.0], JSON_PRESERVE_ZERO_FRACTION));
    $content['row blob'] = $row('items', ['id' => 3], 'bytes', "\x00\xff\xfe" . $url('photo10') . "\x00end");
    $content['row blob serialized'] = $row('items', ['id' => 4], 'bytes', serialize(["\xff\x00", $url('photo')]));
    $content['row latin1'] = $row('items', ['id' => 5], 'latin', "caf\xe9 {$url('photo')} \xfc", ['latin1' => true]);
    foreach ([['1', '1'], ['1', 'a\'b"c`'], ['18446744073709551615', ''], ['2', 'x%_']] as $i => [$a, $b]) {
        $content["row composite $i"] = $row('composite', ['a' => $a, 'b' => $b], 'body', "<img src=\"{$url('xphoto')}\">");
    }
    foreach (['', '0', '123.', "quote'quote", '30000000000000000000000000000', 'Größe',
        // A key is not rewritten, so the name in it has to stay: of a file that stays anyway.
        UPLOADS_URL . '2024/05/kept.jpg'] as $i => $key) {
        $content["row text key $i"] = $row('textkey', ['slug' => $key], 'body', "see {$url('photo')}");
    }
    $content['row without key'] = $row('nokey', ['n' => 1], 'body', "same {$url('photo')}");
    $content['row without key again'] = $row('nokey', ['n' => 1], 'body', "same {$url('photo')}");
    $content['row without key, other'] = $row('nokey', ['n' => 2], 'body', "other {$url('photo10')}");
    $content['row MyISAM'] = $row('myisam', ['id' => 1], 'body', serialize(['u' => $url('photo')]));
    $content['row with time'] = $row('log', ['id' => 1], 'noted', "uploaded {$url('photo')}");
    $content['row odd names'] = $row('odd', ['primary' => 1], 'select', $url('alpha'));
    $content['row untouched'] = $row('items', ['id' => 6], 'url', 'IMG_1.jpg');

    for ($i = 1; $i <= $options['posts']; $i++) {
        // Mostly prose, as sites are; some posts mention one picture.
        $words = str_repeat("Lorem ipsum dolor sit amet $i, consectetur adipiscing elit. ", 30);
        $bulk = sprintf('bulk-%05d', 1 + $i % max(1, $options['attachments']));
        $content["bulk post $i"] = ['kind' => 'post', 'value' => isset($names->files[$bulk]) && $i % 3 == 0
            ? "<p>$words</p><img src=\"{$url($bulk)}\"><p>$words</p>" : "<p>$words</p>"];
    }
    $content['revision of classic'] = ['kind' => 'made', 'value' => $content['classic']['value']];
    return $content;
}

/** The tables of plugins that WordPress knows nothing of. */
function site_tables(): array
{
    $engine = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci';
    return [
        "CREATE TABLE wp_acme_items (id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
            url TEXT, settings JSON, bytes LONGBLOB, latin VARCHAR(500) CHARACTER SET latin1,
            url_copy VARCHAR(255) AS (LEFT(url, 255)) VIRTUAL, url_length INT AS (LENGTH(url)) STORED) $engine",
        "CREATE TABLE wp_acme_composite (a BIGINT UNSIGNED NOT NULL, b VARCHAR(60) NOT NULL,
            body MEDIUMTEXT, PRIMARY KEY (a, b)) $engine",
        "CREATE TABLE wp_acme_textkey (slug VARCHAR(180) NOT NULL PRIMARY KEY, body TEXT) $engine",
        "CREATE TABLE wp_acme_nokey (n INT, body TEXT) $engine",
        "CREATE TABLE wp_acme_myisam (id INT NOT NULL PRIMARY KEY, body TEXT)
            ENGINE=MyISAM DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci",
        "CREATE TABLE wp_acme_log (id INT NOT NULL PRIMARY KEY, noted TEXT,
            changed TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP) $engine",
        "CREATE TABLE wp_acme_odd (`primary` INT NOT NULL PRIMARY KEY, `select` TEXT) $engine",
        "CREATE VIEW wp_acme_view AS SELECT id, url FROM wp_acme_items",
        "CREATE TRIGGER wp_acme_guard BEFORE UPDATE ON wp_acme_items FOR EACH ROW
            IF NEW.id <> OLD.id THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'ids stay'; END IF",
    ];
}

/** Which cells and files do not say what they should: one line each, none when all is right. */
function compare_cells(PDO $database, string $uploads, array $cells, array $content): array
{
    $sqlite = $database->getAttribute(PDO::ATTR_DRIVER_NAME) === 'sqlite';
    $wrong = [];
    foreach ($cells as $name => $cell) {
        $entry = $content[$name];
        $expected = is_string($entry['value']) ? $entry['value'] : serialize($entry['value']);
        $right = array_merge([$expected], $entry['also'] ?? []);
        if ($sqlite && ($entry['latin1'] ?? false)) {
            $right = array_map(fn($value) => mb_convert_encoding($value, 'UTF-8', 'ISO-8859-1'), $right);
        }
        if (isset($cell['file'])) {
            $found = [@file_get_contents("$uploads/{$cell['file']}")];
        } else {
            $test = implode(' AND ', array_map(fn($column) => "`$column` = ?", array_keys($cell['key'])));
            $statement = $database->prepare("SELECT `{$cell['column']}` FROM {$cell['table']} WHERE $test");
            foreach (array_values($cell['key']) as $i => $part) {
                // Numbers as numbers: SQLite compares by type. Beyond Int64 it only has text.
                $statement->bindValue($i + 1, $part, is_int($part) ? PDO::PARAM_INT : PDO::PARAM_STR);
            }
            $statement->execute();
            $found = $statement->fetchAll(PDO::FETCH_COLUMN);
        }
        if (!$found) {
            $wrong[] = "$name: no such row";
        }
        foreach ($found as $value) {
            if (!in_array($value, $right, true)) {
                $at = strspn($value ^ $expected, "\0");
                $wrong[] = "$name: from byte $at on \"" . substr($value, max(0, $at - 40), 120)
                    . '" instead of "' . substr($expected, max(0, $at - 40), 120) . '"';
            }
        }
    }
    return $wrong;
}
