#!/usr/bin/env python3
"""Shows a bit of the sample site, so that before and after can be compared.

    show.py SITE post TITLE | option NAME | files ID | table
"""

import pathlib
import re
import sqlite3
import sys

PATH = re.compile(r"(?:https?:|https?%3A)?[\w./\\%:-]*uploads[\w./\\%@-]*\.(?:jpe?g|png|webp)")


def main():
    site, what, *rest = sys.argv[1:]
    database = sqlite3.connect(pathlib.Path(site) / "wp-content/database/.ht.sqlite")
    if what == "post":
        (content,) = database.execute("SELECT post_content FROM wp_posts WHERE post_title = ?", rest).fetchone()
        for found in PATH.findall(content):
            print("  " + found)
    elif what == "option":
        (value,) = database.execute("SELECT option_value FROM wp_options WHERE option_name = ?", rest).fetchone()
        stored = value.encode()
        for length in re.finditer(rb's:(\d+):"', stored):
            text = stored[length.end():length.end() + int(length[1])]
            if b"uploads" in text:
                print("  " + (length[0] + text + b'"').decode())
    elif what == "table":
        for row in database.execute("SELECT slug, day, photo FROM wp_tours ORDER BY slug, day"):
            print("  " + " ".join(str(cell) for cell in row))
    elif what == "files":
        (attached,) = database.execute(
            "SELECT meta_value FROM wp_postmeta WHERE meta_key = '_wp_attached_file' AND post_id = ?", rest).fetchone()
        path = pathlib.Path(site) / "wp-content/uploads" / attached
        stem = re.sub(r"-scaled$", "", path.stem)
        for file in sorted(path.parent.iterdir()):
            if re.fullmatch(re.escape(stem) + r"(-scaled|-\d+x\d+)?" + re.escape(path.suffix), file.name):
                print(f"  {file.name}  ({file.stat().st_size // 1024} KB)")
    database.close()


if __name__ == "__main__":
    main()
