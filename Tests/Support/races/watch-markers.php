<?php
// Sees when the markers of change sets become visible, until the file STOP is there.
//
//   watch-markers.php LIVE STOP
//
// Prints a JSON object: of each marker, in order of appearance, when a query that did not see it was last
// begun, and when one that saw it had first ended; in nanoseconds of CLOCK_MONOTONIC.
require __DIR__ . '/../wordpress/state.php';
[, $live, $stop] = $argv;
$database = connect($live);
$seen = [];
$absent = hrtime(true);
$queries = 0;
echo "watching\n";
for ($last = false; !$last;) {
    // One more look after the stop: nothing that happened before it is missed.
    $last = file_exists($stop);
    $start = hrtime(true);
    try {
        $rows = $database->query("SELECT id FROM wp_moniker_tx WHERE decision = 'commit' ORDER BY id")
            ->fetchAll(PDO::FETCH_COLUMN);
    } catch (PDOException $error) {
        // Before the first change there is no such table.
        if ($error->getCode() !== '42S02') {
            throw $error;
        }
        $rows = [];
    }
    $end = hrtime(true);
    $queries++;
    foreach (array_diff($rows, array_column($seen, 'id')) as $id) {
        $seen[] = ['id' => $id, 'absent_until' => $absent, 'present_from' => $end];
    }
    $absent = $start;
    usleep(500);
}
echo json_encode(['queries' => $queries, 'markers' => $seen]), "\n";
