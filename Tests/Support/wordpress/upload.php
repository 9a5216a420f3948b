<?php
// A person uploads a picture: prints the id and the path that WordPress gave it.
//
//   upload.php LIVE NAME
require getenv('MONIKER_TEST_SITE') . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';
require __DIR__ . '/images.php';
[, $live, $name] = $argv;
wp_set_current_user(1);
add_filter('upload_dir', fn(array $folder) => ['subdir' => '/2024/05',
    'path' => $folder['basedir'] . '/2024/05', 'url' => $folder['baseurl'] . '/2024/05'] + $folder);
$file = wp_tempnam($name);
write_image("$file.jpg", 320, 240);
rename("$file.jpg", $file);
$id = media_handle_sideload(['name' => $name, 'tmp_name' => $file], 0);
if (is_wp_error($id)) {
    fwrite(STDERR, 'error: ' . $id->get_error_message() . "\n");
    exit(1);
}
echo $id, ' ', get_post_meta($id, '_wp_attached_file', true), "\n";
