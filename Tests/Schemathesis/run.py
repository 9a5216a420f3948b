#!/usr/bin/env python3
"""Asks the service everything that its OpenAPI document describes, and more that it forbids.

usage: run.py [--examples N] [--seed N] [--workers N]

Runs the service with the offline provider on a throw-away copy of the WordPress test site, and
Schemathesis against its /openapi.json. Prints a table (operation, requests, statuses, failures) and
fails with every failure.
"""

import argparse
import collections
import json
import os
import pathlib
import random
import string
import subprocess
import sys
import time
import urllib.parse
import xml.etree.ElementTree

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Support/service"))

from live_service import PACKAGE, LiveService, TestSite  # noqa: E402


def schemathesis(service, site, token, arguments, results):
    """Runs Schemathesis; returns its status, and the answers and failures of each operation."""
    counts = results / "counts.json"
    ended = finished_job(service, token)
    environment = os.environ | {
        "PYTHONPATH": str(HERE), "SCHEMATHESIS_HOOKS": "hooks",
        "MONIKER_COUNTS": str(counts),
        # A token is "mnk_", its id, a point, and its secret.
        "MONIKER_OWN_TOKEN": token.removeprefix("mnk_").partition(".")[0],
        "MONIKER_ENDED_JOB": ended,
        "MONIKER_ATTACHMENTS": json.dumps(sorted(known["id"] for known in site.attachments.values())),
    }
    status = subprocess.run(
        [pathlib.Path(sys.executable).with_name("schemathesis"),
         "--config-file", HERE / "schemathesis.toml",
         "run", f"{service.address}/openapi.json", "--header", f"Authorization: Bearer {token}",
         "--seed", str(arguments.seed), "--max-examples", str(arguments.examples),
         "--workers", str(arguments.workers), "--no-color",
         "--report", "junit", "--report-junit-path", results / "junit.xml"],
        cwd=results, env=environment, stdin=subprocess.DEVNULL).returncode
    failures = collections.Counter()
    for case in xml.etree.ElementTree.parse(results / "junit.xml").iter("testcase"):
        failures[case.get("name")] += len(case.findall("failure")) + len(case.findall("error"))
    return status, {
        operation: collections.Counter(statuses)
        for operation, statuses in json.loads(counts.read_text()).items()}, failures


def finished_job(service, token):
    """A job that has ended: a stream of its events ends, too."""
    status, job = service.ask("POST", "/v1/jobs", token, {"kind": "scan"})
    assert status == 202, job
    # The stream ends with the job.
    status, _ = service.ask("GET", f"/v1/jobs/{job['id']}/events", token)
    assert status == 200
    return job["id"]


def repeat_constant(service, token, counts, failures, examples):
    """Operations without input have one example: they are asked as often as the others."""
    _, document = service.ask("GET", "/openapi.json")
    for path, operations in document["paths"].items():
        if "get" not in operations or operations["get"].get("parameters"):
            continue
        known = counts.setdefault(f"GET {path}", collections.Counter())
        while sum(known.values()) < examples:
            status, _ = service.ask("GET", path, token)
            known[str(status)] += 1
            if status != 200:
                failures[f"GET {path}"] += 1


def repeat_deletions(service, token, counts, failures, arguments):
    """Of an id that is deleted, Schemathesis makes few examples: more of them, of all kinds."""
    _, document = service.ask("GET", "/openapi.json")
    chance = random.Random(arguments.seed)
    alphabets = [string.ascii_letters + string.digits, string.printable, "./%\\\0'\"<>;&", "äß漢🚲\u202e"]
    for path, operations in document["paths"].items():
        if "delete" not in operations:
            continue
        documented = set(operations["delete"]["responses"])
        known = counts.setdefault(f"DELETE {path}", collections.Counter())
        while sum(known.values()) < arguments.examples:
            value = "".join(chance.choices(chance.choice(alphabets), k=chance.randint(1, 60)))
            address = path.replace("{id}", urllib.parse.quote(value, safe=""))
            status, _ = service.ask("DELETE", address, token)
            known[str(status)] += 1
            if str(status) not in documented:
                failures[f"DELETE {path}"] += 1
                print(f"failure: DELETE {address}: {status} is not documented")


def table(counts, failures):
    rows = [("operation", "requests", "failures", "answers")]
    for operation in sorted(counts, key=lambda name: name.split()[::-1]):
        statuses = counts[operation]
        rows.append((
            operation, str(sum(statuses.values())), str(failures[operation]),
            " ".join(f"{status}:{statuses[status]}" for status in sorted(statuses))))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(
        f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:>{widths[2]}}  {row[3]}"
        for row in rows)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--examples", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    arguments = parser.parse_args()

    results = PACKAGE / ".test/schemathesis"
    results.mkdir(parents=True, exist_ok=True)
    begin = time.monotonic()
    site = TestSite("sqlite")
    try:
        token = site.token("admin")
        service = LiveService(site, "--provider", "offline")
        try:
            status, counts, failures = schemathesis(service, site, token, arguments, results)
            repeat_constant(service, token, counts, failures, arguments.examples)
            repeat_deletions(service, token, counts, failures, arguments)
        finally:
            ended = service.close()
    finally:
        site.close()
    for name, statuses in counts.items():
        # Also where a check of Schemathesis would have let it pass.
        failures[name] += sum(count for status, count in statuses.items() if status[0] == "5")
    print(table(counts, failures))
    few = [name for name, statuses in counts.items() if sum(statuses.values()) < arguments.examples]
    for name in few:
        # Schemathesis stops where it finds no further example.
        print(f"note: {name}: fewer than {arguments.examples} requests")
    if ended != 0:
        print(f"failure: the service ended with {ended}")
    total = sum(sum(statuses.values()) for statuses in counts.values())
    print(f"{total} requests to {len(counts)} operations with the seed {arguments.seed} "
          f"in {time.monotonic() - begin:.0f} s")
    failed = sum(1 for name in counts if failures[name])
    if failed == 0 and (status or ended):
        failed = 1
    summary = f"{len(counts) - failed} passed, {failed} failed"
    (results / "summary").write_text(summary + "\n")
    print(summary)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
