<?php
// People save through WordPress without a pause: posts, builder meta, widgets, a plugin's table.
//
//   storm.php LIVE save STOP SEED      until the file STOP is there, and until LEAST saves were tried; prints
//                                      a JSON of what was acknowledged, and how many began before STOP
//   storm.php LIVE open NAME GO TOKEN  opens a page, prints "opened", waits for the file GO and saves
//   storm.php LIVE settle MAP LOG… -- old|new
//       counts what the logs' tokens came to, takes the tokens out of the values, expects each value to
//       be what it was with all old or all new names, and makes it the one of the set at the end
//
// Every save adds a token that no other save has. A save counts when WordPress says that it worked.
require getenv('MONIKER_TEST_SITE') . '/wp-load.php';
require __DIR__ . '/../wordpress/content.php';
require __DIR__ . '/../wordpress/state.php';
[, $live, $command] = $argv;
$cells = read_json("$live/cells.json");
wp_set_current_user(1);
kses_remove_filters();
// Pings of each save would be rows that nobody here judges.
remove_action('publish_post', '_publish_post_hook', 5);
$wpdb->hide_errors();
$wpdb->suppress_errors();

// However quickly a change ends: enough that most values were saved, during it or right after.
const LEAST = 30;
const POSTS = ['blocks', 'classic', 'markdown', 'shortcodes'];
const META = ['elementor', 'acf link'];
const OPTIONS = ['widget_text', 'widget_custom_html', 'theme_mods_plain'];

/** Reads one value as a page that opens now shows it. */
function opened(string $name): mixed
{
    global $cells, $wpdb;
    wp_cache_flush();
    $key = $cells[$name]['key'];
    if (in_array($name, POSTS, true)) {
        return get_post($key['ID'])->post_content;
    }
    if (in_array($name, META, true)) {
        return get_metadata_by_mid('post', $key['meta_id'])->meta_value;
    }
    return in_array($name, OPTIONS, true) ? get_option($name)
        : $wpdb->get_var("SELECT body FROM wp_acme_myisam WHERE id = 1");
}

/** The value with a token in it, the way its owner would add something. */
function with_token(string $name, mixed $value, string $token): mixed
{
    switch ($name) {
    case 'elementor':
        $value = json_decode($value, true);
        $value[0]['settings']['tokens'][] = $token;
        return json_encode($value);
    case 'row MyISAM':
        $value = unserialize($value);
        $value['tokens'][] = $token;
        return serialize($value);
    case 'widget_text':
        $value[2]['text'] .= "<!--$token-->";
        return $value;
    case 'widget_custom_html':
        $value[2]['content'] .= "<!--$token-->";
        return $value;
    case 'acf link':
    case 'theme_mods_plain':
        $value['tokens'][] = $token;
        return $value;
    default:
        return "$value<!--$token-->";
    }
}

/** A stored value without its tokens. */
function without_tokens(string $name, string $stored): string
{
    switch ($name) {
    case 'elementor':
        $value = json_decode($stored, true);
        unset($value[0]['settings']['tokens']);
        return json_encode($value);
    case 'widget_text':
    case 'widget_custom_html':
        $value = unserialize($stored);
        $field = $name === 'widget_text' ? 'text' : 'content';
        $value[2][$field] = preg_replace('/<!--token-\S+?-->/', '', $value[2][$field]);
        return serialize($value);
    case 'row MyISAM':
    case 'acf link':
    case 'theme_mods_plain':
        $value = unserialize($stored);
        unset($value['tokens']);
        return serialize($value);
    default:
        return preg_replace('/<!--token-\S+?-->/', '', $stored);
    }
}

/** A value in which every name is spelt in one way, whatever it is wrapped in. */
function spelt_alike(string $value): string
{
    $inner = @unserialize($value);
    $inner = $inner === false ? json_decode($value) ?? $value : $inner;
    return rawurldecode(json_encode($inner, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES));
}

/** Saves a value through WordPress; whether it says that it worked. */
function save(string $name, mixed $value): bool
{
    global $cells, $wpdb;
    $key = $cells[$name]['key'];
    $wpdb->last_error = '';
    if (in_array($name, POSTS, true)) {
        $worked = (bool) wp_update_post(wp_slash(['ID' => $key['ID'], 'post_content' => $value]));
    } elseif (in_array($name, META, true)) {
        $worked = (bool) update_metadata_by_mid('post', $key['meta_id'], $value);
    } elseif (in_array($name, OPTIONS, true)) {
        $worked = update_option($name, $value);
    } else {
        $worked = $wpdb->update('wp_acme_myisam', ['body' => $value], ['id' => 1]) === 1;
    }
    return $worked;
}

if ($command === 'save') {
    [, , , $stop, $seed] = $argv;
    mt_srand((int) $seed);
    $names = [...POSTS, ...META, ...OPTIONS, 'row MyISAM'];
    $log = ['acknowledged' => [], 'refused' => 0, 'meanwhile' => 0];
    echo "saving\n";
    for ($number = 0; ($running = !file_exists($stop)) || $number < LEAST; $number++) {
        $name = $names[mt_rand(0, count($names) - 1)];
        $token = "token-$seed-$number-end";
        if (save($name, with_token($name, opened($name), $token))) {
            $log['acknowledged'][$name][] = $token;
            $log['meanwhile'] += $running;
        } else {
            $log['refused']++;
        }
    }
    echo json_encode($log), "\n";
    exit;
}

if ($command === 'open') {
    [, , , $name, $go, $token] = $argv;
    $value = opened($name);
    echo "opened\n";
    while (!file_exists($go)) {
        usleep(1000);
    }
    // An editor sends the whole page back.
    if (!save($name, with_token($name, $value, $token))) {
        fwrite(STDERR, "error: $name was not saved: $wpdb->last_error\n");
        exit(1);
    }
    echo "saved\n";
    exit;
}

// settle
$map = $argv[3];
$set = array_pop($argv);
$logs = array_slice($argv, 4, -1);
$files = read_json("$live/files.json");
$options = read_json("$live/options.json");
$contents = ['old' => site_content(new Names($files, []), $options),
    'new' => site_content(new Names($files, stems($files, $map)), $options)];
$database = connect($live);
$tokens = [];
foreach ($logs as $log) {
    foreach (read_json($log)['acknowledged'] as $name => $list) {
        $tokens[$name] = array_merge($tokens[$name] ?? [], $list);
    }
}
$result = ['tokens' => 0, 'lost' => [], 'wrong' => [], 'old' => 0, 'new' => 0, 'respelt' => 0];
foreach ($tokens as $name => $list) {
    $cell = $cells[$name];
    [$column] = array_keys($cell['key']);
    $where = "FROM {$cell['table']} WHERE `$column` = " . $database->quote($cell['key'][$column]);
    $stored = $database->query("SELECT `{$cell['column']}` $where")->fetchColumn();
    foreach ($list as $token) {
        $result['tokens']++;
        if (!str_contains($stored, $token)) {
            $result['lost'][] = "$name: $token";
        }
    }
    $plain = without_tokens($name, $stored);
    $expected = array_map(fn($content) => is_string($content[$name]['value'])
        ? $content[$name]['value'] : serialize($content[$name]['value']), $contents);
    $found = array_search($plain, $expected, true);
    if ($found === false) {
        // Where a value was edited after the rename, a revert has to write the old name itself, and
        // cannot know whether a space in it was a space or %20.
        $found = array_search(spelt_alike($plain), array_map(spelt_alike(...), $expected), true);
        $result['respelt'] += $found !== false;
    }
    if ($found === false) {
        $result['wrong'][] = "$name: " . substr($plain, 0, 1000);
        continue;
    }
    $result[$found]++;
    $database->prepare("UPDATE {$cell['table']} SET `{$cell['column']}` = ? WHERE `$column` = ?")
        ->execute([$expected[$set], $cell['key'][$column]]);
    if ($cell['table'] === 'wp_posts') {
        // Saving makes a revision and a new time; the rest of the row stays.
        $database->exec("UPDATE wp_posts SET post_modified = '2024-05-02 11:00:00',
            post_modified_gmt = '2024-05-02 11:00:00' WHERE ID = {$cell['key']['ID']}");
        $known = $cells['revision of classic']['key']['ID'];
        $database->exec("DELETE FROM wp_posts WHERE post_type = 'revision' AND ID <> $known
            AND post_parent = {$cell['key']['ID']}");
    }
}
// The values that were put back are made to be what the set says: then the whole site can be judged.
echo json_encode($result, JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_SLASHES), "\n";
