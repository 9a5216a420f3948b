#!/usr/bin/env python3
"""Asks a web server for the old and the new URL of every file, and judges the answers.

  poller.py poll SOCKET NAMES LOG STOP SEED   asks until the file STOP is there; the log is JSON
  poller.py judge TIMELINE LOG...             prints {"requests", "busiest", "wrong": [...]}
  poller.py once SOCKET NAMES SET...          asks once for every name of the sets old, new

NAMES is a JSON list of {"old", "new", "sha256"}: the two names of one picture, below the server's
root. Times are nanoseconds of CLOCK_MONOTONIC, so that processes can compare them.
"""
import collections
import hashlib
import json
import os
import random
import socket
import sys
import time
import urllib.parse


class Connection:
    """One connection that stays open: HTTP/1.1 over a Unix socket."""

    def __init__(self, path):
        self.path = path
        self.file = None

    def get(self, url):
        """The status and the body."""
        if self.file is None:
            self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self.socket.connect(self.path)
            self.file = self.socket.makefile("rb")
        self.socket.sendall(b"GET " + url + b" HTTP/1.1\r\nHost: example.com\r\n\r\n")
        status = int(self.file.readline().split(b" ", 2)[1])
        length = None
        keeps = True
        while (line := self.file.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
            elif name.lower() == b"connection" and value.strip() == b"close":
                keeps = False
        body = self.file.read(length)
        if len(body) != length:
            raise ConnectionError("the body ended early")
        if not keeps:
            self.file = None
        return status, body


def questions(names_file):
    with open(names_file) as file:
        for pair in json.load(file):
            for which in ("old", "new"):
                url = b"/" + urllib.parse.quote(pair[which]).encode()
                yield which, pair[which], url, pair["sha256"]


def poll(socket_path, names_file, log_file, stop_file, seed):
    order = list(questions(names_file))
    shuffle = random.Random(int(seed)).shuffle
    connection = Connection(socket_path)
    # How many answers came in each tenth of a second.
    counts = collections.Counter()
    missing, broken = [], []
    while not os.path.exists(stop_file):
        shuffle(order)
        for which, name, url, digest in order:
            before = time.monotonic_ns()
            status, body = connection.get(url)
            after = time.monotonic_ns()
            counts[after // 100_000_000] += 1
            if status == 404:
                missing.append((which, name, before, after))
            elif status != 200:
                broken.append(f"{name}: status {status}")
            elif digest and hashlib.sha256(body).hexdigest() != digest:
                broken.append(f"{name}: {len(body)} bytes that are not the picture's")
    with open(log_file, "w") as file:
        json.dump({"counts": counts, "missing": missing, "broken": broken}, file)


def judge(timeline_file, log_files):
    """Which names the database held throughout a request, and were not found all the same.

    The timeline: "first" is the set that is held in the beginning; each change has "set", the set
    that its commit makes the one that is held, "absent_until", when its marker was last seen to be
    missing, and "present_from", when it was first seen. "always" are sets that must never be missing
    and "runs" the times from the start to the end of each command.
    """
    with open(timeline_file) as file:
        timeline = json.load(file)
    held = {"old": [], "new": []}
    current, since = timeline["first"], 0
    for change in timeline["changes"]:
        held[current].append((since, change["absent_until"]))
        current, since = change["set"], change["present_from"]
    held[current].append((since, float("inf")))
    for name in timeline["always"]:
        held[name] = [(0, float("inf"))]
    wrong, missing, counts = [], 0, collections.Counter()
    for log_file in log_files:
        with open(log_file) as file:
            log = json.load(file)
        wrong += log["broken"]
        missing += len(log["missing"])
        for which, name, before, after in log["missing"]:
            if any(start <= before and after <= end for start, end in held[which]):
                wrong.append(f"404 for {name} ({which}) from {before} to {after}")
        for tenth, count in log["counts"].items():
            counts[int(tenth)] += count
    # Only while a command ran, in whole tenths of a second.
    during = seconds = 0
    for start, end in timeline["runs"]:
        tenths = range(-(-start // 100_000_000), end // 100_000_000)
        during += sum(counts[tenth] for tenth in tenths)
        seconds += len(tenths) / 10
    print(json.dumps({
        "requests": sum(counts.values()), "during": during, "seconds": seconds,
        "missing": missing, "wrong": wrong}))


def once(socket_path, names_file, sets):
    connection = Connection(socket_path)
    wrong, asked = [], 0
    for which, name, url, digest in questions(names_file):
        if which in sets:
            asked += 1
            status, body = connection.get(url)
            if status != 200:
                wrong.append(f"{name}: status {status}")
            elif digest and hashlib.sha256(body).hexdigest() != digest:
                wrong.append(f"{name}: {len(body)} bytes that are not the picture's")
    print(json.dumps({
        "requests": asked, "during": asked, "seconds": 0, "missing": len(wrong), "wrong": wrong}))


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    if command == "poll":
        poll(*arguments)
    elif command == "judge":
        judge(arguments[0], arguments[1:])
    else:
        once(arguments[0], arguments[1], arguments[2:])
