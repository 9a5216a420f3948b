#!/usr/bin/env python3
"""Opens the dashboard's pages on a generated site with many attachments.

    measure-dashboard.py [--attachments 100000] [--posts 20000] [--database sqlite|mariadb]

Says how long the first inventory takes while pages are looked at, and how long each page takes once
it is there. Fails where the median of a page is over 200 ms.
"""

import argparse
import http.client
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

HERE = Path(__file__).resolve().parent
BINARY = HERE.parent / ".build/release/moniker"
PASSWORD = "correct horse battery staple"
TIMES = 20


class Visitor:
    """A browser without eyes: one connection and one cookie."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.headers = {"Accept": "text/html", "Host": f"127.0.0.1:{port}"}
        self.origin = f"http://127.0.0.1:{port}"

    def log_in(self):
        body = urllib.parse.urlencode({"password": PASSWORD})
        self.connection.request("POST", "/login", body, self.headers | {
            "Content-Type": "application/x-www-form-urlencoded", "Origin": self.origin,
            "Sec-Fetch-Site": "same-origin"})
        answer = self.connection.getresponse()
        answer.read()
        if answer.status != 303:
            raise RuntimeError(f"the login was answered with {answer.status}")
        self.headers["Cookie"] = answer.headers["Set-Cookie"].split(";")[0]

    def open(self, path):
        """How many milliseconds a page takes, and its text."""
        start = time.monotonic()
        self.connection.request("GET", path, headers=self.headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        milliseconds = 1000 * (time.monotonic() - start)
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {text[:300]}")
        return milliseconds, text


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--attachments", type=int, default=100_000)
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--database", choices=["mariadb", "sqlite"], default="sqlite")
    parser.add_argument("--binary", default=str(BINARY))
    parser.add_argument("--keep", help="folder for a site that is kept and used again")
    options = parser.parse_args()
    from harness.service import Site
    with tempfile.TemporaryDirectory(prefix="moniker-dashboard-") as folder:
        site = Site(
            Path(options.keep or folder), options.attachments, options.database,
            posts=options.posts)
        subprocess.run(
            [options.binary, *site.options, "password"], input=PASSWORD + "\n", text=True,
            check=True, stdout=subprocess.DEVNULL)
        with site.served(options.binary, indexed=False) as (port, _):
            visitor = Visitor(port)
            visitor.log_in()
            start = time.monotonic()
            waiting = []
            while True:
                milliseconds, text = visitor.open("/images")
                if 'id="image-list"' in text:
                    break
                waiting.append(milliseconds)
                time.sleep(1)
            print(f"first inventory of {options.attachments} attachments: "
                  f"{time.monotonic() - start:.1f} s; meanwhile the page of images took "
                  f"{max(waiting, default=0):.0f} ms at most")
            print(f"{'':36}{'first ms':>10}{'p50 ms':>10}{'max ms':>10}{'KB':>8}")
            slow = []
            middle = site.ids[len(site.ids) // 2]
            for path in [
                    "/", "/images", "/images?missing=caption", "/images?used=false",
                    "/images?q=photo", f"/images?cursor={middle}", f"/images/{middle}", "/review",
                    "/jobs", "/history", "/analysis", "/settings"]:
                first, text = visitor.open(path)
                while 'id="first-reading"' in text:
                    time.sleep(.1)
                    _, text = visitor.open(path)
                times = [visitor.open(path)[0] for _ in range(TIMES)]
                print(f"{path:36}{first:>10.0f}{statistics.median(times):>10.0f}"
                      f"{max(times):>10.0f}{len(text) // 1000:>8}")
                if statistics.median(times) > 200:
                    slow.append(path)
            print(f"peak {site.peak_megabytes()} MB")
        site.stop()
        print(f"{len(slow)} pages over 200 ms {' '.join(slow)}")
        return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
