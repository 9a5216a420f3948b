"""The built program as a service on a throw-away copy of the WordPress test site."""

import json
import os
import pathlib
import signal
import subprocess
import time
import urllib.error
import urllib.request

PACKAGE = pathlib.Path(__file__).resolve().parents[3]
SITE_SCRIPT = PACKAGE / "Tests/Support/wordpress/site.sh"
# The same as in the end-to-end tests, so that the site is built once for both.
SITE_ARGUMENTS = ["--attachments", "12", "--posts", "60"]


def binary():
    """The program that is tested: the one named, else the release build, else the debug build."""
    named = os.environ.get("MONIKER_BINARY")
    candidates = [named] if named else [PACKAGE / f".build/{kind}/moniker" for kind in ("release", "debug")]
    for candidate in candidates:
        if os.access(candidate, os.X_OK):
            return str(candidate)
    raise SystemExit("error: there is no built program: run `swift build --product moniker`")


def run(arguments, text=None, check=True):
    """Runs a helper and returns what it printed."""
    result = subprocess.run(
        [str(argument) for argument in arguments], input=text, capture_output=True, text=True)
    if check and result.returncode != 0:
        raise RuntimeError(f"{arguments} ended with {result.returncode}: {result.stderr[-2000:]}{result.stdout[-2000:]}")
    return result.stdout


class TestSite:
    """A fresh copy of the test site; its database server ends with `close` or with this process."""

    __test__ = False

    def __init__(self, engine="sqlite", root=PACKAGE / ".test/site"):
        self.engine = engine
        self.root = pathlib.Path(root)
        run([SITE_SCRIPT, "ensure", self.root, *SITE_ARGUMENTS])
        run([SITE_SCRIPT, "restore", self.root, engine, os.getpid()])
        self.live = self.root / "live"
        self.wordpress = self.live / "www"
        self.uploads = self.wordpress / "wp-content/uploads"
        self.home = self.live / "home"
        self.attachments = json.loads((self.live / "files.json").read_text())

    def close(self):
        run([SITE_SCRIPT, "stop", self.root])

    def id(self, alias):
        """The id of an attachment by what the builder of the site calls it."""
        return self.attachments[alias]["id"]

    def snapshot(self):
        """Every byte of the tables, and every name, mode, time and sha256 of the uploads."""
        return run([SITE_SCRIPT, "dump", self.root]), run([SITE_SCRIPT, "tree", self.root])

    def sql(self, statements):
        return run([SITE_SCRIPT, "sql", self.root], statements)

    def php(self, script, *arguments):
        """Runs a script of Tests/Support/wordpress inside WordPress."""
        return run([SITE_SCRIPT, "php", self.root, script, *arguments])

    def moniker(self, *arguments, text=None, check=True):
        return run(
            [binary(), "--site", self.wordpress, "--home", self.home, *arguments], text, check)

    def token(self, scope):
        made = json.loads(
            self.moniker("--json", "token", "create", "--name", "test", "--scope", scope))
        return made["token"]


class LiveService:
    """`moniker serve` on a free port of 127.0.0.1."""

    def __init__(self, site, *arguments, environment=None):
        self.site = site
        self.log_file = site.live / f"serve-{os.getpid()}-{time.monotonic_ns()}.log"
        with open(self.log_file, "wb") as log:
            self.process = subprocess.Popen(
                [binary(), "--site", str(site.wordpress), "--home", str(site.home), "--json",
                 "serve", "--listen", "127.0.0.1:0", "--rate-limit", "100000", *arguments],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True,
                env=os.environ | (environment or {}))
        # Blocks until the service listens, or has ended.
        line = self.process.stdout.readline()
        if "listening" not in line:
            self.process.kill()
            raise RuntimeError(f"the service did not start: {self.log()[-2000:]}")
        self.address = json.loads(line)["listening"]

    def log(self):
        return self.log_file.read_text(errors="replace")

    def ask(self, method, path, token=None, body=None, headers=None):
        """The status and the body of an answer, as JSON where it is that."""
        request = urllib.request.Request(
            self.address + path, method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers=({"Authorization": f"Bearer {token}"} if token else {})
            | ({"Content-Type": "application/json"} if body is not None else {}) | (headers or {}))
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                status, data = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, data = error.code, error.read()
        try:
            return status, json.loads(data)
        except ValueError:
            return status, data.decode(errors="replace")

    def close(self):
        """Ends it as systemd does, and expects that it ended by itself."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise RuntimeError("the service did not end within 60 seconds after SIGTERM") from None
        finally:
            self.process.stdout.close()
