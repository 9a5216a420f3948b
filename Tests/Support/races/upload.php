<?php
// A person uploads a picture under a name of their choice.
//
//   upload.php LIVE NAME [GO]
//
// With GO it stops between choosing a free name and writing the file, prints "named", and goes on when
// the file GO is there. Prints a JSON: the attachment, its files below uploads and their digests.
require getenv('MONIKER_TEST_SITE') . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';
require __DIR__ . '/../wordpress/images.php';
[, , $name] = $argv;
wp_set_current_user(1);
add_filter('upload_dir', fn(array $folder) => ['subdir' => '/2024/05',
    'path' => $folder['basedir'] . '/2024/05', 'url' => $folder['baseurl'] . '/2024/05'] + $folder);
if (isset($argv[3])) {
    add_filter('wp_unique_filename', function ($unique) use ($argv) {
        echo "named\n";
        while (!file_exists($argv[3])) {
            usleep(1000);
        }
        return $unique;
    });
}
$file = wp_tempnam($name);
write_image("$file.jpg", 330, 250);
rename("$file.jpg", $file);
$id = media_handle_sideload(['name' => $name, 'tmp_name' => $file], 0);
if (is_wp_error($id)) {
    fwrite(STDERR, 'error: ' . $id->get_error_message() . "\n");
    exit(1);
}
$uploads = wp_get_upload_dir()['basedir'];
$folder = dirname(get_attached_file($id));
$files = [get_attached_file($id)];
foreach (wp_get_attachment_metadata($id)['sizes'] ?? [] as $size) {
    $files[] = "$folder/$size[file]";
}
$digests = [];
foreach ($files as $path) {
    $digests[substr($path, strlen($uploads) + 1)] = hash_file('sha256', $path);
}
echo json_encode(['id' => $id, 'files' => $digests], JSON_UNESCAPED_SLASHES), "\n";
