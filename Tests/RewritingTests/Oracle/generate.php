<?php
/**
 * Prints random nested values and what they become when the files of a fixed map are renamed.
 *
 * The new value is made by replacing in the decoded strings and encoding again with PHP's own
 * functions, never by editing encoded bytes: an oracle that shares nothing with the rewriter.
 *
 * Usage: generate.php SEED COUNT
 * Output: one JSON object a line: {"value": base64, "expected": base64, "changes": bool}
 */

declare(strict_types=1);

const MAP = [
    '2024/05/IMG_1.jpg' => '2024/05/red-bike.jpg',
    '2024/05/IMG_1-300x200.jpg' => '2024/05/red-bike-300x200.jpg',
    '2024/05/IMG_1-1024x683.jpg' => '2024/05/red-bike-1024x683.jpg',
    '2024/05/legacy photo.jpg' => '2024/05/old-harbour.jpg',
    '2024/05/東京.jpg' => '2024/05/tokyo.jpg',
    '2024/05/Café.jpg' => '2024/05/cafe.jpg',
    '2024/05/05.jpg' => '2024/05/five.jpg',
    // A swap and a chain.
    '2023/12/left.png' => '2023/12/right.png',
    '2023/12/right.png' => '2023/12/left.png',
    '2023/12/one.webp' => '2023/12/two.webp',
    '2023/12/two.webp' => '2023/12/number-three.webp',
    // The new name contains the old one.
    '2023/12/photo.jpg' => '2023/12/best-photo.jpg',
];

// None of these begins like a container: text that does and is none is left alone as a whole.
const DECOYS = [
    '/wp-content/uploads/2024/05/IMG_10.jpg',
    '/wp-content/uploads/2024/05/xIMG_1.jpg',
    '/wp-content/uploads/2024/05/IMG_1.jpg.bak',
    '/wp-content/uploads/2024/05/IMG_1.png',
    '/wp-content/uploads/2024/06/IMG_1.jpg',
    '/wp-content/uploads/sites/2/2024/05/IMG_1.jpg',
    'https://example.org/wp-content/uploads/2024/05/IMG_1.jpg',
    'https://cdn.example.net/wp-content/uploads/2023/12/left.png',
    'https://example.com/shop/wp-content/uploads/2023/12/two.webp',
    'IMG_1.jpg', '05', 'photo.jpg', '2024/05', 'x a:1:{', 's:5:', 'x {"', "it's", 'C:\\Temp', '50%', '▼ 😀',
    "tab\tand\nline", '<b>bold</b>', '&amp;', '--', '[gallery ids="1,2"]', '東京', '',
];

const ROOTS = [
    'https://example.com/wp-content/uploads/', 'http://example.com/wp-content/uploads/',
    'https://www.example.com/wp-content/uploads/', '//example.com/wp-content/uploads/',
    '/wp-content/uploads/', '/var/www/html/wp-content/uploads/',
];

class Shown
{
    public mixed $open = null;
    protected mixed $kept = null;
    private mixed $own = null;

    public function fill(mixed $open, mixed $kept, mixed $own): void
    {
        [$this->open, $this->kept, $this->own] = [$open, $kept, $own];
    }
}

/** Draws a tree of plain arrays that says what to build; both builds walk the same tree. */
final class Drawing
{
    private bool $isInBase64 = false;

    public function __construct(private \Random\Randomizer $random)
    {
    }

    private function below(int $limit): int
    {
        return $this->random->getInt(0, $limit - 1);
    }

    private function of(array $choices): mixed
    {
        return $choices[$this->below(count($choices))];
    }

    public function value(int $depth): array
    {
        $forms = ['serialize', 'serialize', 'json', 'json', 'slashes', 'url', 'html', 'plain'];
        // Base64 in base64 is not looked for: no term of a prefilter could find it.
        $form = $this->of($this->isInBase64 ? $forms : [...$forms, 'base64']);
        $outer = $this->isInBase64;
        $this->isInBase64 = $outer || $form === 'base64';
        $node = ['encoded', $form, $this->below(4), $this->container($depth + 1)];
        $this->isInBase64 = $outer;
        return $node;
    }

    private function container(int $depth): array
    {
        $members = [];
        for ($count = 1 + $this->below(4); $count > 0; $count--) {
            $members[] = $this->member($depth);
        }
        return [$this->of(['array', 'array', 'array', 'standard', 'shown']), $members, $this->below(5), $this->key()];
    }

    private function key(): ?array
    {
        return $this->below(8) === 0 ? [$this->of(ROOTS), $this->of(array_keys(MAP))] : null;
    }

    private function member(int $depth): array
    {
        return match (true) {
            $this->below(10) === 0 => ['scalar', $this->of([
                null, true, false, 0, -1, PHP_INT_MAX, 0.1, 1e100, -0.0, 1 / 3, 12.0, INF])],
            $depth < 4 && $this->below(3) === 0 => $this->value($depth),
            $depth < 4 && $this->below(4) === 0 => $this->container($depth + 1),
            // In base64 a bare path is found by its first bytes, so it must not be escaped there.
            !$this->isInBase64 && $this->below(6) === 0 => ['path', $this->of(array_keys(MAP))],
            default => ['text', $this->pieces()],
        };
    }

    private function pieces(): array
    {
        $pieces = [];
        for ($count = 1 + $this->below(3); $count > 0; $count--) {
            $pieces[] = $this->below(2) === 0
                ? ['decoy', $this->of(DECOYS)]
                : ['reference', $this->of([
                    'URL %s', '<img src="%s" alt="IMG_1.jpg">', "<a href='%s'>a</a>", 'url(%s)',
                    'x %s?ver=1#top', '![a](%s)', 'See %s. ', '"%s"', '<p>%s</p>',
                    'set %s 300w', '<!-- wp:image {"url":"%s"} /-->']),
                   $this->of(ROOTS), $this->of(array_keys(MAP))];
        }
        return $pieces;
    }
}

/** Builds a drawn value. */
final class Building
{
    /** Whether some text was rewritten. */
    public bool $changes = false;

    public function __construct(private bool $renames)
    {
    }

    public function encoded(array $node): string
    {
        [, $form, $style, $container] = $node;
        $value = $this->structure($container);
        $flags = [0, JSON_UNESCAPED_SLASHES, JSON_UNESCAPED_UNICODE,
                  JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE][$style];
        // Every document shows how it writes a slash and what is not ASCII: where neither occurs before
        // a rename, nobody can know how its author would write the first one.
        $shown = self::withoutInfinity($value);
        $shown = count($container[1]) % 2 === 0 ? ['a/é', $shown] : ['a/é' => $shown];
        $json = fn (): string => json_encode(
            $shown, $flags | JSON_PRESERVE_ZERO_FRACTION | JSON_PARTIAL_OUTPUT_ON_ERROR);
        return match ($form) {
            'serialize' => serialize($value),
            'json' => $json(),
            'base64' => base64_encode($style % 2 === 0 ? serialize($value) : $json()),
            'slashes' => addslashes(serialize($value)),
            'url' => rawurlencode($style % 2 === 0 ? serialize($value) : $json()),
            'html' => htmlspecialchars($style % 2 === 0 ? serialize($value) : $json()),
            'plain' => 'Text: ' . $this->firstText($container),
        };
    }

    private static function withoutInfinity(mixed $value): mixed
    {
        return is_array($value) ? array_map(self::withoutInfinity(...), $value)
            : ($value === INF ? null : $value);
    }

    private function firstText(array $container): string
    {
        foreach ($container[1] as $member) {
            if ($member[0] === 'text') {
                return $this->text($member[1]);
            }
        }
        return 'none';
    }

    private function structure(array $node): mixed
    {
        [$kind, $members, $sharing, $key] = $node;
        $values = array_map($this->member(...), $members);
        if ($kind === 'shown') {
            $object = new Shown();
            $object->fill($values[0], $values[1] ?? null, $values[2] ?? null);
            return $object;
        }
        if ($sharing === 0 && count($values) > 1) {
            $values['again'] = &$values[0];
        }
        if ($kind === 'standard') {
            $object = new stdClass();
            foreach ($values as $index => $value) {
                $object->{"p$index"} = $value;
            }
            if ($sharing === 1) {
                $object->self = $object->p0 instanceof stdClass ? $object->p0 : null;
            }
            return $object;
        }
        if ($key !== null) {
            $values[$this->path($key[0], $key[1])] = 'keyed';
        }
        return $values;
    }

    private function member(array $node): mixed
    {
        return match ($node[0]) {
            'scalar' => $node[1],
            'text' => $this->text($node[1]),
            'path' => $this->path('', $node[1]),
            'encoded' => $this->encoded($node),
            default => $this->structure($node),
        };
    }

    private function text(array $pieces): string
    {
        return implode(' ', array_map(
            fn (array $piece): string => $piece[0] === 'decoy'
                ? $piece[1] : sprintf($piece[1], $this->path($piece[2], $piece[3])),
            $pieces));
    }

    private function path(string $root, string $path): string
    {
        $this->changes = true;
        return $root . ($this->renames ? MAP[$path] : $path);
    }
}

$random = new \Random\Randomizer(new \Random\Engine\Xoshiro256StarStar((int) $argv[1]));
$drawing = new Drawing($random);
for ($count = (int) $argv[2]; $count > 0; $count--) {
    $tree = $drawing->value(0);
    $before = new Building(false);
    $after = new Building(true);
    $value = $before->encoded($tree);
    $expected = $after->encoded($tree);
    echo json_encode([
        'value' => base64_encode($value), 'expected' => base64_encode($expected),
        'changes' => $before->changes,
    ]), "\n";
}
