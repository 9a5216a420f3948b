#!/bin/bash
# Fuzzes the rewriter for a while.
#
#   Fuzz/run.sh [SECONDS]        60 by default
set -euo pipefail
cd "$(dirname "$0")"
# The rewriter itself has to be instrumented, or libFuzzer would fly blind.
swift build -c release --product RewriterFuzz -Xswiftc -sanitize=fuzzer
mkdir -p ../.test/fuzz
# The backtracer would wait for a process that libFuzzer has already taken apart.
SWIFT_BACKTRACE=enable=no .build/release/RewriterFuzz -max_total_time="${1:-60}" \
    -max_len=4096 -timeout=10 -artifact_prefix=../.test/fuzz/ ../.test/fuzz seeds
