"""Makes the folder of a site: its tables, uploads, settings and the map of renames."""

import json
import multiprocessing
import shutil

from . import images, stores, tables
from .content import Site, count_of_style_sheets
from .library import FILES_PER_ATTACHMENT, Library
from .server import Server

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


def site_of(shape, renamed=frozenset(), kind=Site):
    """The rows of the site with this shape (site.json), the attachments in `renamed` under new names."""
    library = Library(shape["seed"], shape["attachments"], renamed)
    return kind(shape["seed"], library, shape["posts"], shape["meta"], shape["references"], shape["illustrated"])


def write_uploads(shape, uploads):
    site = site_of(shape)
    images.write_all(site.library, site.seed, uploads)
    for path, text in site.style_sheets():
        file = uploads / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def make(folder, shape, engine, buffer_pool_megabytes=2048):
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
        server.start(buffer_pool_megabytes)
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


def shape(scale=1.0, posts=None, meta=None, attachments=None, references=1, illustrated=0.75, seed=1):
    """How big a site is: at scale 1 as big as the largest that peers are measured on."""
    attachments = attachments or max(1, round(10_000 * scale))
    meta = max(meta or round(400_000 * scale), 3 * attachments)
    posts = posts or max(1, round(110_000 * scale))
    return {
        "seed": seed, "posts": posts, "meta": meta, "attachments": attachments,
        "files": attachments * FILES_PER_ATTACHMENT, "style_sheets": count_of_style_sheets(posts),
        "references": references, "illustrated": illustrated,
        "tables": [f"wp_{table}" for table in tables.TABLES]}


def remove(folder):
    """Ends the site's server and removes the folder."""
    Server(folder / "server").stop()
    shutil.rmtree(folder, ignore_errors=True)
