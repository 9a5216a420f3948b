<?php
// What the database holds of every image, as JSON: the oracle of the tests.
//
//   texts.php LIVE
require getenv('MONIKER_TEST_SITE') . '/wp-load.php';
global $wpdb;
$all = [];
foreach ($wpdb->get_results("SELECT * FROM $wpdb->posts WHERE post_type = 'attachment'
        AND post_status IN ('inherit', 'private') ORDER BY ID") as $post) {
    $all[] = [
        'id' => (int) $post->ID,
        'mime' => $post->post_mime_type,
        'parent' => (int) $post->post_parent,
        'title' => $post->post_title,
        'caption' => $post->post_excerpt,
        'description' => $post->post_content,
        // Each row of the meta table; none, one and two are different. WordPress says null for ''.
        'alt' => array_map('strval', $wpdb->get_col($wpdb->prepare("SELECT meta_value FROM $wpdb->postmeta
            WHERE post_id = %d AND meta_key = '_wp_attachment_image_alt' ORDER BY meta_id", $post->ID))),
        'file' => get_attached_file($post->ID),
    ];
}
echo json_encode($all, JSON_THROW_ON_ERROR);
