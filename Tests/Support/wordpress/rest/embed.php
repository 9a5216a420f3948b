<?php
// Writes a description (IPTC 2:120) into the file of an image, as photographers' programs do.
//
//   embed.php LIVE ID TEXT [ID TEXT …]
require getenv('MONIKER_TEST_SITE') . '/wp-load.php';
for ($at = 2; $at < count($argv); $at += 2) {
    $file = get_attached_file((int) $argv[$at]);
    $text = $argv[$at + 1];
    $field = fn ($record, $number, $value) =>
        "\x1C" . chr($record) . chr($number) . pack('n', strlen($value)) . $value;
    // 1:90 says that the texts are UTF-8.
    $block = $field(1, 90, "\x1B%G") . $field(2, 120, $text);
    $jpeg = iptcembed($block, $file);
    if ($jpeg === false || file_put_contents($file, $jpeg) === false) {
        fwrite(STDERR, "error: $file could not be given a text\n");
        exit(1);
    }
}
