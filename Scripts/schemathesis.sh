#!/bin/bash
# Asks the built program everything that its OpenAPI document describes, with Schemathesis.
#
#   Scripts/schemathesis.sh [--examples N] [--seed N]
#
# Ends with a line "N passed, N failed", of operations, which also goes to .test/schemathesis/summary.
set -euo pipefail
cd "$(dirname "$0")/.."

mkdir -p .test/schemathesis
rm -f .test/schemathesis/summary
python=$(Scripts/python-environment.sh Tests/Schemathesis/requirements.txt)
"$python/bin/python3" -B Tests/Schemathesis/run.py "$@"
