#!/usr/bin/env python3
"""Says which names that a database holds are not files with the right content.

    named-files.py STATES UPLOADS <DUMP

STATES is a folder with the two clean states: before.dump, before.tree, after.dump, after.tree, as
site.sh prints them. DUMP is the database now, maybe in the middle of something. A row that is as it
was before needs the files of before, a row that is as it will be after those of after. Names that
the clean states mention without having the file (foreign hosts, prose) are nobody's names.

Prints one line a violation, and last the number of names that were looked at.
"""

import hashlib
import pathlib
import re
import sys
import urllib.parse

# What ends a file name in any of the dresses that a reference has.
TOKEN = re.compile(rb"[^/\\\"'\s<>(),;?&#|=\x00]+")
HEX = re.compile(rb"(?:text:|blob:|0x)([0-9A-F]{8,})")


def files(tree):
    found = {}
    for line in tree.read_bytes().splitlines():
        digest, separator, name = line.partition(b"  ./")
        if separator and re.fullmatch(rb"[0-9a-f]{64}", digest):
            found[name] = digest.decode()
    return found


def names(line):
    texts = [line] + [bytes.fromhex(part.decode()) for part in HEX.findall(line) if len(part) % 2 == 0]
    found = set()
    for text in texts:
        for token in TOKEN.findall(text):
            found.add(token)
            if b"%" in token:
                found.add(urllib.parse.unquote_to_bytes(token))
    return found


def main():
    states, uploads = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    rows, trees, paths = {}, {}, {}
    for state in ("before", "after"):
        rows[state] = set((states / f"{state}.dump").read_bytes().splitlines())
        trees[state] = files(states / f"{state}.tree")
        paths[state] = {}
        for path in trees[state]:
            paths[state].setdefault(path.rsplit(b"/", 1)[-1], set()).add(path)
    required, wrong = set(), []
    for line in sys.stdin.buffer.read().splitlines():
        owners = [state for state in rows if line in rows[state]]
        if not owners:
            wrong.append(f"a row is as in neither state: {line[:300]!r}")
            owners = list(rows)
            continue
        for name in names(line):
            needed = [paths[state].get(name, set()) for state in owners]
            required |= set.intersection(*needed)
    for path in sorted(required):
        right = {trees[state].get(path) for state in trees}
        try:
            content = (uploads / path.decode()).read_bytes()
        except OSError as error:
            wrong.append(f"the database names {path.decode()}: {error.strerror}")
            continue
        if hashlib.sha256(content).hexdigest() not in right:
            wrong.append(f"{path.decode()} has another content")
    print("\n".join(wrong + [str(len(required))]))


if __name__ == "__main__":
    main()
