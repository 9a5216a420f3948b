"""Reads CSV with Python's own reader and prints it as JSON; fails on lines of unequal length."""

import csv
import json
import sys

data = sys.stdin.buffer.read()
assert b"\r\n" in data and data.endswith(b"\r\n"), "lines end with CR LF"
rows = list(csv.reader(data.decode("utf-8").splitlines(keepends=True), strict=True))
assert len({len(row) for row in rows}) == 1, "all lines have as many fields"
json.dump([dict(zip(rows[0], row)) for row in rows[1:]], sys.stdout)
