#!/usr/bin/env python3
"""Opens connections and keeps them, until the service answers no further one.

usage: many-connections.py SOCKET MOST

Expects that about MOST are answered (the service may take a handful more at once), that the next
one waits, and that it is answered as soon as others end.
"""

import resource
import socket
import sys

path, most = sys.argv[1], int(sys.argv[2])
SLACK = 32
limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))


def connect():
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(60)
    connection.connect(path)
    connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return connection


def is_answered(connection, seconds):
    connection.settimeout(seconds)
    try:
        return connection.recv(65536).startswith(b"HTTP/1.1 200")
    except TimeoutError:
        return False


kept = []
waiting = None
while len(kept) <= most + SLACK:
    connection = connect()
    # Those within the limit have all the time that a busy machine takes.
    if not is_answered(connection, 60 if len(kept) < most - SLACK else 5):
        waiting = connection
        break
    kept.append(connection)
if waiting is None:
    sys.exit(f"{len(kept)} connections were answered, and none had to wait")
if len(kept) < most - SLACK:
    sys.exit(f"only {len(kept)} connections were answered")
for connection in kept[:2 * SLACK]:
    connection.close()
if not is_answered(waiting, 60):
    sys.exit("the one that waited was not answered when others had ended")
print(len(kept))
