"""A generated site with the service on it, for measuring."""

import contextlib
import json
import signal
import sqlite3
import subprocess

from sample import making
from sample.server import Server

from . import process


@contextlib.contextmanager
def serving(binary, options, log, *arguments):
    """The service's process, its port and tokens by scope; it is ended as systemd does it."""
    tokens = {}
    for scope in ("read", "write"):
        made = subprocess.run(
            [binary, *options, "token", "create", "--name", scope, "--scope", scope],
            stdout=subprocess.PIPE, text=True, check=True)
        tokens[scope] = json.loads(made.stdout)["token"]
    with open(log, "w", encoding="utf-8") as errors:
        running = subprocess.Popen(
            [binary, *options, "serve", "--listen", "127.0.0.1:0", "--rate-limit", "1000000",
             *arguments], stdout=subprocess.PIPE, stderr=errors, text=True)
        try:
            address = json.loads(running.stdout.readline())["listening"]
            yield running, int(address.rsplit(":", 1)[1]), tokens
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait()


class Site:
    """A site of so many attachments in a folder, made unless it is there."""

    def __init__(self, folder, attachments, engine, posts=None):
        self.folder, self.engine = folder / "site", engine
        self.home = self.folder / "home"
        self.uploads = self.folder / "www/wp-content/uploads"
        folder.mkdir(exist_ok=True)
        # The private server's user has to come through.
        folder.chmod(0o755)
        if self.folder.exists():
            if engine == "mariadb":
                Server(self.folder / "server").start()
        else:
            scale = attachments / 10_000
            making.make(self.folder, making.shape(scale, posts=posts, seed=1), engine)
        self.home.mkdir(exist_ok=True)
        self.ids = list(range(1, attachments + 1))
        self.options = [
            "--site", str(self.folder / "www"), "--home", str(self.home), "--json"]

    def moniker(self, binary, *arguments):
        return subprocess.run([binary, *self.options, *arguments], capture_output=True, text=True)

    def attached_files(self):
        """The file of each attachment, by the database."""
        query = "SELECT post_id, meta_value FROM wp_postmeta WHERE meta_key = '_wp_attached_file'"
        if self.engine == "mariadb":
            rows = Server(self.folder / "server").sql(query)
            return [(int(number), file) for number, file in rows]
        path = self.folder / "www/wp-content/database/.ht.sqlite"
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            return database.execute(query).fetchall()

    @contextlib.contextmanager
    def served(self, binary, *arguments, indexed=True):
        """The service, and tokens by scope."""
        if indexed:
            # As docs/http-api.md advises: single images are looked up and not searched for.
            done = self.moniker(binary, "index", "on")
            if done.returncode:
                raise RuntimeError(done.stderr)
        with serving(binary, self.options, self.folder / "service.log", *arguments) as running:
            self.process, port, tokens = running
            yield port, tokens

    def peak_megabytes(self):
        """The most memory that the service had at once."""
        return round(process.peak_megabytes(self.process.pid))

    def processor_seconds(self):
        """The processor time of the service so far, without its picture workers."""
        return process.processor_seconds(self.process.pid)

    def stop(self):
        if self.engine == "mariadb":
            Server(self.folder / "server").stop()
