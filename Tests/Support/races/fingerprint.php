<?php
// Prints one hash a table, read without locks: also while a transaction is open.
//
//   fingerprint.php LIVE
require __DIR__ . '/../wordpress/state.php';
[, $live] = $argv;
echo json_encode(fingerprint(connect($live), []), JSON_PRETTY_PRINT), "\n";
