"""Fills a database with the rows of a site."""

import os
import sqlite3
import subprocess

from . import tables

DATABASE, USER, PASSWORD = "wordpress", "wordpress", "correct horse"


def tab_separated(row):
    r"""A row as LOAD DATA reads it."""
    cells = []
    for cell in row:
        if isinstance(cell, int):
            cells.append(str(cell))
            continue
        if "\\" in cell:
            cell = cell.replace("\\", "\\\\")
        cells.append(cell.replace("\n", "\\n").replace("\t", "\\t"))
    return "\t".join(cells) + "\n"


def fill_mariadb(site, server):
    """Fills a private server's database; the server makes every commit durable afterwards."""
    schema = [
        f"CREATE DATABASE {DATABASE} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci",
        f"CREATE USER {USER}@localhost IDENTIFIED BY '{PASSWORD}'",
        f"GRANT ALL ON {DATABASE}.* TO {USER}@localhost",
        "SET GLOBAL innodb_flush_log_at_trx_commit = 0",
        f"USE {DATABASE}", "SET sql_mode = ''", *tables.mariadb_schema(),
    ]
    server.sql(";\n".join(schema), database=None)
    for table in tables.TABLES:
        command = server.client() + [
            "--local-infile=1", DATABASE, "-e",
            "SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO', unique_checks = 0, foreign_key_checks = 0; "
            f"LOAD DATA LOCAL INFILE '/dev/stdin' INTO TABLE wp_{table} CHARACTER SET utf8mb4"]
        with subprocess.Popen(command, stdin=subprocess.PIPE) as client:
            write_batches(client.stdin, tables.rows(site, table))
            client.stdin.close()
        if client.returncode:
            raise RuntimeError(f"cannot load wp_{table}: the client ended with {client.returncode}")
    names = ", ".join(f"wp_{table}" for table in tables.TABLES)
    server.sql(f"SET GLOBAL innodb_flush_log_at_trx_commit = 1; ANALYZE TABLE {names}")


def write_batches(file, rows):
    batch = []
    for row in rows:
        batch.append(tab_separated(row))
        if len(batch) == 500:
            file.write("".join(batch).encode())
            batch.clear()
    file.write("".join(batch).encode())


def fill_sqlite(site, path):
    """Makes the database of the SQLite Database Integration plugin."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = OFF")
    database.execute("BEGIN")
    for statement in tables.sqlite_schema():
        database.execute(statement)
    for table, (columns, _, _) in tables.TABLES.items():
        marks = ", ".join("?" * len(columns))
        database.executemany(f'INSERT INTO "wp_{table}" VALUES ({marks})', tables.rows(site, table))
    database.execute("COMMIT")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    os.sync()
