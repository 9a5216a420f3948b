<?php
// Lets WordPress itself judge: whatever it makes of its attachments and its content may only name
// files that exist. Prints {"wrong":[…],"checked":{…}}; status 1 when anything is wrong.
require getenv('MONIKER_TEST_SITE') . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/image.php';
require_once ABSPATH . 'wp-admin/includes/image-edit.php';
require_once ABSPATH . 'wp-admin/includes/file.php';
require __DIR__ . '/state.php';

[, $live] = $argv;
$files = read_json("$live/files.json");
$cells = read_json("$live/cells.json");
// Not wp_upload_dir(): that would make this month's folder.
$uploads = wp_get_upload_dir()['basedir'];
$wrong = [];
$checked = ['files' => 0, 'urls' => 0, 'posts' => 0];

function file_is_there(string $file, string $what): void
{
    global $wrong, $checked;
    $checked['files']++;
    if (!is_file($file)) {
        $wrong[] = "$what names $file, which is not there";
    }
}

/** A URL names a file when its path does, as it is (WordPress does not encode) or decoded. */
function url_is_there(string $url, string $what): void
{
    global $wrong, $checked, $uploads;
    $checked['urls']++;
    $path = preg_replace('~^.*?/wp-content/uploads/~', '', preg_replace('~[?#].*$~', '', $url));
    if (!is_file("$uploads/$path") && !is_file("$uploads/" . rawurldecode($path))) {
        $wrong[] = "$what links $url, which is not there";
    }
}

function urls_are_there(string $html, string $what): void
{
    // Archived copies and other hosts keep their names. A name may have spaces: it ends with its
    // extension, and what continues that would be a different name.
    preg_match_all('~(?<![\w/.=])(?:(?:https?:)?//(?:www\.|i0\.wp\.com/)?example\.com)?/wp-content/uploads/'
        . '[^"\'<>|\\\\\r\n]+?\.(?:jpe?g|png|webp|pdf|svg|txt)[\w.-]*~i', html_entity_decode($html), $found);
    foreach ($found[0] as $url) {
        url_is_there(rtrim($url, '.'), $what);
    }
}

foreach ($files as $alias => $file) {
    $id = $file['id'];
    $folder = dirname(get_attached_file($id));
    file_is_there(get_attached_file($id), "get_attached_file of $alias");
    url_is_there(wp_get_attachment_url($id), "wp_get_attachment_url of $alias");
    $metadata = wp_get_attachment_metadata($id) ?: [];
    if (isset($metadata['file'])) {
        file_is_there("$uploads/{$metadata['file']}", "metadata of $alias");
        if ("$uploads/{$metadata['file']}" !== get_attached_file($id)) {
            $wrong[] = "$alias: the metadata and the attached file differ";
        }
    }
    if (wp_attachment_is_image($id)) {
        file_is_there(wp_get_original_image_path($id), "wp_get_original_image_path of $alias");
        url_is_there(wp_get_original_image_url($id), "wp_get_original_image_url of $alias");
        foreach ([...get_intermediate_image_sizes(), 'full'] as $size) {
            $found = image_downsize($id, $size);
            if (!$found) {
                $wrong[] = "$alias: no image_downsize for $size";
                continue;
            }
            url_is_there($found[0], "image_downsize of $alias for $size");
            foreach (explode(', ', wp_get_attachment_image_srcset($id, $size) ?: '') as $candidate) {
                if ($candidate !== '') {
                    url_is_there(preg_replace('/ \d+w$/', '', $candidate), "srcset of $alias for $size");
                }
            }
        }
    }
    foreach ($metadata['sizes'] ?? [] as $size => $entry) {
        file_is_there("$folder/{$entry['file']}", "size $size of $alias");
    }
    foreach ($metadata['sources'] ?? [] as $type => $entry) {
        file_is_there("$folder/{$entry['file']}", "source $type of $alias");
    }
    foreach (get_post_meta($id, '_wp_attachment_backup_sizes', true) ?: [] as $size => $entry) {
        file_is_there("$folder/{$entry['file']}", "backup $size of $alias");
    }
    if (isset($metadata['parent_image'])) {
        file_is_there("$uploads/{$metadata['parent_image']['file']}", "parent image of $alias");
    }
}

$posts = get_posts(['numberposts' => -1, 'post_type' => 'any', 'post_status' => 'any',
    'exclude' => [$cells['never']['key']['ID']]]);
foreach ($posts as $post) {
    setup_postdata($GLOBALS['post'] = $post);
    // wptexturize prints 300x200 in prose with a multiplication sign; no browser asks for that.
    urls_are_there(str_replace(['×', '&#215;'], 'x', apply_filters('the_content', $post->post_content)), "the_content of \"$post->post_title\"");
    $checked['posts']++;
}
wp_reset_postdata();
ob_start();
dynamic_sidebar('sidebar-1');
$sidebar = ob_get_clean();
if (substr_count($sidebar, '/wp-content/uploads/') < 3) {
    $wrong[] = 'the widgets show fewer pictures than the site has';
}
urls_are_there($sidebar, 'the sidebar');
urls_are_there(get_post($cells['custom css']['key']['ID'])->post_content, 'the custom CSS');
url_is_there(get_header_image(), 'get_header_image');
url_is_there(get_theme_mod('header_image_data')->thumbnail_url, 'header_image_data');
url_is_there(get_background_image(), 'get_background_image');
url_is_there(get_site_icon_url(), 'get_site_icon_url');
urls_are_there(get_the_post_thumbnail($cells['blocks']['key']['ID']), 'the post thumbnail');
foreach (get_post_meta($cells['classic']['key']['ID'], '_downloadable_files', true) as $download) {
    url_is_there($download['file'], 'a download');
}
foreach (json_decode(get_post_meta($cells['blocks']['key']['ID'], '_elementor_data', true), true) as $section) {
    url_is_there($section['settings']['background_image']['url'], 'Elementor');
}

if (in_array('--restore-edited', $argv, true)) {
    // The media library's "restore original" needs every name in the backup sizes. It writes.
    $result = wp_restore_image($files['edited']['id']);
    if (isset($result->error)) {
        $wrong[] = 'restore original: ' . $result->error;
    }
    file_is_there(get_attached_file($files['edited']['id']), 'the restored original');
}

echo json_encode(['wrong' => $wrong, 'checked' => $checked],
    JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE), "\n";
exit($wrong ? 1 : 0);
