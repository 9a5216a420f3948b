"""The measurements: what is run on which site, and what becomes a row of the report."""

import collections
import contextlib
import dataclasses
import http.client
import json
import pathlib
import sys
import time

from sample import making
from sample.library import chosen

from . import process
from .databases import MariaDB, SQLite
from .oracle import Mismatch, Oracle
from .service import serving


@dataclasses.dataclass
class Measured:
    """One run of a job."""

    seconds: float
    peak_megabytes: float = 0.0
    # Its place among all runs on the site.
    place: int = 0
    report: dict = dataclasses.field(default_factory=dict)
    # Milliseconds of each database transaction, in order.
    transactions: list = dataclasses.field(default_factory=list)


def say(text):
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)


class Bench:
    """One sample site, the program and what has been measured on it."""

    def __init__(self, binary, folder, shape, engine, limit):
        self.binary = binary
        self.folder = pathlib.Path(folder)
        self.shape = shape
        self.engine = engine
        self.limit = limit
        self.runs = collections.defaultdict(list)
        self.server = None

    @contextlib.contextmanager
    def site(self):
        """Makes the site, and removes it afterwards with its server."""
        began = time.monotonic()
        say(f"{self.engine}: making {self.shape['posts']} posts, {self.shape['attachments']} attachments")
        try:
            self.server = making.make(self.folder, self.shape, self.engine, self.buffer_pool())
            www = self.folder / "www"
            self.database = (
                MariaDB(self.server) if self.server else SQLite(www / "wp-content/database/.ht.sqlite"))
            self.oracle = Oracle(self.shape, self.database, www / "wp-content/uploads")
            self.check("as made")
            say(f"made and checked in {time.monotonic() - began:.1f} s")
            yield self
        finally:
            making.remove(self.folder)

    def buffer_pool(self):
        """Megabytes that hold the whole site, its undo and its indexes."""
        posts, references = self.shape["posts"], self.shape["references"]
        return 256 + posts * (7_100 + 2_500 * references) * 3 // 1_000_000

    def check(self, when, renamed=(), old_names_stay=False):
        try:
            return self.oracle.check(renamed, old_names_stay)
        except Mismatch as mismatch:
            raise Mismatch(f"{self.engine}, {when}: {mismatch}") from None

    # Jobs

    def note(self, job, run, report=None):
        transactions = self.database.transactions() if report else []
        place = sum(map(len, self.runs.values()))
        self.runs[job].append(Measured(run.seconds, run.peak_megabytes, place, report or {}, transactions))
        say(f"{job}: {run.seconds:.3f} s, {run.peak_megabytes:.0f} MB "
            + " ".join(f"{key} {value:.2f} s" for key, value in (report or {}).get("seconds", {}).items()))

    def best(self, job):
        return min(self.runs[job], key=lambda run: run.seconds) if self.runs.get(job) else None

    def limits(self):
        """Measures the physical limits; called around each job, so that both meet the same machine."""
        self.note("dump", self.database.dump())
        self.note("scan", self.database.scan(self.oracle.library[1 + self.shape["attachments"] // 3].old_stem))

    def ratio(self, job, limit):
        """The best run of a job by the mean of the limit just before and just after it."""
        best = self.best(job)
        limits = self.runs.get(limit)
        if best is None or not limits:
            return None
        if job in ("dump", "scan"):
            return best.seconds / self.best(limit).seconds
        before = [measured for measured in limits if measured.place < best.place][-1:]
        after = [measured for measured in limits if measured.place > best.place][:1]
        near = [measured.seconds for measured in before + after]
        return best.seconds / (sum(near) / len(near))

    def peers(self, number):
        """The peers' method for one image, and back again, unmeasured: bytes return to what they were."""
        pairs = list(self.oracle.urls(number))
        self.limits()
        self.note("peers", self.database.replace(pairs))
        self.limits()
        self.database.replace([(new, old) for old, new in pairs])
        if self.oracle.check_rows(frozenset()):
            raise Mismatch("the peers' method could not be taken back")

    def moniker(self, *arguments):
        """Runs the program; returns the run and its JSON."""
        self.database.forget_transactions()
        run = process.run(
            [str(self.binary), "--json", "--site", str(self.folder / "www"), "--home", str(self.folder / "home"),
             *map(str, arguments)], self.limit)
        return run, json.loads(run.output)

    def rename_and_revert(self, numbers, how=""):
        """Renames by a map, or one by its id, reverts, and checks rows and files after both."""
        numbers = list(numbers)
        job = f"{how}rename {len(numbers)}"
        library = self.oracle.library
        if len(numbers) == 1:
            arguments = ["rename", numbers[0], library[numbers[0]].new_stem]
        else:
            path = self.folder / "renames.csv"
            path.write_text("".join(f"{line}\n" for line in library.map_lines(len(numbers))))
            arguments = ["rename", "--map", path]
        self.warm()
        self.limits()
        run, report = self.moniker(*arguments)
        self.note(job, run, report)
        self.limits()
        self.check_report(job, report, numbers)
        changed = self.check(f"after {job}", numbers, old_names_stay=True)
        if report["cells"] < changed:
            raise Mismatch(f"{job} reports {report['cells']} cells; {changed} rows have changed")
        self.warm()
        self.limits()
        run, reverted = self.moniker("revert", report["journal"])
        self.note(f"{how}revert {len(numbers)}", run, reverted)
        self.limits()
        self.check_report("revert", reverted, numbers)
        if self.check(f"after the revert of {job}"):
            raise Mismatch(f"{self.engine}: the revert of {job} left rows changed")

    def warm(self):
        """Reads all uploads, so that their pages are in memory, as the rows are in the buffer pool."""
        buffer = bytearray(1 << 20)
        for path in (self.folder / "www/wp-content/uploads").rglob("*"):
            if path.is_file():
                with path.open("rb", buffering=0) as file:
                    while file.readinto(buffer):
                        pass

    def check_report(self, job, report, numbers):
        files = sum(len(self.oracle.library[number].names) for number in numbers)
        expected = {
            "state": "done", "attachments": len(numbers), "files": files, "conflicts": [], "skipped": [], "opaque": []}
        wrong = {key: report.get(key) for key, value in expected.items() if report.get(key) != value}
        if wrong:
            raise Mismatch(f"{job} of {len(numbers)} reports {str(wrong)[:500]}")

    def singles(self, times):
        """Single renames of different images, each with its revert; the first begins with an empty home."""
        for number in chosen(self.shape["attachments"], times):
            self.rename_and_revert([number])

    def indexed(self, times):
        """The same with the reference index, which is made before and taken away after it."""
        run, _ = self.moniker("index", "on")
        self.note("index", run)
        numbers = chosen(self.shape["attachments"], times + 3)[3:]
        # Once unmeasured: what the index of a site does after its first minute is of interest.
        for how, number in zip(["first "] + ["indexed "] * times, [*numbers[:1], *numbers]):
            self.rename_and_revert([number], how)
        self.served(chosen(self.shape["attachments"], 2 * times + 4)[times + 4:])
        self.moniker("index", "off")

    def served(self, numbers):
        """One image after the other by HTTP, by a service that runs already; then back again."""
        options = ["--json", "--site", str(self.folder / "www"), "--home", str(self.folder / "home")]
        journals = []
        with serving(str(self.binary), options, self.folder / "service.log") as (service, port, tokens):
            connection = http.client.HTTPConnection("127.0.0.1", port)
            # A service takes the inventory when it starts; this is about one that runs.
            process.wait_until_idle(service.pid)
            for number in numbers:
                body = json.dumps({"name": self.oracle.library[number].new_stem, "keep_old": "24h"})
                began = time.monotonic()
                connection.request("POST", f"/v1/attachments/{number}/filename", body, {
                    "Authorization": f"Bearer {tokens['write']}", "Content-Type": "application/json",
                    "Idempotency-Key": f"bench-{number}"})
                answer = connection.getresponse()
                report = json.loads(answer.read())
                seconds = time.monotonic() - began
                if answer.status != 200:
                    raise Mismatch(f"the service answered {answer.status}: {str(report)[:500]}")
                self.check_report("served rename", report, [number])
                # The first one of a process opens the site and the home.
                job = "served rename 1" if journals else "served first rename 1"
                self.note(job, process.Run(seconds, process.peak_megabytes(service.pid), b""))
                journals.append(report["journal"])
            connection.close()
        self.check("after renames by the service", numbers, old_names_stay=True)
        for journal in reversed(journals):
            self.moniker("revert", journal)
        if self.check("after their reverts"):
            raise Mismatch(f"{self.engine}: the reverts of renames by the service left rows changed")

    def several(self, count):
        """One map of `count` renames and its revert."""
        self.rename_and_revert(chosen(self.shape["attachments"], count))
