<?php
// Writes every byte of an SQLite site: the schema, then each table's rows in the order of rowid.
$database = new PDO('sqlite:' . $argv[1], null, null, [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
$schema = $database->query(
    "SELECT type, name, tbl_name, sql FROM sqlite_master
     WHERE tbl_name <> 'wp_moniker_tx' AND name NOT LIKE 'sqlite_%' ORDER BY type, name"
)->fetchAll(PDO::FETCH_ASSOC);
foreach ($schema as $entry) {
    echo $entry['type'], ' ', $entry['name'], "\n", $entry['sql'], "\n";
}
foreach ($schema as $entry) {
    if ($entry['type'] !== 'table') {
        continue;
    }
    $columns = [];
    foreach ($database->query('PRAGMA table_info("' . $entry['name'] . '")') as $column) {
        $name = '"' . str_replace('"', '""', $column['name']) . '"';
        $columns[] = "typeof($name) || ':' || hex(CAST($name AS BLOB))";
    }
    $key = str_contains($entry['sql'], 'WITHOUT ROWID') ? '1, 2' : 'rowid';
    echo '-- ', $entry['name'], "\n";
    $rows = $database->query(
        'SELECT ' . implode(', ', $columns) . ' FROM "' . $entry['name'] . "\" ORDER BY $key"
    );
    foreach ($rows->fetchAll(PDO::FETCH_NUM) as $row) {
        echo implode(' ', array_map(fn($cell) => $cell ?? 'null', $row)), "\n";
    }
}
