<?php
// A person edits an image in WordPress.
//
//   edit.php LIVE ID alt|title|caption|description TEXT
//   edit.php LIVE ID delete | no-alt
//   edit.php LIVE ID attach POST_TITLE POST_TYPE POST_STATUS     prints the id of the new post
//   edit.php LIVE 0 option NAME VALUE
require getenv('MONIKER_TEST_SITE') . '/wp-load.php';
kses_remove_filters();
[, , $id, $what] = $argv;
$column = ['title' => 'post_title', 'caption' => 'post_excerpt', 'description' => 'post_content'];
if ($what === 'delete') {
    wp_delete_attachment($id, true);
} elseif ($what === 'no-alt') {
    delete_post_meta($id, '_wp_attachment_image_alt');
} elseif ($what === 'option') {
    update_option($argv[4], $argv[5]);
} elseif ($what === 'attach') {
    $post = wp_insert_post(wp_slash([
        'post_title' => $argv[4], 'post_type' => $argv[5], 'post_status' => $argv[6]]), true);
    wp_update_post(['ID' => $id, 'post_parent' => $post]);
    echo $post;
} elseif ($what === 'alt') {
    update_post_meta($id, '_wp_attachment_image_alt', wp_slash($argv[4]));
} else {
    wp_update_post(wp_slash(['ID' => $id, $column[$what] => $argv[4]]));
}
