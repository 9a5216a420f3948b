#!/usr/bin/env python3
"""Makes a big WordPress site from a seed: tables in MariaDB or SQLite, uploads, a map of renames.

    Benchmarks/make-site.py FOLDER [--scale 1] [--engine mariadb|sqlite] [--posts N] [--meta N]
                            [--attachments N] [--references 1] [--illustrated 0.75] [--seed 1]

For example a quarter of the full size:

    Benchmarks/make-site.py /tmp/bench-site --scale 0.25
    .build/release/moniker --site /tmp/bench-site/www --home /tmp/bench-site/home rename 17
    .build/release/moniker --site /tmp/bench-site/www --home /tmp/bench-site/home \\
        rename --map /tmp/bench-site/map.csv --keep-old none
    Benchmarks/make-site.py /tmp/bench-site --stop

At scale 1: 110,000 posts with 778 MB of content, 400,000 rows of post meta, 10,000 attachments of seven
files each. FOLDER gets www (the site), map.csv (a rename of each attachment), site.json (what there is)
and, for MariaDB, server (a private server that runs until --stop; --start starts it again). A folder
that exists is refused.
"""

import argparse
import json
import multiprocessing
import pathlib
import shutil
import sys
import time

from sample import images, stores, tables
from sample.content import Site
from sample.library import FILES_PER_ATTACHMENT, Library
from sample.server import Server

CONFIG = """<?php
define('DB_NAME', '%(name)s');
define('DB_USER', '%(user)s');
define('DB_PASSWORD', '%(password)s');
define('DB_HOST', '%(host)s');
define('DB_CHARSET', 'utf8mb4');
$table_prefix = 'wp_';
if (!defined('ABSPATH')) {
    define('ABSPATH', __DIR__ . '/');
}
require_once ABSPATH . 'wp-settings.php';
"""


def site_of(shape, renamed=frozenset()):
    """The rows of the site with this shape (site.json), the attachments in `renamed` under new names."""
    library = Library(shape["seed"], shape["attachments"], renamed)
    return Site(shape["seed"], library, shape["posts"], shape["meta"], shape["references"], shape["illustrated"])


def write_uploads(shape, uploads):
    site = site_of(shape)
    images.write_all(site.library, site.seed, uploads)
    for path, text in site.style_sheets():
        file = uploads / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def make(folder, shape, engine):
    """Makes the site in a new folder; returns its server, or nothing for SQLite."""
    folder.mkdir(parents=True)
    # The private server's user has to come through.
    folder.chmod(0o755)
    www = folder / "www"
    uploads = www / "wp-content/uploads"
    uploads.mkdir(parents=True)
    site = site_of(shape)
    writer = multiprocessing.Process(target=write_uploads, args=(shape, uploads))
    writer.start()
    server = None
    account = {"name": stores.DATABASE, "user": stores.USER, "password": stores.PASSWORD, "host": ""}
    if engine == "mariadb":
        server = Server(folder / "server")
        account["host"] = f"localhost:{server.socket}"
        server.start()
        stores.fill_mariadb(site, server)
    else:
        (www / "wp-content/database").mkdir()
        (www / "wp-content/db.php").write_text("<?php\n// Where the SQLite plugin leaves its drop-in.\n")
        stores.fill_sqlite(site, www / "wp-content/database/.ht.sqlite")
    (www / "wp-config.php").write_text(CONFIG % account)
    (folder / "map.csv").write_text("\n".join(site.library.map_lines(len(site.library))) + "\n")
    (folder / "site.json").write_text(json.dumps(shape | {"engine": engine}, indent=1) + "\n")
    writer.join()
    if writer.exitcode:
        raise RuntimeError("the files of the library could not be written")
    return server


def shape_of(options):
    """How big the site is: what `site_of` needs, and what follows from it."""
    scale = options.scale
    attachments = options.attachments or max(1, round(10_000 * scale))
    posts = options.posts or max(1, round(110_000 * scale))
    meta = max(options.meta or round(400_000 * scale), 3 * attachments)
    return {
        "seed": options.seed, "posts": posts, "meta": meta, "attachments": attachments,
        "files": attachments * FILES_PER_ATTACHMENT, "references": options.references,
        "illustrated": options.illustrated, "tables": [f"wp_{table}" for table in tables.TABLES]}


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--engine", choices=("mariadb", "sqlite"), default="mariadb")
    for name in ("posts", "meta", "attachments"):
        parser.add_argument(f"--{name}", type=int)
    parser.add_argument("--references", type=int, default=1)
    parser.add_argument("--illustrated", type=float, default=0.75)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", action="store_true")
    parser.add_argument("--stop", action="store_true")
    options = parser.parse_args()
    folder = options.folder.resolve()
    server = Server(folder / "server")
    if options.stop:
        server.stop()
    elif options.start:
        server.start()
    elif folder.exists():
        sys.exit(f"error: {folder} exists; remove it or name another folder")
    else:
        began = time.monotonic()
        try:
            made = make(folder, shape_of(options), options.engine)
        except BaseException:
            server.stop()
            shutil.rmtree(folder, ignore_errors=True)
            raise
        print(f"{folder}/site.json after {time.monotonic() - began:.1f} s"
              + (f"; the server is process {made.pid()}" if made else ""))


if __name__ == "__main__":
    main()
