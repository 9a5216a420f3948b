"""Hooks of Schemathesis: ids of things that exist, and a count of what was asked and answered."""

import atexit
import collections
import json
import os

import schemathesis

# Valid ids are replaced by ones that exist most of the time: a random number meets nothing.
ATTACHMENTS = json.loads(os.environ["MONIKER_ATTACHMENTS"])
# The stream of a job's events lasts as long as the job, so those of an ended one are asked for.
ENDED_JOB = os.environ["MONIKER_ENDED_JOB"]
OWN_TOKEN = os.environ["MONIKER_OWN_TOKEN"]
JOURNALS, JOBS, SCHEDULES, TOKENS = [], [ENDED_JOB], [], []
CRONS = ["0 0 29 2 *", "@yearly", "59 23 31 DEC *", "0 0 1 1 *"]
keys = []
counts = collections.defaultdict(collections.Counter)


def existing(known, value):
    """One of the things that exist, chosen by the generated value, so that a seed repeats a run."""
    choice = sum(str(value).encode())
    return value if not known or choice % 4 == 0 else known[choice % len(known)]


@schemathesis.hook
def map_case(context, case):
    # Schemathesis learns ids from lists; the token of the run itself must live to its end.
    if case.path_parameters and case.path_parameters.get("id") == OWN_TOKEN:
        case.path_parameters["id"] = "Tnothing"
    # Values that are wrong on purpose stay as they are.
    if case.meta is not None and not case.meta.generation.mode.is_positive:
        return case
    path = case.operation.path
    if "{id}" in path and case.path_parameters and "id" in case.path_parameters:
        value = case.path_parameters["id"]
        kind = path.split("/")[2]
        known = {
            "attachments": ATTACHMENTS, "review": ATTACHMENTS, "journal": JOURNALS, "jobs": JOBS,
            "schedules": SCHEDULES, "tokens": TOKENS,
        }[kind]
        if path.endswith("/events"):
            known = [ENDED_JOB]
        case.path_parameters["id"] = existing(known[-50:], value)
    # A list of names takes no id twice, which no schema can say.
    if path in ("/v1/jobs", "/v1/schedules") and isinstance(case.body, dict):
        names = case.body.get("options", {}).get("names")
        if names:
            case.body["options"]["names"] = list({name["id"]: name for name in names}.values())
    # Whoever describes stays the offline provider: the rest of the run is to leave the machine alone.
    if path == "/v1/settings" and isinstance(case.body, dict):
        case.body.pop("base_url", None)
        case.body["provider"] = None
    # What a cron expression is says no pattern; one that begins no job during the run.
    if path == "/v1/schedules" and isinstance(case.body, dict) and "cron" in case.body:
        case.body["cron"] = CRONS[sum(str(case.body["cron"]).encode()) % len(CRONS)]
    # A key that comes twice with different requests is refused, whatever the rest says.
    if case.headers and case.headers.get("Idempotency-Key"):
        keys.append(None)
        case.headers["Idempotency-Key"] = f"{len(keys)}-{case.headers['Idempotency-Key']}"[:200]
    return case


@schemathesis.hook
def after_call(context, case, response):
    counts[case.operation.label][str(response.status_code)] += 1
    if response.status_code in (200, 201, 202) and case.method.upper() == "POST":
        body = response.json()
        if body.get("journal"):
            JOURNALS.append(body["journal"])
        for path, known in (
                ("/v1/jobs", JOBS), ("/v1/schedules", SCHEDULES), ("/v1/tokens", TOKENS)):
            if case.operation.path == path:
                known.append(body["id"])


@atexit.register
def write_counts():
    with open(os.environ["MONIKER_COUNTS"], "w") as file:
        json.dump(counts, file)
