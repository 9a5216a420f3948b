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

# A crash is told by its own thread: those of hundreds of tests that wait would take minutes to print.
export SWIFT_BACKTRACE=${SWIFT_BACKTRACE:-enable=yes,threads=crashed}

# How long one run may take, with its build, before it is ended and what hung is listed.
limit_minutes=${MONIKER_TEST_MINUTES:-60}
[[ -z ${MONIKER_LONG_RUN:-} ]] || limit_minutes=2880

# At once are so many as keep waiting tests from holding up others: each of those may have a server,
# an HTTP client and their files, and Foundation starts no process any more, and hangs, when a
# process has as many open as it may.
ulimit -n "$(ulimit -Hn)" || true
at_once=24

session=
end_session() { if [[ -n $session ]]; then pkill -KILL -s "$session"; fi; }
trap 'end_session; exit 130' INT TERM

run() {
    local before watchdog
    touch "$log"
    before=$(stat -c %s "$log")
    # A session of its own, so that whatever the tests started can be ended with them.
    setsid swift test --disable-xctest \
        --experimental-maximum-parallelization-width "$at_once" "$@" </dev/null >>"$log" 2>&1 &
    session=$!
    end_after_limit >>"$log" &
    watchdog=$!
    tail -c "+$((before + 1))" -f --pid="$session" "$log"
    wait "$session" || status=1
    kill "$watchdog" 2>/dev/null
    wait "$watchdog" 2>/dev/null
    session=
}

end_after_limit() {
    sleep "$((limit_minutes * 60))" &
    trap 'kill $!; exit' TERM
    wait $!
    echo "error: the tests did not end within $limit_minutes minutes; begun and not ended were:"
    unended
    end_session
}

# The tests in the log that have a line for their start and none for their end.
unended() {
    sed -nE 's/^[^ ]+ Test (.+) started\.$/\1/p' "$log" | grep -vE '^(run|case .*)$' |
        grep -vxFf <(sed -nE 's/^[^ ]+ Test (.+) (passed|failed) after .*$/\1/p' "$log" |
            sed -E 's/ with [0-9]+ test cases?$//') | head -40
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
    # What a test says of its failure follows on lines of their own, up to the next event.
    awk '/^[^ ]+ Test run with / { told = 0; next }
         /^[^ ]+ Test .* recorded an issue/ { told = 12; print; next }
         /^[^ ]+ Test .* failed after |^error: |Fatal error/ { told = 0; print; next }
         /^(◇|✔|✘|➜|⚠) / { told = 0 }
         told-- > 0' "$log" | cut -c1-2000 | head -120 | tee .test/failures
fi
echo "$((total - failed)) passed, $failed failed" | tee .test/summary
((status == 0 && failed == 0))
