"""What the harness asks of a site's database: limits, the peers' method, digests of all rows.

Nothing here shares code with the program: the statements are the harness's own.
"""

import hashlib
import sqlite3
import subprocess

from sample import tables
from sample.server import find_program
from sample.stores import DATABASE

from . import process

# Where a reference can stand: text that is not an identifier or a kind.
TEXT_TYPES = ("longtext", "mediumtext", "text", "tinytext", "varchar")
IDENTIFIERS = {
    "guid", "post_name", "meta_key", "option_name", "user_pass", "user_login", "user_nicename", "user_email",
    "user_activation_key", "post_password", "slug", "post_status", "post_type", "post_mime_type", "comment_author_IP",
    "comment_author_email", "comment_type", "autoload", "taxonomy"}
TRANSACTIONS = "performance_schema.events_transactions_history_long"
# The columns that the peers change, one statement for each and each URL.
COLUMNS_OF_PEERS = (
    ("posts", "post_content"), ("posts", "post_excerpt"), ("postmeta", "meta_value"), ("options", "option_value"))


def scanned_columns():
    for table, (columns, _, _) in tables.TABLES.items():
        names = [name for name, kind, _ in columns if kind.split("(")[0] in TEXT_TYPES and name not in IDENTIFIERS]
        if names:
            yield table, names


def literal(text):
    """Text as a string literal; paths hold neither quotes nor backslashes."""
    if "'" in text or "\\" in text:
        raise ValueError(text)
    return f"'{text}'"


def replacements(pairs):
    """The peers' method: a statement for each URL and column."""
    return ";\n".join(
        f"UPDATE wp_{table} SET {column} = REPLACE({column}, {literal(old)}, {literal(new)}) "
        f"WHERE {column} LIKE {literal(f'%{old}%')}"
        for old, new in pairs for table, column in COLUMNS_OF_PEERS)


def digest_of(row):
    return hashlib.sha256(b"\0".join(str(cell).encode() for cell in row)).hexdigest()


class MariaDB:
    """A site's tables in a private server."""

    name = "MariaDB"
    dump_name = "`mariadb-dump --single-transaction --quick` of the tables"
    scan_name = "`SELECT COUNT(*) … LIKE BINARY` over the same columns"

    def __init__(self, server):
        self.server = server

    def dump(self):
        """The physical limit of reading everything."""
        return process.run(
            [find_program("mariadb-dump", "mysqldump"), "--no-defaults", f"--socket={self.server.socket}", "--user=root",
             "--single-transaction", "--quick", "--result-file=/dev/null", DATABASE]
            + [f"wp_{table}" for table in tables.TABLES])

    def scan(self, term):
        """The physical limit of finding one name: a count, table after table on one connection."""
        statements = ";\n".join(
            f"SELECT COUNT(*) FROM wp_{table} WHERE "
            + " OR ".join(f"{name} LIKE BINARY {literal(f'%{term}%')}" for name in names)
            for table, names in scanned_columns())
        return self.execute(statements)

    def replace(self, pairs):
        return self.execute(replacements(pairs))

    def execute(self, statements):
        return process.run(self.server.client() + [DATABASE], input=statements.encode())

    def forget_transactions(self):
        self.server.sql(f"TRUNCATE {TRANSACTIONS}")

    def transactions(self):
        """The milliseconds of each transaction of several statements since they were forgotten, in order.

        A row that such a transaction has written stays locked no longer than it lasts.
        """
        rows = self.server.sql(
            f"SELECT TIMER_WAIT / 1e9 FROM {TRANSACTIONS} WHERE AUTOCOMMIT = 'NO' AND ACCESS_MODE = 'READ WRITE'")
        return sorted(float(row[0]) for row in rows)

    def count(self, table, column, text):
        """How many rows name a text."""
        rows = self.server.sql(f"SELECT COUNT(*) FROM wp_{table} WHERE INSTR(CAST({column} AS BINARY), {literal(text)})")
        return int(rows[0][0])

    def digests(self, table):
        """The SHA-256 of each row of a table, in the order of its key."""
        columns, key, _ = tables.TABLES[table]
        # CONCAT_WS leaves NULL out; the sample has none.
        names = ", ".join(name for name, _, _ in columns)
        command = self.server.client() + [
            "--batch", "--skip-column-names", "--quick", DATABASE, "-e",
            f"SELECT SHA2(CONCAT_WS('\\0', {names}), 256) FROM wp_{table} ORDER BY {key}"]
        return subprocess.check_output(command).decode().split()


class SQLite:
    """A site's tables in a file of the SQLite Database Integration plugin."""

    name = "SQLite"
    dump_name = "`sqlite3 … .dump`"
    scan_name = "`SELECT COUNT(*) … instr()` over the same columns"

    def __init__(self, path):
        self.path = path

    def dump(self):
        return process.run(["sqlite3", "-batch", "-init", "/dev/null", str(self.path), ".output /dev/null", ".dump"])

    def scan(self, term):
        statements = ";\n".join(
            f"SELECT COUNT(*) FROM wp_{table} WHERE "
            + " OR ".join(f"instr({name}, {literal(term)})" for name in names)
            for table, names in scanned_columns())
        return self.execute(statements)

    def replace(self, pairs):
        return self.execute(replacements(pairs))

    def forget_transactions(self):
        """SQLite keeps no record of its transactions."""

    def transactions(self):
        return []

    def execute(self, statements):
        return process.run(["sqlite3", "-batch", "-init", "/dev/null", str(self.path)], input=statements.encode() + b";\n")

    def count(self, table, column, text):
        with self.opened() as database:
            return database.execute(
                f"SELECT COUNT(*) FROM wp_{table} WHERE instr({column}, {literal(text)})").fetchone()[0]

    def digests(self, table):
        _, key, _ = tables.TABLES[table]
        with self.opened() as database:
            return [digest_of(row) for row in database.execute(f"SELECT * FROM wp_{table} ORDER BY {key}")]

    def opened(self):
        return Opened(self.path)


class Opened:
    """A connection that is closed when the block ends, unlike sqlite3's own."""

    def __init__(self, path):
        self.database = sqlite3.connect(path)

    def __enter__(self):
        return self.database

    def __exit__(self, *_):
        self.database.close()
