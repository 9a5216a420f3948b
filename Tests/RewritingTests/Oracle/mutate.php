<?php
/**
 * Prints serialized values with random damage, and whether PHP still takes them, trimmed as
 * WordPress trims them before it unserializes.
 *
 * Usage: mutate.php SEED COUNT
 * Output: one JSON object a line: {"value": base64, "accepted": bool}
 */

declare(strict_types=1);

require __DIR__ . '/acceptance.php';

const URL = 'https://example.com/wp-content/uploads/2024/05/IMG_1.jpg';

$object = new stdClass();
$object->url = URL;
$object->self = $object;
$shared = ['u' => URL];
$SEEDS = [
    serialize([URL]),
    serialize(['a' => URL, 'b' => [1, 2.5, null, true, [URL]]]),
    serialize($object),
    serialize([&$shared, &$shared, $object, $object]),
    serialize(URL),
    serialize([URL => 1, 5 => '▼"; s:3:"', -3 => 1e100]),
    serialize([serialize([URL, 'x' => serialize(URL)])]),
    'a:2:{i:0;S:56:"https:\2f/example.com/wp-content/uploads/2024/05/IMG_1.jpg";i:1;d:-INF;}',
    'O:7:"Unknown":2:{s:7:"' . "\0*\0prot" . '";s:56:"' . URL . '";s:1:"b";b:0;}',
    'a:3:{i:0;d:.5;i:1;i:+07;s:1:"u";s:056:"' . URL . '";}',
    'a:3:{i:0;O:8:"stdClass":0:{}i:1;r:2;i:2;s:56:"' . URL . '";}',
    'a:3:{i:0;s:56:"' . URL . '";i:1;R:2;i:2;R:3;}',
];

$random = new \Random\Randomizer(new \Random\Engine\Xoshiro256StarStar((int) $argv[1]));
for ($count = (int) $argv[2]; $count > 0; $count--) {
    $value = $SEEDS[$random->getInt(0, count($SEEDS) - 1)];
    for ($changes = $random->getInt(0, 2); $changes >= 0; $changes--) {
        // Structure is what matters: positions inside of the URL are mostly passed over.
        do {
            $at = $random->getInt(0, max(0, strlen($value) - 1));
        } while (preg_match('/[\/a-z]{3}/', substr($value, $at, 3)) && $random->getInt(0, 9) > 0);
        $byte = $random->getInt(0, 3) === 0
            ? chr($random->getInt(0, 255)) : '0123456789:;{}"aOsSibdNrR+-.eE\\'[$random->getInt(0, 30)];
        $value = match ($random->getInt(0, 6)) {
            0 => substr_replace($value, $byte, $at, 1),
            1 => substr_replace($value, $byte, $at, 0),
            2 => substr_replace($value, '', $at, 1),
            3 => substr($value, 0, $at),
            4 => $value . $byte,
            5 => preg_replace_callback(
                '/(?<=[:sSaOrRi]:)\d{1,3}(?=[:;])/',
                fn (array $m): string => $random->getInt(0, 3) === 0
                    ? (string) max(0, (int) $m[0] + $random->getInt(-2, 2)) : $m[0],
                $value),
            6 => $value[$at] === '' ? $value : substr_replace($value, chr(ord($value[$at]) ^ (1 << $random->getInt(0, 7))), $at, 1),
        };
        if ($value === '') {
            break;
        }
    }
    echo json_encode(['value' => base64_encode($value), 'accepted' => is_complete(trim($value))]), "\n";
}
