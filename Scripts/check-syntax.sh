#!/bin/bash
# Parses every shell, PHP and Python script that git knows or would add, without running any.
set -euo pipefail
cd "$(dirname "$0")/.."

failed=0
count=0
while IFS= read -r -d '' file; do
    case "$file" in
    *.php) output=$(php -l "$file" 2>&1) || { echo "$output" >&2; failed=1; } ;;
    *.py) python3 -c 'import ast, sys; ast.parse(open(sys.argv[1]).read(), sys.argv[1])' "$file" || failed=1 ;;
    *.sh | .ci/run) bash -n "$file" || failed=1 ;;
    *) continue ;;
    esac
    count=$((count + 1))
done < <(git ls-files -z --cached --others --exclude-standard | sort -zu)
((failed)) || echo "Syntax: $count scripts parse."
exit "$failed"
