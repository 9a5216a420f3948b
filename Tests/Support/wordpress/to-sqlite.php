<?php
// Copies the MariaDB site's tables into an SQLite file laid out as the SQLite Database
// Integration plugin lays it out: STRICT tables, text that compares without case, AUTOINCREMENT,
// and the plugin's own tables about the MySQL schema.
[, $socket, $file] = $argv;
@mkdir(dirname($file), 0755, true);
$options = [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION];
$source = new PDO("mysql:unix_socket=$socket;dbname=wordpress;charset=utf8mb4", 'wordpress',
    'correct horse', $options);
$target = new PDO("sqlite:$file", null, null, $options);
$target->exec('PRAGMA journal_mode = WAL');
$target->exec('BEGIN');
$target->exec('CREATE TABLE _wp_sqlite_global_variables (
    name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT');
$target->exec("INSERT INTO _wp_sqlite_global_variables VALUES ('driver_version', '2.2.0')");
$target->exec('CREATE TABLE _wp_sqlite_mysql_information_schema_columns (
    TABLE_NAME TEXT NOT NULL COLLATE NOCASE, COLUMN_NAME TEXT NOT NULL COLLATE NOCASE,
    DATA_TYPE TEXT NOT NULL COLLATE NOCASE, PRIMARY KEY (TABLE_NAME, COLUMN_NAME)) STRICT');

$tables = $source->query("SELECT TABLE_NAME FROM information_schema.TABLES
    WHERE TABLE_SCHEMA = 'wordpress' AND TABLE_TYPE = 'BASE TABLE' ORDER BY 1")
    ->fetchAll(PDO::FETCH_COLUMN);
foreach ($tables as $table) {
    $columns = $source->query("SELECT COLUMN_NAME, DATA_TYPE, IS_NULLABLE, COLUMN_DEFAULT, EXTRA,
        COLUMN_KEY FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = 'wordpress'
        AND TABLE_NAME = '$table' AND GENERATION_EXPRESSION IS NULL ORDER BY ORDINAL_POSITION")
        ->fetchAll(PDO::FETCH_ASSOC);
    $keys = array_column(array_filter($columns, fn($c) => $c['COLUMN_KEY'] === 'PRI'), 'COLUMN_NAME');
    $definitions = [];
    foreach ($columns as $i => $column) {
        $name = '`' . $column['COLUMN_NAME'] . '`';
        $type = match (true) {
            str_contains($column['DATA_TYPE'], 'int') => 'INTEGER',
            str_contains($column['DATA_TYPE'], 'blob') => 'BLOB',
            in_array($column['DATA_TYPE'], ['double', 'float', 'decimal'], true) => 'REAL',
            default => 'TEXT',
        };
        // A composite key with numbers beyond Int64 only fits as text.
        if ($table === 'wp_acme_composite' && $column['COLUMN_NAME'] === 'a') {
            $type = 'TEXT';
        }
        $columns[$i]['type'] = $type;
        $target->prepare('INSERT INTO _wp_sqlite_mysql_information_schema_columns VALUES (?, ?, ?)')
            ->execute([$table, $column['COLUMN_NAME'], $column['DATA_TYPE']]);
        if (str_contains($column['EXTRA'], 'auto_increment')) {
            $definitions[] = "$name INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL";
            $keys = [];
            continue;
        }
        $definition = "$name $type" . ($column['IS_NULLABLE'] === 'NO' ? ' NOT NULL' : '');
        $default = trim((string) $column['COLUMN_DEFAULT'], "'");
        if ($column['COLUMN_DEFAULT'] !== null && $default !== 'NULL') {
            $definition .= $default === 'current_timestamp()' ? ' DEFAULT CURRENT_TIMESTAMP'
                : ' DEFAULT ' . (is_numeric($default) && $type !== 'TEXT' ? $default : $target->quote($default));
        }
        $definitions[] = $definition . ($type === 'TEXT' ? ' COLLATE NOCASE' : '');
    }
    if ($keys) {
        $definitions[] = 'PRIMARY KEY (`' . implode('`, `', $keys) . '`)';
    }
    $target->exec("CREATE TABLE `$table` (\n  " . implode(",\n  ", $definitions) . "\n) STRICT");
    $indices = $source->query("SELECT INDEX_NAME, MAX(NON_UNIQUE), GROUP_CONCAT('`', COLUMN_NAME, '`'
        ORDER BY SEQ_IN_INDEX) FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = 'wordpress'
        AND TABLE_NAME = '$table' AND INDEX_NAME <> 'PRIMARY' GROUP BY 1")->fetchAll(PDO::FETCH_NUM);
    foreach ($indices as [$index, $repeats, $indexed]) {
        $target->exec('CREATE ' . ($repeats ? '' : 'UNIQUE ') . "INDEX `{$table}__$index` ON `$table` ($indexed)");
    }
    $list = '`' . implode('`, `', array_column($columns, 'COLUMN_NAME')) . '`';
    $insert = $target->prepare("INSERT INTO `$table` ($list) VALUES ("
        . implode(', ', array_fill(0, count($columns), '?')) . ')');
    foreach ($source->query("SELECT $list FROM `$table`")->fetchAll(PDO::FETCH_NUM) as $row) {
        foreach ($row as $i => $value) {
            $insert->bindValue($i + 1, $value, match (true) {
                $value === null => PDO::PARAM_NULL,
                $columns[$i]['type'] === 'BLOB' => PDO::PARAM_LOB,
                $columns[$i]['type'] === 'INTEGER' => PDO::PARAM_INT,
                default => PDO::PARAM_STR,
            });
        }
        $insert->execute();
    }
}
$target->exec('COMMIT');
