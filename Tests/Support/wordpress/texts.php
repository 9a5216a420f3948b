<?php
// Prints the texts of attachments as WordPress reads them, by id, as JSON.
require getenv('MONIKER_TEST_SITE') . '/wp-load.php';
$texts = [];
foreach (array_slice($argv, 2) as $id) {
    $post = get_post((int) $id);
    $texts[$id] = [
        'alt' => get_post_meta((int) $id, '_wp_attachment_image_alt', true),
        'rows' => count(get_post_meta((int) $id, '_wp_attachment_image_alt')),
        'title' => $post->post_title,
        'caption' => $post->post_excerpt,
        'description' => $post->post_content,
    ];
}
echo json_encode($texts, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES), "\n";
