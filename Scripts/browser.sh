#!/bin/bash
# Tests the dashboard of the built program in Debian's Chromium, on the real WordPress test site.
#
#   Scripts/browser.sh [arguments of pytest]
#
# Screenshots go to .test/screenshots. Ends with a line "N passed, N failed", which also goes to
# .test/browser/summary.
set -uo pipefail
cd "$(dirname "$0")/.."

mkdir -p .test/browser .test/screenshots
rm -f .test/browser/* .test/screenshots/*
python=$(Scripts/python-environment.sh Tests/Browser/requirements.txt) || exit 1
# Selenium must not look for drivers of its own: Debian's are there.
export SE_OFFLINE=true PYTHONDONTWRITEBYTECODE=1
"$python/bin/python3" -m pytest -c Tests/Browser/pytest.ini --rootdir Tests/Browser \
    --junit-xml .test/browser/junit.xml "$@" Tests/Browser
status=$?
"$python/bin/python3" - .test/browser <<'PYTHON' || status=1
import pathlib
import sys
import xml.etree.ElementTree

folder = pathlib.Path(sys.argv[1])
suite = xml.etree.ElementTree.parse(folder / "junit.xml").getroot().find("testsuite")
count = {name: int(suite.get(name)) for name in ("tests", "failures", "errors", "skipped")}
failed = count["failures"] + count["errors"]
summary = f"{count['tests'] - count['skipped'] - failed} passed, {failed} failed"
(folder / "summary").write_text(summary + "\n")
print(summary)
PYTHON
exit "$status"
