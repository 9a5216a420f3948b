<?php
// Fills a fresh WordPress: images through WordPress's own import, content through its own
// functions. Writes files.json (what each attachment's files are called), cells.json (where each
// piece of content.php was stored) and rename-map.csv (a new name for every attachment).
require getenv('MONIKER_TEST_SITE') . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';
require_once ABSPATH . 'wp-admin/includes/image-edit.php';
require __DIR__ . '/images.php';
require __DIR__ . '/content.php';

$live = $argv[1];
$options = ['attachments' => 0, 'posts' => 0, 'seed' => 1];
for ($i = 2; $i + 1 < $argc; $i += 2) {
    $options[ltrim($argv[$i], '-')] = (int) $argv[$i + 1];
}
mt_srand($options['seed']);
wp_set_current_user(1);
kses_remove_filters();
add_filter('upload_mimes', fn($types) => $types + ['svg' => 'image/svg+xml', 'json' => 'application/json']);

$month = '2024/05';
add_filter('upload_dir', function (array $folder) use (&$month) {
    $folder['subdir'] = '/' . $month;
    $folder['path'] = $folder['basedir'] . '/' . $month;
    $folder['url'] = $folder['baseurl'] . '/' . $month;
    return $folder;
});
$uploads = wp_upload_dir()['basedir'];

function fail(string $message): never
{
    fwrite(STDERR, "error: $message\n");
    exit(1);
}

function required(mixed $result, string $what): mixed
{
    if (is_wp_error($result)) {
        fail($what . ': ' . $result->get_error_message());
    }
    if (!$result) {
        fail("$what: nothing came of it");
    }
    return $result;
}

/** An upload as a browser makes it: WordPress cleans the name and makes it unique. */
function upload(string $name, int $width, int $height, string $title, bool $sideways = false): int
{
    $file = wp_tempnam($name);
    $drawn = $file . '.' . strtolower(pathinfo($name, PATHINFO_EXTENSION));
    write_image($drawn, $width, $height, $sideways);
    rename($drawn, $file);
    $id = media_handle_sideload(['name' => $name, 'tmp_name' => $file], 0, $title);
    return required($id, "upload of $name");
}

/** A file that came by FTP and was registered: its name is what it is. */
function import(string $relative, string $title, ?callable $make = null, string $type = ''): int
{
    global $uploads;
    $file = "$uploads/$relative";
    wp_mkdir_p(dirname($file));
    if (!file_exists($file)) {
        $make ? $make($file) : write_image($file, 640, 427);
    }
    $id = wp_insert_attachment([
        'post_title' => $title,
        'post_mime_type' => $type ?: (wp_check_filetype($file)['type'] ?: 'application/octet-stream'),
        'guid' => wp_upload_dir()['baseurl'] . '/' . $relative,
    ], $file, 0, true);
    required($id, "import of $relative");
    $metadata = wp_generate_attachment_metadata($id, $file);
    if ($metadata) {
        wp_update_attachment_metadata($id, $metadata);
    }
    return $id;
}

$attachments = [];
$attachments['photo'] = upload('IMG_1.jpg', 1200, 800, 'A red mountain bike');
$attachments['photo10'] = upload('IMG_10.jpg', 640, 427, 'Ten');
$attachments['xphoto'] = upload('xIMG_1.jpg', 640, 427, 'Longer to the left');
$attachments['photo-1'] = upload('IMG_1-1.jpg', 400, 300, 'Longer to the right');
$attachments['scaled'] = upload('DSC_4000.JPG', 2600, 1735, 'A wide valley');
$attachments['rotated'] = upload('phone.jpg', 800, 600, 'Held upright', true);
$attachments['alpha'] = upload('transparent.png', 800, 600, 'See through');
$attachments['webp'] = upload('hero.webp', 1024, 576, 'Hero');
$attachments['tiny'] = upload('tiny.png', 40, 40, 'Too small for sizes');
$attachments['edited'] = upload('edit-me.jpg', 900, 600, 'Edited twice');
$attachments['parent'] = upload('rest-edit.jpg', 900, 600, 'Edited in the block editor');
$attachments['cjk'] = upload('東京タワー.jpg', 640, 427, 'Tokyo Tower');
$attachments['space'] = import("$month/legacy photo.jpg", 'With a space');
$attachments['percent'] = import("$month/photo%20encoded.jpg", 'With a literal percent');
$attachments['umlaut'] = import("$month/grüße.jpg", 'Umlauts');
$attachments['dash'] = import("$month/double--dash.jpg", 'Two hyphens');
$attachments['regex'] = import("$month/a(1)+[x].jpg", 'Metacharacters');
$attachments['dollar'] = import("$month/b\$1_%d.jpg", 'More metacharacters');
$attachments['upper'] = import("$month/PANORAMA.JPG", 'Upper-case extension');
$attachments['june'] = import('2024/06/IMG_1.jpg', 'The same name in another month');
$attachments['five'] = import("$month/05.jpg", 'Named like its folder');
$attachments['root'] = import('top.jpg', 'Without a month');
$attachments['twoext'] = import("$month/site.min.jpg", 'Two extensions');
$attachments['sized'] = import("$month/poster-300x200.jpg", 'Looks like a size');
$attachments['stem'] = import("$month/trees.jpg", 'A stem');
$attachments['stemlonger'] = import("$month/trees-in-the-wind.jpg", 'A stem that goes on');
$attachments['samestem'] = import("$month/trees.png", 'The same stem, another type');
$attachments['opaque'] = import("$month/kept.jpg", 'Named in a value that nobody can read');
$attachments['svg'] = import("$month/logo.svg", 'A drawing', fn($file) => file_put_contents(
    $file, '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'),
    'image/svg+xml');
$attachments['text'] = import("$month/notes.txt", 'Notes', fn($file) => file_put_contents(
    $file, "A list of things.\n"));

// Two edits in the media library: backup sizes and -e<time> copies.
foreach ([[['r' => 90]], [['r' => 90]]] as $history) {
    $_REQUEST = ['history' => wp_slash(wp_json_encode($history)), 'target' => 'all',
        'do' => 'save', 'postid' => $attachments['edited']];
    $result = wp_save_image($attachments['edited']);
    if (isset($result->error)) {
        fail('edit: ' . $result->error);
    }
    usleep(2000); // The name is made from the millisecond.
}
$_REQUEST = [];

// An edit in the block editor: a new attachment that knows its parent.
$request = new WP_REST_Request('POST', '/wp/v2/media/' . $attachments['parent'] . '/edit');
$request->set_body_params([
    'src' => wp_get_attachment_url($attachments['parent']),
    'modifiers' => [['type' => 'rotate', 'args' => ['angle' => 90]]],
]);
$response = rest_do_request($request);
if ($response->is_error()) {
    fail('edit by REST: ' . $response->as_error()->get_error_message());
}
$attachments['restedit'] = $response->get_data()['id'];

// A PDF with the previews that WordPress makes where Imagick is there.
$attachments['pdf'] = import("$month/brochure.pdf", 'A brochure', fn($file) => file_put_contents(
    $file, "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"));
write_image("$uploads/$month/brochure-pdf.jpg", 600, 800);
write_image("$uploads/$month/brochure-pdf-116x150.jpg", 116, 150);
wp_update_attachment_metadata($attachments['pdf'], ['sizes' => [
    'full' => ['file' => 'brochure-pdf.jpg', 'width' => 600, 'height' => 800, 'mime-type' => 'image/jpeg'],
    'thumbnail' => ['file' => 'brochure-pdf-116x150.jpg', 'width' => 116, 'height' => 150,
        'mime-type' => 'image/jpeg'],
], 'filesize' => filesize("$uploads/$month/brochure.pdf")]);

// A translation plugin's second row for the same file.
$attachments['shared'] = required(wp_insert_attachment([
    'post_title' => 'Ein rotes Mountainbike', 'post_mime_type' => 'image/jpeg',
    'guid' => wp_upload_dir()['baseurl'] . "/$month/IMG_1.jpg",
], "$uploads/$month/IMG_1.jpg", 0, true), 'shared row');
wp_update_attachment_metadata($attachments['shared'], wp_get_attachment_metadata($attachments['photo']));

// Sidecars of optimisers, retina copies, a size of a theme that is gone, multi-mime sources.
foreach (['IMG_1.jpg', 'IMG_1-300x200.jpg', 'IMG_1-150x150.jpg'] as $name) {
    write_image("$uploads/$month/made.webp", 60, 40);
    rename("$uploads/$month/made.webp", "$uploads/$month/$name.webp");
}
write_image("$uploads/$month/transparent.avif", 60, 40);
rename("$uploads/$month/transparent.avif", "$uploads/$month/transparent.png.avif");
write_image("$uploads/$month/IMG_10@2x.jpg", 60, 40);
write_image("$uploads/$month/IMG_10-300x200@2x.jpg", 60, 40);
write_image("$uploads/$month/xIMG_1-111x74.jpg", 111, 74);
write_image("$uploads/$month/phone-sources.webp", 60, 40);
rename("$uploads/$month/phone-sources.webp", "$uploads/$month/phone-rotated-jpg.webp");
$metadata = wp_get_attachment_metadata($attachments['rotated'], true);
$metadata['sources'] = ['image/jpeg' => ['file' => basename(get_attached_file($attachments['rotated']))],
    'image/webp' => ['file' => 'phone-rotated-jpg.webp']];
wp_update_attachment_metadata($attachments['rotated'], $metadata);

for ($i = 1; $i <= $options['attachments']; $i++) {
    $name = sprintf('bulk-%05d', $i);
    $attachments[$name] = import("2023/01/$name.jpg", "Bulk image $i",
        fn($file) => write_image($file, 200, 150));
}
foreach ($attachments as $alias => $id) {
    update_post_meta($id, '_wp_attachment_image_alt', "The picture called $alias");
}

// What every attachment's files are called; the stem is what a rename replaces.
$files = [];
$rename = fopen("$live/rename-map.csv", 'w');
fputs($rename, "id,name\r\n");
foreach ($attachments as $alias => $id) {
    $attached = get_post_meta($id, '_wp_attached_file', true);
    $metadata = wp_get_attachment_metadata($id, true) ?: [];
    $folder = dirname($attached) === '.' ? '' : dirname($attached) . '/';
    $base = basename($attached);
    if (isset($metadata['original_image'])) {
        $stem = pathinfo($metadata['original_image'], PATHINFO_FILENAME);
    } else {
        $stem = preg_replace('/-e\d{13}$/', '', pathinfo($base, PATHINFO_FILENAME));
    }
    $names = ['full' => $attached];
    if (isset($metadata['original_image'])) {
        $names['original'] = $folder . $metadata['original_image'];
    }
    foreach ($metadata['sizes'] ?? [] as $size => $entry) {
        // A PDF's preview is a size called full.
        $names[$size === 'full' ? 'preview' : $size] = $folder . $entry['file'];
    }
    foreach (get_post_meta($id, '_wp_attachment_backup_sizes', true) ?: [] as $size => $entry) {
        $names["backup-$size"] = $folder . $entry['file'];
    }
    $meta = [];
    foreach (['_wp_attached_file', '_wp_attachment_metadata', '_wp_attachment_backup_sizes'] as $key) {
        $value = $wpdb->get_var($wpdb->prepare(
            'SELECT meta_value FROM wp_postmeta WHERE post_id = %d AND meta_key = %s', $id, $key));
        if ($value !== null) {
            $meta[$key] = $value;
        }
    }
    $files[$alias] = ['id' => $id, 'folder' => $folder, 'stem' => $stem,
        'extension' => pathinfo($base, PATHINFO_EXTENSION), 'names' => $names, 'meta' => $meta];
    if ($alias !== 'shared') {
        fputs($rename, "$id,renamed-$alias-file\r\n");
    }
}
fclose($rename);

// Content, stored by WordPress's functions where there is one.
$cells = [];
$content = site_content(new Names($files, []), $options);
foreach ($content as $name => $entry) {
    $value = $entry['value'];
    switch ($entry['kind']) {
    case 'post':
        $id = required(wp_insert_post(wp_slash([
            'post_title' => $name, 'post_status' => 'publish', 'post_type' => $entry['type'] ?? 'post',
            'post_excerpt' => $entry['excerpt'] ?? '', 'post_content' => $value,
        ]), true), $name);
        if (($entry['type'] ?? '') !== 'revision' && has_blocks($value)
            && serialize_blocks(parse_blocks($value)) !== $value) {
            fail("$name is not written the way WordPress writes blocks");
        }
        $cells[$name] = ['table' => 'wp_posts', 'key' => ['ID' => $id], 'column' => 'post_content'];
        break;
    case 'postmeta':
        $id = required(add_post_meta($cells[$entry['post']]['key']['ID'], $entry['key'], wp_slash($value)),
            $name);
        $cells[$name] = ['table' => 'wp_postmeta', 'key' => ['meta_id' => $id], 'column' => 'meta_value'];
        break;
    case 'termmeta':
        $id = required(add_term_meta(1, $entry['key'], wp_slash($value)), $name);
        $cells[$name] = ['table' => 'wp_termmeta', 'key' => ['meta_id' => $id], 'column' => 'meta_value'];
        break;
    case 'usermeta':
        $id = required(add_user_meta(1, $entry['key'], wp_slash($value)), $name);
        $cells[$name] = ['table' => 'wp_usermeta', 'key' => ['umeta_id' => $id], 'column' => 'meta_value'];
        break;
    case 'comment':
        $id = required(wp_insert_comment(wp_slash(['comment_post_ID' => $cells['blocks']['key']['ID'],
            'comment_content' => $value, 'comment_approved' => 1])), $name);
        $cells[$name] = ['table' => 'wp_comments', 'key' => ['comment_ID' => $id],
            'column' => 'comment_content'];
        break;
    case 'option':
        update_option($name, $value);
        $cells[$name] = ['table' => 'wp_options', 'key' => ['option_name' => $name],
            'column' => 'option_value'];
        break;
    case 'raw-option':
        $wpdb->insert('wp_options', ['option_name' => $name, 'option_value' => $value]);
        $cells[$name] = ['table' => 'wp_options', 'key' => ['option_name' => $name],
            'column' => 'option_value'];
        break;
    case 'file':
        wp_mkdir_p(dirname("$uploads/{$entry['path']}"));
        file_put_contents("$uploads/{$entry['path']}", $value);
        $cells[$name] = ['file' => $entry['path']];
        break;
    }
}
update_option('sidebars_widgets', ['sidebar-1' => ['text-2', 'custom_html-2', 'block-2'],
    'wp_inactive_widgets' => [], 'array_version' => 3]);
set_post_thumbnail($cells['blocks']['key']['ID'], $attachments['photo']);
update_option('site_icon', $attachments['webp']);
// A revision by WordPress itself.
$revision = required(wp_save_post_revision($cells['classic']['key']['ID'])
    ?: _wp_put_post_revision($cells['classic']['key']['ID']), 'revision');
$cells['revision of classic'] = ['table' => 'wp_posts', 'key' => ['ID' => $revision],
    'column' => 'post_content'];

// Plugins' own tables.
foreach (site_tables() as $statement) {
    if (!$wpdb->query($statement) && $wpdb->last_error) {
        fail($wpdb->last_error);
    }
}
$database = new PDO('mysql:unix_socket=' . explode(':', DB_HOST)[1] . ';dbname=wordpress', DB_USER,
    DB_PASSWORD, [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
// Bytes as they are: neither the server nor the driver may convert them.
$database->exec("SET NAMES binary, sql_mode = ''");
foreach ($content as $name => $entry) {
    if ($entry['kind'] !== 'row') {
        continue;
    }
    $row = $entry['row'] + [$entry['column'] => $entry['value']];
    $database->prepare('INSERT INTO ' . $entry['table'] . ' (`' . implode('`, `', array_keys($row))
        . '`) VALUES (' . implode(', ', array_fill(0, count($row), '?')) . ')')->execute(array_values($row));
    $cells[$name] = ['table' => $entry['table'], 'key' => $entry['row'], 'column' => $entry['column']];
}

// Deterministic times, and nothing of this run's.
$wpdb->query("UPDATE wp_posts SET post_date = '2024-05-01 10:00:00', post_date_gmt = '2024-05-01 10:00:00',
    post_modified = '2024-05-02 11:00:00', post_modified_gmt = '2024-05-02 11:00:00'");
$wpdb->query("UPDATE wp_acme_log SET noted = noted, changed = '2024-05-03 12:00:00'");
delete_transient('doing_cron');

$flags = JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR;
file_put_contents("$live/files.json", json_encode($files, $flags));
file_put_contents("$live/cells.json", json_encode($cells, $flags));
file_put_contents("$live/options.json", json_encode($options, $flags));

// Every file and folder with its own odd time and mode, so that keeping them can be seen.
$second = 1714550400;
foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator($uploads,
    FilesystemIterator::SKIP_DOTS), RecursiveIteratorIterator::CHILD_FIRST) as $path) {
    if (!$path->isDir()) {
        chmod($path->getPathname(), [0644, 0664, 0640][$second % 3]);
    }
    $time = sprintf('@%d.%09d', $second, ($second * 7919) % 1000000000);
    exec('touch -h -d ' . escapeshellarg($time) . ' ' . escapeshellarg($path->getPathname()));
    $second += 61;
}

// Read back: what is stored is what content.php says, byte for byte.
$wrong = compare_cells($database, $uploads, $cells, $content);
if ($wrong) {
    fail("stored otherwise than written:\n" . implode("\n", $wrong));
}
printf("%d attachments, %d files, %d known cells\n", count($attachments),
    iterator_count(new RecursiveIteratorIterator(new RecursiveDirectoryIterator($uploads,
        FilesystemIterator::SKIP_DOTS))), count($cells));
