<?php
/**
 * Says for each line (base64) whether it is one complete value for unserialize().
 *
 * PHP 8.2 silently accepts bytes behind the end. A value has none exactly if it is no value any
 * more when its last byte is gone.
 *
 * Usage: accepts.php < LINES
 * Output: 1 or 0 a line
 */

declare(strict_types=1);

require __DIR__ . '/acceptance.php';

while (($line = fgets(STDIN)) !== false) {
    echo is_complete(trim(base64_decode(trim($line)))) ? "1\n" : "0\n";
}
