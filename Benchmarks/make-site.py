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
import pathlib
import sys
import time

from sample import making
from sample.server import Server


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
        shape = making.shape(
            options.scale, options.posts, options.meta, options.attachments, options.references, options.illustrated,
            options.seed)
        try:
            made = making.make(folder, shape, options.engine)
        except BaseException:
            making.remove(folder)
            raise
        print(f"{folder}/site.json after {time.monotonic() - began:.1f} s"
              + (f"; the server is process {made.pid()}" if made else ""))


if __name__ == "__main__":
    main()
