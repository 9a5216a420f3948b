#!/bin/bash
# Runs the unit tests with ThreadSanitizer, then with AddressSanitizer and LeakSanitizer, each built
# in a folder of its own, and prints one line a sanitizer.
#
#   Scripts/sanitize.sh [thread] [address]        both by default
set -uo pipefail
cd "$(dirname "$0")/.."
sanitizers=("$@")
((${#sanitizers[@]})) || sanitizers=(thread address)
# Everything that runs in this process; the end-to-end tests start a binary that is not sanitized.
units='^(Model|Rewriting|Naming|Files|Engine|WordPress|SiteDatabase|Journal)Tests\.'
# How time grows says nothing here, and the race is one of names in the file system, not of memory.
skipped=(--skip LinearityTests --skip SymbolicLinkRaceTests)
mkdir -p .test
export TSAN_OPTIONS="halt_on_error=0 exitcode=66"
export ASAN_OPTIONS="detect_leaks=1 exitcode=66"
export LSAN_OPTIONS="suppressions=$PWD/Scripts/leak-suppressions.txt print_suppressions=0"

failed=0
for sanitizer in "${sanitizers[@]}"; do
    log=.test/sanitize-$sanitizer.log
    scratch=.build-${sanitizer:0:1}san
    SECONDS=0
    # lld, because gold complains about symbols of the sanitizer that it cannot export.
    swift build --build-tests --sanitize="$sanitizer" --scratch-path "$scratch" \
        -Xswiftc -use-ld=lld >"$log" 2>&1
    status=$?
    built=$SECONDS
    if ((!status)); then
        swift test --skip-build --disable-xctest --sanitize="$sanitizer" --scratch-path "$scratch" \
            -Xswiftc -use-ld=lld --filter "$units" "${skipped[@]}" >>"$log" 2>&1 </dev/null
        status=$?
    fi
    reports=$(grep -acE '^(==[0-9]+==ERROR|WARNING: ThreadSanitizer|SUMMARY:)' "$log")
    tests=$(sed -nE 's/^[^ ]+ Test run with ([0-9]+) tests?.*$/\1/p' "$log" | tail -1)
    printf '%sSanitizer: %d tests, %d reports, status %d (build %d s, tests %d s)\n' \
        "${sanitizer^}" "${tests:-0}" "$reports" "$status" "$built" "$((SECONDS - built))"
    if ((status || reports || !${tests:-0})); then
        grep -aE -A 30 '^(==[0-9]+==ERROR|WARNING: ThreadSanitizer)|^✘|error:' "$log" | head -150
        failed=1
    fi
done
exit "$failed"
