<?php
// Holds a lock on a site's database until it is killed.
//
//   hold.php LIVE STATEMENT
require __DIR__ . '/state.php';
[, $live, $statement] = $argv;
$database = connect($live);
$sqlite = $database->getAttribute(PDO::ATTR_DRIVER_NAME) === 'sqlite';
if (!$sqlite && str_starts_with($statement, 'SELECT')) {
    $database->exec('BEGIN');
}
if ($database->query($statement)->fetchAll() === [] && str_starts_with($statement, 'SELECT')) {
    exit(1);
}
echo "held\n";
sleep(3600);
