#!/usr/bin/env python3
"""Prints the table of what the tests of crashes, faults and races tried.

    Scripts/fault-table.py           print the table
    Scripts/fault-table.py --write   put it into docs/protocol.md as well

The rows are those that the tests have written below .test/faults. Exits with 1 when a row counts a
violation or when there is none at all.
"""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "protocol.md"
BEGIN, END = "<!-- faults: begin -->\n", "<!-- faults: end -->\n"


def rows():
    for file in sorted((ROOT / ".test" / "faults").glob("*.tsv")):
        layer, name, tried, violations = file.read_text().rstrip("\n").split("\t")
        yield layer, name, int(tried), int(violations)


def main():
    found = list(rows())
    lines = ["| Layer | What | Tried | Violations |", "|---|---|---:|---:|"]
    lines += [f"| {layer} | {name} | {tried:,} | {bad} |" for layer, name, tried, bad in found]
    table = "\n".join(lines) + "\n"
    print(table, end="")
    if "--write" in sys.argv[1:]:
        page = PAGE.read_text()
        head, rest = page.split(BEGIN)
        _, tail = rest.split(END)
        PAGE.write_text(head + BEGIN + table + END + tail)
    return 0 if found and not any(bad for *_, bad in found) else 1


if __name__ == "__main__":
    sys.exit(main())
