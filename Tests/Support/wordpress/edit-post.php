<?php
// A person edits a post: WordPress's own update, with a text replaced or put at the end.
//
//   edit-post.php LIVE TITLE FROM TO        FROM may be empty: TO goes at the end
require getenv('MONIKER_TEST_SITE') . '/wp-load.php';
require __DIR__ . '/state.php';
[, $live, $title, $from, $to] = $argv;
wp_set_current_user(1);
kses_remove_filters();
$id = read_json("$live/cells.json")[$title]['key']['ID'];
$content = get_post($id)->post_content;
$edited = $from === '' ? $content . $to : str_replace($from, $to, $content);
if ($edited === $content || !wp_update_post(wp_slash(['ID' => $id, 'post_content' => $edited]))) {
    fwrite(STDERR, "error: the edit of $title changed nothing\n");
    exit(1);
}
echo $id, "\n";
