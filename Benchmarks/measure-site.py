#!/usr/bin/env python3
"""Measures renames and reverts on big sites beside their physical limits and the peers' method.

    Benchmarks/measure-site.py [--scale 1] [--binary .build/release/moniker] [--folder FOLDER]
                               [--only main,growth,references,sqlite] [--limit SECONDS] [--write]

Scale 1 is a site of 110,000 posts (778 MB of content), 400,000 rows of post meta and 10,000 attachments.
Prints Markdown tables; --write puts them into docs/performance.md. --limit ends a process that runs
longer; what the site would have told after it is left out. Sites are made below FOLDER (a temporary one)
and removed.

After each rename and each revert every row, every file name and a sample of files are compared with what
the generator makes of the new names; a difference fails the benchmark. So do counts and states that the
program reports wrongly.
"""

import argparse
import os
import pathlib
import platform
import sys
import tempfile

from harness import report
from harness.bench import Bench, say
from harness.process import TookTooLong
from sample import making

ROOT = pathlib.Path(__file__).resolve().parent.parent
PARTS = ("main", "growth", "references", "sqlite")


class Series:
    """The sites to measure, one after the other."""

    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.unfinished = []

    def measure(self, shape, engine, jobs):
        """Makes one site and runs the jobs in their order until one takes too long."""
        bench = Bench(self.options.binary, self.folder / "site", shape, engine, self.options.limit)
        with bench.site():
            try:
                for job in jobs:
                    job(bench)
            except TookTooLong as late:
                say(f"{late}; the rest on this site is left out")
                self.unfinished.append(f"{report.number(shape['posts'])} posts on {bench.database.name}: {late}")
        return bench

    def shape(self, scale=1.0, **more):
        return making.shape(self.options.scale * scale, **more)

    def main(self, engine="mariadb", scale=1.0):
        jobs = [lambda bench: bench.peers(1 + bench.shape["attachments"] // 2), lambda bench: bench.singles(3)]
        if engine == "mariadb":
            jobs.append(lambda bench: bench.indexed(3))
        shape = self.shape(scale)
        if shape["attachments"] > 100:
            jobs.append(lambda bench: bench.several(100))
        jobs.append(lambda bench: bench.several(bench.shape["attachments"]))
        return self.measure(shape, engine, jobs)

    def smaller(self, scale):
        return self.measure(self.shape(scale), "mariadb", [
            lambda bench: bench.singles(3), lambda bench: bench.indexed(3),
            lambda bench: bench.several(bench.shape["attachments"])])

    def referring(self, references):
        """Few posts, so that a hundred times the images fit; few files, so that references are what costs."""
        scale = self.options.scale
        shape = self.shape(
            posts=max(10, round(1100 * scale)), meta=max(40, round(4000 * scale)),
            attachments=max(10, round(100 * scale)), references=references)
        return self.measure(shape, "mariadb", [lambda bench: bench.several(bench.shape["attachments"])])


def tables(series, parts):
    """Measures and returns the Markdown text."""
    text = [machine(series.options)]
    main = series.main() if {"main", "growth"} & set(parts) else None
    if "main" in parts:
        text.append(f"MariaDB, {report.shape_text(main.shape)}:\n\n{report.main_table(main)}\n{report.missed(main)}")
    if "growth" in parts:
        sizes = [series.smaller(1 / 16), series.smaller(1 / 4), main]
        text.append(f"The same on sites of a sixteenth and a quarter of everything:\n\n{report.growth_table(sizes)}")
    if "references" in parts:
        dense = [series.referring(1), series.referring(100)]
        text.append(
            f"References per post, on {report.shape_text(dense[0].shape)}:\n\n{report.references_table(dense)}")
    if "sqlite" in parts:
        small = series.main("sqlite", 1 / 4)
        text.append(f"SQLite, {report.shape_text(small.shape)}:\n\n{report.main_table(small)}")
    text += [f"Left out: {reason}.\n" for reason in series.unfinished]
    return "\n".join(text)


def machine(options):
    return (f"One run at scale {options.scale:g} on {os.cpu_count()} cores ({platform.machine()}), a private MariaDB with "
            "everything in its buffer pool and every commit flushed, all files in memory. Times are the wall clock's, of whole processes, the "
            "best of several where there are several; ratios are to the limit measured just before and just after. Old names keep working for 24 hours after a rename, the default. "
            "Every row and file name was compared with what it had to be after each rename and each revert.\n")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / ".build/release/moniker")
    parser.add_argument("--folder", type=pathlib.Path)
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--limit", type=float)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    parts = options.only.split(",")
    if unknown := set(parts) - set(PARTS):
        sys.exit(f"error: unknown parts {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    if not options.binary.exists():
        sys.exit(f"error: there is no {options.binary}; run make build first")
    options.binary = options.binary.resolve()
    with tempfile.TemporaryDirectory(prefix="moniker-bench-", dir=options.folder) as folder:
        folder = pathlib.Path(folder)
        folder.chmod(0o755)
        text = tables(Series(options, folder), parts)
    print(text, end="")
    if options.write:
        report.write(ROOT / "docs" / "performance.md", text)


if __name__ == "__main__":
    main()
