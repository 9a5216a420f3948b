#!/bin/bash
# Makes a Python environment of pinned packages from PyPI and prints its folder.
#
#   Scripts/python-environment.sh REQUIREMENTS.txt
#
# It is made once for each content of the file, under .test, and never committed.
set -euo pipefail
cd "$(dirname "$0")/.."

requirements=${1:?requirements}
folder=$PWD/.test/python/$(sha256sum "$requirements" | cut -c1-16)
if [[ ! -e $folder/complete ]]; then
    rm -rf "$folder"
    python3 -m venv "$folder" >&2
    "$folder/bin/pip" install --quiet --disable-pip-version-check --no-deps \
        --only-binary :all: --requirement "$requirements" >&2
    touch "$folder/complete"
fi
echo "$folder"
