#!/bin/bash
# Fuzzes the parsers with libFuzzer, two groups at a time, and prints one line a group.
#
#   Fuzz/run.sh [SECONDS [GROUP …]]        60 seconds each, all groups
#
# Exits with 1 when something was found; the inputs are then in .test/fuzz/GROUP/findings. What
# libFuzzer learns stays in .test/fuzz/GROUP/corpus and is the beginning of the next run.
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:-60}
shift || true
groups=("$@")
((${#groups[@]})) || groups=(rewriter configuration metadata maps names journal)

SECONDS=0
# The parsers themselves have to be instrumented, or libFuzzer would fly blind; most are internal.
swift build -c release --product ParserFuzz -Xswiftc -sanitize=fuzzer -Xswiftc -enable-testing
program=$PWD/.build/release/ParserFuzz
work=$PWD/../.test/fuzz
faults=$PWD/../.test/faults
mkdir -p "$faults"

fuzz() {
    local group=$1 folder=$work/$1 status=0 length=4096
    # Nobody types more, and transliteration takes its time.
    if [[ $group == names ]]; then length=512; fi
    rm -rf "$folder/findings"
    mkdir -p "$folder/corpus" "$folder/findings"
    # The backtracer would wait for a process that libFuzzer has already taken apart.
    SWIFT_BACKTRACE=enable=no "$program" "$group" -max_total_time="$seconds" -max_len="$length" \
        -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 -use_value_profile=1 \
        -dict="$PWD/dictionary" -artifact_prefix="$folder/findings/" \
        "$folder/corpus" "seeds/$group" >"$folder/log" 2>&1 || status=$?
    local runs features findings coverage=no
    runs=$(sed -nE 's/^stat::number_of_executed_units: +([0-9]+)$/\1/p' "$folder/log" | tail -1)
    features=$(sed -nE 's/^.* cov: ([0-9]+) ft: .*$/\1/p' "$folder/log" | tail -1)
    findings=$(find "$folder/findings" -type f | wc -l)
    # A run that ended badly without an input is a finding too.
    if ((status && !findings)); then findings=1; fi
    # The entry alone would be a few edges: a parser that is not instrumented shows here.
    if ((${features:-0} > 200)); then coverage=yes; fi
    if [[ $coverage == no ]] && ((!findings)); then findings=1; fi
    printf 'L8\tfuzzing: %s\t%d\t%d\n' "$group" "${runs:-0}" "$findings" \
        >"$faults/L8-fuzz-$group.tsv"
    printf 'fuzz %-14s %9d runs, coverage-guided: %s (%d edges), %d findings\n' \
        "$group" "${runs:-0}" "$coverage" "${features:-0}" "$findings"
    if ((findings)); then
        tail -40 "$folder/log" >&2
        return 1
    fi
}

status=0
for ((index = 0; index < ${#groups[@]}; index += 2)); do
    pids=()
    for group in "${groups[@]:index:2}"; do
        fuzz "$group" &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do wait "$pid" || status=1; done
done
echo "fuzz: ${#groups[@]} groups in $SECONDS s"
exit "$status"
