<?php
// What a site's files and rows are, so that a judge can say what else changed.

/** Every file and folder below uploads: type, mode, time in nanoseconds, inode, sha256. */
function tree(string $uploads): array
{
    $entries = [];
    $lines = explode("\n\0", shell_exec('cd ' . escapeshellarg($uploads)
        . " && find . -mindepth 1 ! -path './.moniker*' -printf '%P\\n%y\\n%m\\n%T@\\n%i\\n\\0'"));
    foreach ($lines as $line) {
        if ($line === '') {
            continue;
        }
        [$path, $type, $mode, $time, $inode] = explode("\n", $line);
        $entries[$path] = ['type' => $type, 'mode' => $mode, 'time' => $time, 'inode' => $inode,
            'sha256' => $type === 'f' ? hash_file('sha256', "$uploads/$path") : null];
    }
    ksort($entries);
    return $entries;
}

/** Which attachment each file belongs to; files of no attachment are left out. */
function owners(array $files, array $paths): array
{
    $owners = [];
    foreach ($files as $alias => $file) {
        foreach ($file['names'] as $name) {
            $owners[$name] ??= $alias;
        }
    }
    // Files that no metadata names: sidecars, retina copies, sizes of an earlier theme.
    foreach ($paths as $path) {
        foreach ($files as $alias => $file) {
            if (isset($owners[$path])) {
                break;
            }
            $extension = $file['extension'] === 'pdf' ? 'jpg' : $file['extension'];
            $pattern = '~^' . preg_quote($file['folder'] . $file['stem'], '~')
                . '(-pdf|-scaled|-rotated|-e\d{13})*(-\d+x\d+)?(@2x)?'
                . "\.(?i:$extension)(\.webp|\.avif)?$~";
            if (preg_match($pattern, $path)) {
                $owners[$path] = $alias;
            }
        }
        if (preg_match('~^2024/05/phone-rotated-jpg\.webp$~', $path)) {
            $owners[$path] = 'rotated'; // Named by the metadata's sources only.
        }
    }
    return $owners;
}

/** One hash a table over everything that no judge expects to change. */
function fingerprint(PDO $database, array $cells): array
{
    $sqlite = $database->getAttribute(PDO::ATTR_DRIVER_NAME) === 'sqlite';
    $tables = $database->query($sqlite
        ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        : "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()
            AND TABLE_TYPE = 'BASE TABLE'")->fetchAll(PDO::FETCH_COLUMN);
    $hashes = [];
    foreach ($tables as $table) {
        if (str_contains($table, 'moniker_')) {
            continue;
        }
        $expected = array_filter($cells, fn($cell) => ($cell['table'] ?? '') === $table);
        $rows = [];
        foreach ($database->query("SELECT * FROM `$table`")->fetchAll(PDO::FETCH_ASSOC) as $row) {
            if (str_starts_with($row['option_name'] ?? '', 'moniker_tx_')) {
                continue;
            }
            $skipped = [];
            foreach ($expected as $cell) {
                $matches = true;
                foreach ($cell['key'] as $column => $part) {
                    $matches = $matches && (string) $row[$column] === (string) $part;
                }
                if ($matches) {
                    $skipped[$cell['column']] = true;
                }
            }
            if (in_array($row['meta_key'] ?? '', ['_wp_attached_file', '_wp_attachment_metadata',
                '_wp_attachment_backup_sizes'], true)) {
                $skipped['meta_value'] = true;
            }
            // Computed by the server from a cell that is expected to change.
            if (isset($skipped['url'])) {
                $skipped += ['url_copy' => true, 'url_length' => true];
            }
            $rows[] = hash('sha256', serialize(array_diff_key($row, $skipped)));
        }
        sort($rows);
        $hashes[$table] = hash('sha256', implode($rows));
    }
    ksort($hashes);
    return $hashes;
}

/** The connection to a site's database, on which bytes stay as they are. */
function connect(string $live): PDO
{
    $options = [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION];
    if (is_file("$live/www/wp-content/database/.ht.sqlite")) {
        return new PDO("sqlite:$live/www/wp-content/database/.ht.sqlite", null, null, $options);
    }
    preg_match("~'localhost:(.*?)'~", file_get_contents("$live/www/wp-config.php"), $found);
    $database = new PDO("mysql:unix_socket=$found[1];dbname=wordpress", 'root', '', $options);
    $database->exec('SET NAMES binary');
    return $database;
}

function read_json(string $file): array
{
    return json_decode(file_get_contents($file), true, 512, JSON_THROW_ON_ERROR);
}

/** New stems by alias, from a map file of ids and names. */
function stems(array $files, string $map): array
{
    $aliases = [];
    foreach ($files as $alias => $file) {
        $aliases[$file['id']] = $alias;
    }
    $stems = [];
    foreach (array_slice(file($map, FILE_IGNORE_NEW_LINES), 1) as $line) {
        [$id, $name] = str_getcsv($line);
        $stems[$aliases[$id]] = $name;
    }
    return $stems;
}
