#!/usr/bin/env python3
"""Asks the service as many readers and writers at once, and checks that no write is lost or doubled.

    measure-service.py [--seconds 60] [--readers 200] [--writers 20] [--attachments 500]
                       [--database mariadb|sqlite]

A generated site, a release build of the service on loopback. Readers ask on without a pause, each
with a connection of its own: lists, one attachment, jobs, the journal. Most of them are wrk's, which
costs next to nothing; a few are our own, to tell the kinds of questions apart. Writers change file names and
texts and queue jobs, each request with an Idempotency-Key of its own, and send one in five again, of
which some at once beside the first. At the end, every answer is compared with the journal, with the
queue, with the database and with the folder.
"""

import argparse
import asyncio
import json
import random
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
BINARY = HERE.parent / ".build/release/moniker"
# Readers that are our own.
SAMPLED = 10
# What the document of the API says may come of a change while others change the site.
DOCUMENTED = {200, 202, 409, 422, 429, 503}


class Connection:
    """One HTTP/1.1 connection that is kept open."""

    def __init__(self, port, token):
        self.port, self.token = port, token
        self.reader = self.writer = None

    async def ask(self, method, path, body=None, key=None):
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        data = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {self.token}\r\n"
        if key:
            head += f"Idempotency-Key: {key}\r\n"
        if body is not None:
            head += f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n"
        self.writer.write(head.encode() + b"\r\n" + data)
        lines = (await self.reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        length = next(
            int(line[15:]) for line in lines if line.lower().startswith(b"content-length:"))
        return int(lines[0].split()[1]), await self.reader.readexactly(length)

    def close(self):
        if self.writer:
            self.writer.close()
        self.reader = self.writer = None


class Load:
    def __init__(self, port, tokens, ids, options):
        self.port, self.tokens, self.ids, self.options = port, tokens, ids, options
        self.times = {}
        self.statuses = {}
        self.acknowledged = []
        self.uncertain = []
        self.wrong = []
        self.end = 0.0
        self.crowd = {}

    def note(self, what, status, seconds, body):
        self.times.setdefault(what, []).append(seconds)
        self.statuses[what, status] = self.statuses.get((what, status), 0) + 1
        if status >= 500 and status not in DOCUMENTED or status == 0:
            self.wrong.append(f"{what}: {status} {body[:200]}")

    async def read(self, number):
        chance = random.Random(f"reader {number}")
        connection = Connection(self.port, self.tokens["read"])
        while time.monotonic() < self.end:
            what = chance.choice(["list", "list", "one", "jobs", "journal"])
            path = {
                "list": chance.choice([
                    "/v1/attachments", "/v1/attachments?missing=alt", "/v1/attachments?used=false",
                    f"/v1/attachments?cursor={chance.choice(self.ids[99::100])}",
                    f"/v1/attachments?q={chance.choice(['img', 'photo', 'bulk', '1'])}"]),
                "one": f"/v1/attachments/{chance.choice(self.ids)}",
                "jobs": "/v1/jobs", "journal": "/v1/journal"}[what]
            start = time.monotonic()
            status, body = await connection.ask("GET", path)
            self.note(what, status, time.monotonic() - start, body)
            if status != 200:
                self.wrong.append(f"GET {path}: {status} {body[:200]}")
        connection.close()

    async def write(self, number):
        chance = random.Random(f"writer {number}")
        connection = Connection(self.port, self.tokens["write"])
        other = Connection(self.port, self.tokens["write"])
        # Images of its own, so that the last acknowledged name is the one that has to be there.
        mine = self.ids[number::self.options.writers]
        count = 0
        while time.monotonic() < self.end:
            count += 1
            key = f"{number}-{count}"
            image = chance.choice(mine)
            what = chance.choices(["rename", "texts", "job", "uploads"], [6, 2, 2, 1])[0]
            name = f"load-{number}-{count}"
            path, body = {
                "rename": (f"/v1/attachments/{image}/filename",
                           {"name": name, "keep_old": "none"}),
                "texts": (f"/v1/attachments/{image}/metadata", {"fields": ["alt"]}),
                "job": ("/v1/jobs", {"kind": "scan" if chance.random() < .5 else "analyze"}),
                "uploads": ("/v1/uploads", {"attachments": [image]}),
            }[what]
            status, answer = 0, b""
            for _ in range(200):
                start = time.monotonic()
                asked = connection.ask("POST", path, body, key)
                if chance.random() < .1:
                    # The same at once, as an impatient client does.
                    (status, answer), (second, again) = await asyncio.gather(
                        asked, other.ask("POST", path, body, key))
                    if status == second == 200 and answer != again:
                        self.wrong.append(f"{key}: two answers: {answer[:200]} {again[:200]}")
                    if status == 409 and second in (200, 202):
                        status, answer = second, again
                else:
                    status, answer = await asked
                self.note(what, status, time.monotonic() - start, answer)
                # Busy, too many, or worked on: the same key again, later.
                if status not in (409, 429, 503):
                    break
                await asyncio.sleep(.02 + chance.random() / 10)
            value = json.loads(answer)
            if status in (200, 202):
                self.acknowledged.append((what, key, image, name, value))
                if chance.random() < .1:
                    again = await connection.ask("POST", path, body, key)
                    if again != (status, answer):
                        self.wrong.append(f"{key}: answered otherwise when sent again: {again}")
            elif status == 422:
                pass
            else:
                self.uncertain.append((what, key, image, name, value))
        connection.close()
        other.close()

    async def run(self):
        self.end = time.monotonic() + self.options.seconds
        crowd = await asyncio.create_subprocess_exec(
            "wrk", "--threads", "1", "--connections", str(self.options.readers - SAMPLED),
            "--duration", f"{self.options.seconds}s", "--timeout", "30s",
            "--script", str(HERE / "harness/readers.lua"), f"http://127.0.0.1:{self.port}",
            "--", self.tokens["read"], str(len(self.ids)),
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE)
        told, *_ = await asyncio.gather(
            crowd.stderr.read(), *(self.read(number) for number in range(SAMPLED)),
            *(self.write(number) for number in range(self.options.writers)))
        if await crowd.wait():
            raise RuntimeError(told.decode())
        self.crowd = json.loads(told)
        if self.crowd["failed"]:
            self.wrong.append(f"{self.crowd['failed']} reads of wrk were no success")


def judge(load, site, home):
    """What is wrong with the journal, the queue, the database or the folder."""
    wrong = list(load.wrong)
    journal = sqlite3.connect(f"file:{home}/journal.sqlite?mode=ro", uri=True)
    sets = dict(journal.execute(
        "SELECT id, state FROM change_set WHERE state <> 'aborted'").fetchall())
    known = [value["journal"] for what, _, _, _, value in load.acknowledged
             if what in ("rename", "texts") and value.get("journal")]
    for name in set(known):
        if known.count(name) > 1:
            wrong.append(f"{name} was acknowledged for {known.count(name)} requests")
        if sets.get(name) != "done":
            wrong.append(f"{name} was acknowledged and is {sets.get(name)} in the journal")
    jobs = sqlite3.connect(f"file:{home}/jobs.sqlite?mode=ro", uri=True)
    ids = [row[0] for row in jobs.execute("SELECT id FROM job WHERE origin = 'bulk'")]
    journals = [row[0] for row in jobs.execute("SELECT journal FROM change_set")]
    for extra in set(sets) - set(known) - set(journals):
        wrong.append(f"{extra} stands in the journal and nobody was told")
    queued = [value["id"] for what, _, _, _, value in load.acknowledged if what == "job"]
    # Old ones that have ended are forgotten beyond a thousand.
    if len(set(queued)) != len(queued) or len(ids) < 1000 and set(queued) != set(ids):
        wrong.append(f"{len(queued)} jobs acknowledged, {len(ids)} in the queue")
    last = {}
    for what, _, image, name, value in load.acknowledged:
        if what == "rename" and value["state"] == "done":
            last[image] = name
    files = dict(site.attached_files())
    for image, name in last.items():
        file = files[image]
        if f"/{name}." not in file and f"/{name}-" not in file:
            wrong.append(f"attachment {image} is {file} and was renamed to {name} last")
        if not (site.uploads / file).is_file():
            wrong.append(f"{file} of attachment {image} is not there")
    return wrong, len(known), len(queued)


def percentile(times, share):
    times = sorted(times)
    return 1000 * times[min(len(times) - 1, int(share * len(times)))]


def report(load, options):
    print(f"{options.readers} readers, {options.writers} writers, {options.seconds} s, "
          f"{len(load.ids)} attachments, {options.database}")
    print(f"{'':10}{'requests':>10}{'a second':>10}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}"
          f"{'max ms':>9}")
    for what, times in load.times.items():
        print(f"{what:10}{len(times):>10}{len(times) / options.seconds:>10.0f}"
              f"{percentile(times, .5):>9.1f}{percentile(times, .95):>9.1f}"
              f"{percentile(times, .99):>9.1f}{1000 * max(times):>9.1f}")
    ours = [time for what in ("list", "one", "jobs", "journal")
            for time in load.times.get(what, [])]
    print(f"{'reads, ours':10}{len(ours):>10}{len(ours) / options.seconds:>10.0f}"
          f"{percentile(ours, .5):>9.1f}{percentile(ours, .95):>9.1f}"
          f"{percentile(ours, .99):>9.1f}{1000 * max(ours):>9.1f}")
    crowd = load.crowd
    print(f"{'reads, wrk':10}{crowd['requests']:>10}{crowd['requests'] / crowd['seconds']:>10.0f}"
          f"{crowd['p50']:>9.1f}{crowd['p95']:>9.1f}{crowd['p99']:>9.1f}{crowd['max']:>9.1f}")
    print("statuses:", ", ".join(
        f"{what} {status}: {count}" for (what, status), count in sorted(load.statuses.items())))
    return percentile(ours, .99)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--readers", type=int, default=200)
    parser.add_argument("--writers", type=int, default=20)
    parser.add_argument("--attachments", type=int, default=500)
    parser.add_argument("--database", choices=["mariadb", "sqlite"], default="sqlite")
    parser.add_argument("--binary", default=str(BINARY))
    parser.add_argument("--keep", help="folder for a site that is kept and used again")
    options = parser.parse_args()
    from harness.service import Site
    with tempfile.TemporaryDirectory(prefix="moniker-load-") as folder:
        site = Site(Path(options.keep or folder), options.attachments, options.database)
        with site.served(options.binary) as (port, tokens):
            load = Load(port, tokens, site.ids, options)
            first = time.monotonic()
            asked = asyncio.run(Connection(port, tokens["read"]).ask("GET", "/v1/attachments"))
            print(f"first list: {asked[0]} after {time.monotonic() - first:.2f} s")
            used, load_average = site.processor_seconds(), Path("/proc/loadavg").read_text().split()[0]
            asyncio.run(load.run())
            used = site.processor_seconds() - used
            count = sum(len(times) for times in load.times.values()) + load.crowd["requests"]
            print(f"{used:.1f} s of processor time of the service, {1e6 * used / count:.0f} µs a "
                  f"request; load of the machine at the start: {load_average}")
            slowest = report(load, options)
            print(f"peak {site.peak_megabytes()} MB")
        wrong, changes, jobs = judge(load, site, site.home)
        print(f"{changes} acknowledged changes and {jobs} jobs, "
              f"{len(load.uncertain)} that were never acknowledged")
        verified = site.moniker(options.binary, "verify")
        if verified.returncode:
            wrong.append(f"verify: {verified.stdout[-500:]} {verified.stderr[-500:]}")
        site.stop()
        for line in wrong[:20]:
            print("WRONG:", line)
        print(f"p99 of reads {slowest:.1f} ms (at most 100), {len(wrong)} wrong")
        return 1 if wrong or slowest > 100 else 0


if __name__ == "__main__":
    sys.exit(main())
