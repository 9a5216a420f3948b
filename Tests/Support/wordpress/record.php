<?php
// Writes baseline.json beside a freshly built site: every file, and a hash of every table.
require __DIR__ . '/state.php';
[, $live] = $argv;
$cells = read_json("$live/cells.json");
file_put_contents("$live/baseline.json", json_encode([
    'tree' => tree("$live/www/wp-content/uploads"),
    'tables' => fingerprint(connect($live), $cells),
], JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR));
