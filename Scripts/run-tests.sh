#!/bin/bash
# Runs `swift test` and ends with a line "N passed, N failed"; fails when a test failed.
#
#   Scripts/run-tests.sh [arguments of swift test]
#
# The line also goes to .test/summary, for scripts that print it last, and what failed to
# .test/failures.
set -uo pipefail
cd "$(dirname "$0")/.."

mkdir -p .test
log=.test/swift-test.log
rm -rf .test/summary .test/failures .test/faults "$log"
status=0
run() {
    swift test --disable-xctest "$@" </dev/null 2>&1 | tee -a "$log"
    ((PIPESTATUS[0] == 0)) || status=1
}
# Tests of what waits for servers and worker processes come by themselves: in one run with hundreds
# of tests that block a thread each, they would wait for threads longer than for anything else.
waiting='^(ProvidersTests|ImagingTests|OfflineTests|GenerationTests|JobsTests|RemoteSiteTests|WebAPITests)\.'
if (($#)); then
    run "$@"
else
    run --skip "$waiting"
    run --skip-build --filter "$waiting"
fi

# What the tests of crashes, faults and races tried; the tests themselves fail on a violation.
if [[ -d .test/faults ]]; then Scripts/fault-table.py || true; fi

# The same in short that `make schemathesis` does at length; each operation counts as a test.
others=()
if ((!$#)); then
    echo "Schemathesis, 10 examples an operation:"
    Scripts/schemathesis.sh --examples 10 </dev/null 2>&1 | tee .test/schemathesis.log
    ((PIPESTATUS[0] == 0)) || status=1
    others+=(.test/schemathesis/summary)
    # Not every machine that runs the rest can have a browser; why it has none is said.
    if reason=$(Scripts/install-dependencies.sh browser 2>&1); then
        Scripts/browser.sh -q </dev/null 2>&1 | tee .test/browser.log
        ((PIPESTATUS[0] == 0)) || status=1
        others+=(.test/browser/summary)
    else
        echo "skipped: the tests of the dashboard in a browser, because Chromium cannot be installed:"
        echo "$reason" | tail -5
    fi
fi

# "Test run with 12 tests in 3 suites passed after …"; a run that crashed has no such line.
total=$(sed -nE 's/^[^ ]+ Test run with ([0-9]+) tests?.* (passed|failed) after .*$/\1/p' "$log" |
    awk '{ sum += $1 } END { if (NR) print sum }')
# One line for each test that failed, however many arguments it has; not for its cases or suites.
failed=$(grep -aE '^[^ ]+ Test .* failed after ' "$log" | grep -acvE '^[^ ]+ Test (run with|case) ' || true)

if [[ -z $total ]]; then
    echo "error: swift test ended with status $status before it could count the tests" >&2
    echo "0 passed, 1 failed" | tee .test/summary
    exit 1
fi
# What is no test of Swift's; one that could not even count has failed.
for file in ${others[@]+"${others[@]}"}; do
    if read -r passed _ wrong _ <"$file"; then
        total=$((total + passed + wrong))
        failed=$((failed + wrong))
    else
        total=$((total + 1))
        failed=$((failed + 1))
    fi
done
# A failure without a failed test (an issue outside of any test) still fails the run.
if ((status != 0 && failed == 0)); then failed=1; fi
# Again at the end: thousands of lines lie between a failure and here.
if ((status != 0 || failed != 0)); then
    grep -aE '^[^ ]+ Test .* (recorded an issue|failed after)|^error: |Fatal error' "$log" |
        grep -avE '^[^ ]+ Test run with ' | cut -c1-2000 | head -60 | tee .test/failures
fi
echo "$((total - failed)) passed, $failed failed" | tee .test/summary
((status == 0 && failed == 0))
