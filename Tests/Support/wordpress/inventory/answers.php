<?php
// What WordPress itself says of its images and of where they are used, as JSON.
require getenv('MONIKER_TEST_SITE') . '/wp-load.php';
$images = [];
foreach (get_posts(['post_type' => 'attachment', 'post_mime_type' => 'image', 'numberposts' => -1,
    'post_status' => ['inherit', 'private']]) as $image) {
    $metadata = wp_get_attachment_metadata($image->ID) ?: [];
    $file = get_attached_file($image->ID);
    $images[$image->ID] = [
        'title' => $image->post_title, 'caption' => $image->post_excerpt,
        'description' => $image->post_content,
        'alt' => metadata_exists('post', $image->ID, '_wp_attachment_image_alt')
            ? get_post_meta($image->ID, '_wp_attachment_image_alt', true) : null,
        'width' => (int) ($metadata['width'] ?? 0), 'height' => (int) ($metadata['height'] ?? 0),
        'bytes' => is_file($file) ? filesize($file) : null,
        'sha256' => is_file($file) ? hash_file('sha256', $file) : null,
    ];
}
/** The ids that core's blocks name. */
function named(array $blocks): array
{
    $ids = [];
    foreach ($blocks as $block) {
        $attrs = $block['attrs'];
        $ids = array_merge($ids, named($block['innerBlocks']), match ($block['blockName']) {
            'core/image', 'core/cover' => isset($attrs['id']) ? [$attrs['id']] : [],
            'core/media-text' => isset($attrs['mediaId']) ? [$attrs['mediaId']] : [],
            'core/gallery' => $attrs['ids'] ?? [],
            default => [],
        });
    }
    return $ids;
}
$uses = [];
foreach (get_posts(['post_type' => ['post', 'page', 'product'], 'numberposts' => -1,
    'post_status' => ['publish', 'draft', 'private', 'pending', 'future']]) as $post) {
    $ids = named(parse_blocks($post->post_content));
    $ids[] = get_post_thumbnail_id($post);
    foreach (get_post_galleries($post, false) as $gallery) {
        $ids = array_merge($ids, explode(',', $gallery['ids'] ?? ''));
    }
    $ids = array_merge($ids, explode(',', get_post_meta($post->ID, '_product_image_gallery', true)));
    preg_match_all('/<img[^>]+src=["\']([^"\']+)/', $post->post_content, $sources);
    foreach ($sources[1] as $source) {
        $ids[] = attachment_url_to_postid($source)
            ?: attachment_url_to_postid(preg_replace('/-\d+x\d+(?=\.\w+$)/', '', $source))
            ?: attachment_url_to_postid(preg_replace('/-\d+x\d+(?=\.\w+$)/', '-scaled', $source));
    }
    foreach (array_unique(array_filter(array_map('intval', $ids))) as $id) {
        if (isset($images[$id])) {
            $uses[] = ['post' => $post->ID, 'attachment' => $id];
        }
    }
}
echo json_encode(['images' => $images, 'uses' => $uses, 'language' => get_bloginfo('language')]);
