#!/usr/bin/env python3
"""Measures how many images an hour the pipeline describes, with a provider of 3 s latency.

  swift build -c release --product generation-tool
  Benchmarks/measure-generation.py [--images N] [--concurrency N] [--latency SECONDS] [TOOL]

A SQLite site with N JPEGs of 12 megapixels (copies of a few pictures, each with a comment of its own,
so that each file is another one), the stub of Tests/StubServer as Anthropic, and the real pipeline:
inventory, hashes, thumbnails in child processes, requests, the store, the gate, names. Needs vips
(libvips-tools) and sqlite3. Prints images an hour, and processor time an image of the program with its
workers and of the stub beside them.
"""

import argparse
import pathlib
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
SCHEMA = """
CREATE TABLE wp_posts (ID INTEGER PRIMARY KEY, post_title TEXT DEFAULT '', post_excerpt TEXT DEFAULT '',
    post_content TEXT DEFAULT '', post_mime_type TEXT DEFAULT '', post_parent INTEGER DEFAULT 0,
    post_type TEXT, post_status TEXT DEFAULT 'publish', post_modified_gmt TEXT DEFAULT '2024-01-01 00:00:00');
CREATE TABLE wp_postmeta (meta_id INTEGER PRIMARY KEY AUTOINCREMENT, post_id INTEGER, meta_key TEXT,
    meta_value TEXT);
CREATE TABLE wp_options (option_id INTEGER PRIMARY KEY, option_name TEXT UNIQUE, option_value TEXT);
CREATE TABLE wp_terms (term_id INTEGER PRIMARY KEY, name TEXT, slug TEXT);
CREATE TABLE wp_term_taxonomy (term_taxonomy_id INTEGER PRIMARY KEY, term_id INTEGER, taxonomy TEXT,
    description TEXT DEFAULT '');
CREATE TABLE wp_term_relationships (object_id INTEGER, term_taxonomy_id INTEGER,
    PRIMARY KEY (object_id, term_taxonomy_id));
CREATE TABLE wp_termmeta (meta_id INTEGER PRIMARY KEY, term_id INTEGER, meta_key TEXT, meta_value TEXT);
INSERT INTO wp_options (option_name, option_value) VALUES ('siteurl', 'https://example.com');
"""


def vips(*arguments):
    subprocess.run(["vips", *arguments], check=True, stdout=subprocess.DEVNULL)


def picture(folder):
    """A JPEG of 4000 x 3000 pixels with the grain of a camera."""
    size = ("4000", "3000")
    path = lambda name: str(folder / name)
    vips("perlin", path("waves.v"), *size, "--cell-size", "512", "--seed", "7")
    vips("linear", path("waves.v"), path("bright.v"), "100", "128")
    vips("gaussnoise", path("shared.v"), *size, "--sigma", "4", "--mean", "0", "--seed", "1")
    bands = []
    for band in range(3):
        vips("add", path("bright.v"), path("shared.v"), path(f"band{band}.v"))
        bands.append(path(f"band{band}.v"))
    vips("bandjoin", " ".join(bands), path("float.v"))
    vips("cast", path("float.v"), path("bytes.v"), "uchar")
    vips("copy", path("bytes.v"), path("colour.v"), "--interpretation", "srgb")
    vips("jpegsave", path("colour.v"), path("picture.jpg"), "--Q", "90")
    return (folder / "picture.jpg").read_bytes()


def site(root, count):
    uploads = root / "uploads/2024/05"
    uploads.mkdir(parents=True)
    (root / "home").mkdir()
    with tempfile.TemporaryDirectory() as folder:
        data = picture(pathlib.Path(folder))
    database = sqlite3.connect(root / "site.sqlite")
    database.executescript("PRAGMA journal_mode = WAL;" + SCHEMA)
    for number in range(1, count + 1):
        name = f"2024/05/img-{number}.jpg"
        comment = f"picture {number:08}".encode()
        marked = data[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + data[2:]
        (root / "uploads" / name).write_bytes(marked)
        database.execute(
            "INSERT INTO wp_posts (ID, post_type, post_status, post_mime_type) "
            "VALUES (?, 'attachment', 'inherit', 'image/jpeg')", (number,))
        database.execute(
            "INSERT INTO wp_postmeta (post_id, meta_key, meta_value) VALUES (?, ?, ?)",
            (number, "_wp_attached_file", name))
    database.commit()
    database.close()
    return len(data)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--images", type=int, default=400)
    parser.add_argument("--concurrency", type=int, default=32)
    parser.add_argument("--latency", type=float, default=3)
    parser.add_argument("tool", nargs="?", default=".build/release/generation-tool")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        size = site(root, options.images)
        stub = subprocess.Popen(
            [sys.executable, "-B", HERE.parent / "Tests/StubServer/stub.py", "--latency",
             str(options.latency)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        port = stub.stdout.readline().strip()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.monotonic()
        run = subprocess.run(
            [options.tool, root, f"http://127.0.0.1:{port}", str(options.concurrency), "--rename"],
            stdout=subprocess.PIPE, text=True, check=True)
        seconds = time.monotonic() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        stub.stdin.close()
        stub.wait()
        end = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = lambda a, b: (b.ru_utime + b.ru_stime - a.ru_utime - a.ru_stime) * 1000 / options.images
    lines = run.stdout.splitlines()
    print("\n".join([line for line in lines if line.startswith("[fail]")] + lines[-1:]))
    print(f"{options.images} JPEGs of 12 megapixels and {size / 1e6:.1f} MB, "
          f"{options.latency:g} s latency, concurrency {options.concurrency}: {seconds:.1f} s")
    print(f"{options.images / seconds * 3600:,.0f} images an hour")
    print(f"{used(before, after):.1f} ms of processor time an image, workers included")
    print(f"{used(after, end):.1f} ms an image for the stub")


if __name__ == "__main__":
    main()
