"""What says whether a change was right: WordPress, SQL and sha256sum, never the service."""

import csv
import json


def judge(scene, names, old_names_stay=False):
    """Every row and every file is what the renames make of it, and WordPress finds all it names."""
    site = scene.site
    file = site.live / "map-of-test.csv"
    with open(file, "w", newline="") as target:
        csv.writer(target).writerows([("id", "name"), *names.items()])
    verdicts = [json.loads(site.php(
        "judge-data.php", *([file] if names else []), *(["--old-names"] if old_names_stay else [])))]
    if site.engine == "mariadb":
        verdicts.append(json.loads(site.php("judge-wordpress.php")))
    for verdict in verdicts:
        assert verdict["wrong"] == []
        assert all(count > 10 for count in verdict["checked"].values())


def attached_file(scene, attachment):
    """The file of an attachment as WordPress's tables have it."""
    return scene.site.sql(
        f"SELECT meta_value FROM wp_postmeta WHERE post_id = {attachment} "
        "AND meta_key = '_wp_attached_file';").strip()


def texts(scene, attachment):
    """The texts of an attachment as WordPress reads them; as its tables have them on SQLite."""
    if scene.site.engine == "mariadb":
        return json.loads(scene.site.php("texts.php", attachment))[str(attachment)]
    return json.loads(scene.site.sql(
        "SELECT json_object('title', post_title, 'caption', post_excerpt, "
        "'description', post_content, 'alt', (SELECT meta_value FROM wp_postmeta "
        "WHERE post_id = ID AND meta_key = '_wp_attachment_image_alt')) "
        f"FROM wp_posts WHERE ID = {attachment};"))


def contents(scene):
    """The sha256 of every file beneath uploads, as sha256sum says, with its path."""
    tree = scene.site.snapshot()[1]
    return sorted(
        tuple(line.split("  ", 1)[::-1]) for line in tree.splitlines() if "\t" not in line)
