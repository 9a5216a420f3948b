<?php
// People work in the library: posts, a product, galleries, and a text alternative that is cleared.
// Prints the ids of what was made, as JSON.
require getenv('MONIKER_TEST_SITE') . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/admin.php';
wp_set_current_user(1);
kses_remove_filters();
$images = get_posts(['post_type' => 'attachment', 'post_mime_type' => 'image', 'numberposts' => 8,
    'orderby' => 'ID', 'order' => 'ASC', 'post_status' => 'inherit']);
$ids = array_map(fn($image) => $image->ID, $images);
[$a, $b, $c, $d, $e, $f, $g, $h] = $ids;
function make(string $type, string $title, string $content, string $status = 'publish'): int
{
    return wp_insert_post(wp_slash(['post_type' => $type, 'post_title' => $title,
        'post_content' => $content, 'post_status' => $status]), true);
}
$medium = fn($id) => wp_get_attachment_image_url($id, 'medium');
$full = fn($id) => wp_get_attachment_url($id);
$made = [];
$made[] = make('post', 'By address', "<h2>Rooms</h2><a href='/rooms'><img src=\"{$medium($a)}\"></a>"
    . "<h3>Garden</h3><p><img src=\"{$full($b)}\" alt=''></p>");
$made[] = make('page', 'By block', serialize_blocks([
    ['blockName' => 'core/image', 'attrs' => ['id' => $c], 'innerBlocks' => [],
        'innerHTML' => '', 'innerContent' => ['<figure></figure>']],
    ['blockName' => 'core/media-text', 'attrs' => ['mediaId' => $d, 'mediaType' => 'image'],
        'innerBlocks' => [], 'innerHTML' => '', 'innerContent' => ['<div></div>']],
    ['blockName' => 'core/cover', 'attrs' => ['id' => $e, 'url' => $full($e)],
        'innerBlocks' => [], 'innerHTML' => '', 'innerContent' => ['<div></div>']],
]), 'draft');
$made[] = make('post', 'By shortcode', "[gallery ids=\"$f,$g\"]", 'private');
$made[] = $product = make('product', 'Lamp', 'A lamp.');
set_post_thumbnail($product, $h);
update_post_meta($product, '_product_image_gallery', "$a,$c");
$made[] = $news = make('post', 'News', 'Text only.');
set_post_thumbnail($news, $b);
wp_trash_post(make('post', 'Thrown away', "<img src=\"{$full($h)}\">"));

// The edit screen of an attachment, first with a text and then with none.
foreach (['A lamp', ''] as $alt) {
    edit_post(['post_ID' => $d, 'post_type' => 'attachment', 'post_title' => 'Cleared',
        'content' => '', 'excerpt' => '', '_wp_attachment_image_alt' => $alt]);
}
delete_post_meta($e, '_wp_attachment_image_alt');
wp_update_post(['ID' => $f, 'post_excerpt' => 'A caption', 'post_content' => 'A description']);
echo json_encode(['made' => $made, 'cleared' => $d, 'removed' => $e, 'product' => $product]);
