<?php
// Judges a site's rows and files after a rename, without WordPress and without Moniker.
//
//   judge-data.php LIVE [MAP.csv [--old-names]]
//
// MAP.csv holds every rename that is in force now; without it the site must be as it was built.
// With --old-names the old names must still be there, as hard links of the new ones.
// Prints {"wrong":[…],"checked":{…}}; status 1 when anything is wrong.
require __DIR__ . '/content.php';
require __DIR__ . '/state.php';

[, $live] = $argv;
putenv("MONIKER_TEST_SITE=$live/www");
$uploads = "$live/www/wp-content/uploads";
$files = read_json("$live/files.json");
$cells = read_json("$live/cells.json");
$baseline = read_json("$live/baseline.json");
$stems = isset($argv[2]) ? stems($files, $argv[2]) : [];
$oldNamesStay = in_array('--old-names', $argv, true);
$names = new Names($files, $stems);
$database = connect($live);

// 1. Everything that content.php wrote.
$content = site_content($names, read_json("$live/options.json"));
$wrong = compare_cells($database, $uploads, $cells, $content);

// 2. What WordPress keeps of each attachment: the recorded structure with new names in it.
$aliases = array_column(array_map(fn($alias, $file) => [$file['id'], $alias], array_keys($files), $files), 1, 0);
$meta = 0;
foreach ($files as $alias => $file) {
    $base = fn(string $name) => basename($names->renamed($alias, $file['folder'] . $name));
    foreach ($file['meta'] as $key => $before) {
        $expected = $before;
        if ($key === '_wp_attached_file') {
            $expected = $names->renamed($alias, $before);
        } else {
            $value = unserialize($before);
            if (isset($value['file'])) {
                $value['file'] = $names->renamed($alias, $value['file']);
            }
            if (isset($value['original_image'])) {
                $value['original_image'] = $base($value['original_image']);
            }
            if (isset($value['parent_image'])) {
                $value['parent_image']['file'] = $names->renamed(
                    $aliases[$value['parent_image']['attachment_id']], $value['parent_image']['file']);
            }
            foreach ($value['sources'] ?? [] as $type => $source) {
                $value['sources'][$type]['file'] = $base($source['file']);
            }
            if ($key === '_wp_attachment_metadata') {
                foreach ($value['sizes'] ?? [] as $size => $entry) {
                    $value['sizes'][$size]['file'] = $base($entry['file']);
                }
            } else {
                foreach ($value as $size => $entry) {
                    $value[$size]['file'] = $base($entry['file']);
                }
            }
            $expected = serialize($value);
        }
        $statement = $database->prepare(
            'SELECT meta_value FROM wp_postmeta WHERE post_id = ? AND meta_key = ?');
        $statement->bindValue(1, $file['id'], PDO::PARAM_INT);
        $statement->bindValue(2, $key);
        $statement->execute();
        $found = $statement->fetchAll(PDO::FETCH_COLUMN);
        $meta++;
        if ($found !== [$expected]) {
            $wrong[] = "$key of $alias is " . json_encode($found) . ' instead of ' . json_encode([$expected]);
        }
    }
}

// 3. Everything else in the tables is as it was.
foreach (fingerprint($database, $cells) as $table => $hash) {
    if ($hash !== ($baseline['tables'][$table] ?? null)) {
        $wrong[] = "$table changed where nothing should have";
    }
}

// 4. Every file has its name, its bytes, its mode and its time, and there are no others.
$now = tree($uploads);
$owners = owners($files, array_keys($baseline['tree']));
$rewritten = array_filter(array_column($cells, 'file'));
$known = [];
foreach ($baseline['tree'] as $path => $before) {
    $alias = $owners[$path] ?? null;
    $expected = $alias === null ? $path : $names->renamed($alias, $path);
    $known[$expected] = true;
    $after = $now[$expected] ?? null;
    if ($after === null) {
        $wrong[] = "file $path should now be $expected";
        continue;
    }
    foreach ($before['type'] === 'f' ? ['type', 'mode', 'time', 'sha256'] : ['type', 'mode'] as $what) {
        $changes = in_array($path, $rewritten, true) && $what === 'sha256' && $stems;
        if ($after[$what] !== $before[$what] && !$changes) {
            $wrong[] = "$what of $expected is {$after[$what]} instead of {$before[$what]}";
        }
    }
    // The name in the value that nobody can read works as long as the value says so.
    if ($expected !== $path && ($oldNamesStay || $path === '2024/05/kept.jpg')) {
        $known[$path] = true;
        if (($now[$path]['inode'] ?? null) !== $after['inode']) {
            $wrong[] = "old name $path is not a hard link of $expected";
        }
    } elseif ($expected !== $path && str_starts_with($path, '2024/05/kept')) {
        $known[$path] = true;
    }
}
foreach (array_diff_key($now, $known) as $path => $entry) {
    $wrong[] = "nobody expects $path";
}

echo json_encode(['wrong' => $wrong, 'checked' => ['cells' => count($cells), 'meta' => $meta,
    'tables' => count($baseline['tables']), 'files' => count($baseline['tree'])]],
    JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE), "\n";
exit($wrong ? 1 : 0);
