<?php
// An image optimiser: writes smaller pictures over the files of attachments, wherever WordPress says they are.
//
//   optimise.php LIVE truncate|replace ID…
//
// Prints a JSON list of what it wrote: the attachment, the path below uploads, the digests before and after.
require getenv('MONIKER_TEST_SITE') . '/wp-load.php';
[, , $how] = $argv;
$uploads = wp_get_upload_dir()['basedir'];
$written = [];
foreach (array_slice($argv, 3) as $id) {
    $metadata = wp_get_attachment_metadata($id);
    $folder = dirname(get_attached_file($id));
    $files = [get_attached_file($id)];
    foreach ($metadata['sizes'] ?? [] as $size) {
        $files[] = "$folder/$size[file]";
    }
    foreach (array_unique($files) as $file) {
        $before = hash_file('sha256', $file);
        $bytes = file_get_contents($file) . "optimised $id " . bin2hex(random_bytes(8));
        if ($how === 'truncate') {
            // open(O_WRONLY | O_TRUNC): the file stays the same one.
            file_put_contents($file, $bytes);
        } else {
            file_put_contents("$file.tmp", $bytes);
            rename("$file.tmp", $file);
        }
        $written[] = ['attachment' => (int) $id, 'path' => substr($file, strlen($uploads) + 1),
            'before' => $before, 'after' => hash('sha256', $bytes)];
    }
}
echo json_encode($written, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE), "\n";
