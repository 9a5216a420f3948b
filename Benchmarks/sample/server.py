"""A private MariaDB server: its own data, socket and temporary folder, no network."""

import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import time

from .stores import DATABASE


def find_program(*names):
    for name in names:
        found = shutil.which(name, path=f"/usr/sbin:/usr/local/sbin:{os.environ['PATH']}")
        if found:
            return found
    raise RuntimeError(f"{names[0]} is not installed")


class Server:
    """A server whose everything is in one folder."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        self.socket = self.folder / "mariadb.sock"
        self.pid_file = self.folder / "mariadb.pid"

    def start(self, buffer_pool_megabytes=2048):
        """Makes the data directory when there is none, starts the server and waits for it."""
        user = pwd.getpwuid(os.geteuid()).pw_name
        self.folder.mkdir(parents=True, exist_ok=True)
        temporary = self.folder / "tmp"
        temporary.mkdir(exist_ok=True)
        if user == "root":
            user = "mysql"
            for path in (self.folder, temporary):
                shutil.chown(path, user)
        data = self.folder / "data"
        if not data.exists():
            subprocess.run(
                [find_program("mariadb-install-db", "mysql_install_db"), "--no-defaults", f"--user={user}",
                 f"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db"],
                check=True, stdout=subprocess.DEVNULL)
        with open(self.folder / "server.log", "a") as log:
            subprocess.Popen(
                [find_program("mariadbd", "mysqld"), "--no-defaults", f"--user={user}", f"--datadir={data}",
                 f"--tmpdir={temporary}", f"--socket={self.socket}", f"--pid-file={self.pid_file}", "--skip-networking",
                 "--skip-log-bin", f"--innodb-buffer-pool-size={buffer_pool_megabytes}M", "--innodb-log-file-size=1G",
                 # Of its own instruments only the one that times transactions.
                 "--performance-schema=ON", "--performance-schema-instrument=%=OFF",
                 "--performance-schema-instrument=transaction=ON",
                 "--performance-schema-consumer-events-transactions-current=ON",
                 "--performance-schema-consumer-events-transactions-history-long=ON",
                 "--performance-schema-events-transactions-history-long-size=100000",
                 "--innodb-flush-log-at-trx-commit=1", "--max-allowed-packet=64M", "--local-infile=1",
                 "--character-set-server=utf8mb4", "--collation-server=utf8mb4_unicode_520_ci"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        for _ in range(600):
            if subprocess.run(self.client() + ["-e", "SELECT 1"], capture_output=True).returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError(f"the server did not answer; see {self.folder}/server.log")

    def pid(self):
        return int(self.pid_file.read_text())

    def stop(self):
        """Ends the server that this folder's pid file names."""
        if not self.pid_file.exists():
            return
        pid = self.pid()
        os.kill(pid, signal.SIGTERM)
        while pathlib.Path(f"/proc/{pid}").exists():
            # A child of ours stays as a zombie until it is waited for.
            try:
                os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:
                pass
            time.sleep(0.05)

    def client(self):
        return [find_program("mariadb", "mysql"), "--no-defaults", f"--socket={self.socket}", "--user=root",
                "--default-character-set=utf8mb4"]

    def sql(self, statements, database=DATABASE):
        """Runs statements and returns the rows as lists of text."""
        command = self.client() + ["--batch", "--skip-column-names"] + ([database] if database else [])
        done = subprocess.run(command, input=statements.encode(), capture_output=True)
        if done.returncode:
            raise RuntimeError(f"{statements[:200]}: {done.stderr.decode()}")
        return [line.split("\t") for line in done.stdout.decode().splitlines()]
