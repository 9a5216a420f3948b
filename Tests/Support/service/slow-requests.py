#!/usr/bin/env python3
"""Sends requests that never arrive whole, and expects the service to end each of them.

usage: slow-requests.py SOCKET TOKEN SECONDS

Says "waiting" once all of them are on their way. A connection that is still open after SECONDS is
a failure.
"""

import selectors
import socket
import sys
import time

path, token, limit = sys.argv[1], sys.argv[2], float(sys.argv[3])
head = (f"POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
        "Content-Type: application/json\r\n")
# What is sent at once, what is sent bit by bit afterwards, what the answer begins with.
REQUESTS = {
    "no byte at all": ("", "", None),
    "half a request line": ("GET /health", "", None),
    "headers without an end": ("GET /health/live HTTP/1.1\r\nHost: localhost\r\n", "", None),
    "headers bit by bit": ("GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", "a", None),
    "a body that does not come": (head + "Content-Length: 50\r\n\r\n{", "", "HTTP/1.1 4"),
    "a body bit by bit": (head + "Content-Length: 5000\r\n\r\n{", " ", "HTTP/1.1 4"),
    "chunks bit by bit": (head + "Transfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n", "HTTP/1.1 4"),
    "another request that does not come": (
        "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n", "", "HTTP/1.1 200"),
}

selector = selectors.DefaultSelector()
for name, (first, more, answer) in REQUESTS.items():
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    connection.sendall(first.encode())
    connection.setblocking(False)
    selector.register(connection, selectors.EVENT_READ, {
        "name": name, "more": more, "answer": answer, "received": b"", "connection": connection})
print("waiting", flush=True)

failures = []
begin = time.monotonic()
while selector.get_map() and time.monotonic() - begin < limit:
    for key, _ in selector.select(0.2):
        state = key.data
        try:
            data = state["connection"].recv(65536)
        except ConnectionResetError:
            data = b""
        state["received"] += data
        if not data:
            selector.unregister(state["connection"])
            state["connection"].close()
            received = state["received"].decode(errors="replace")
            if state["answer"] and not received.startswith(state["answer"]):
                failures.append(f"{state['name']}: answered {received[:200]!r}")
            print(f"{state['name']}: ended after {time.monotonic() - begin:.1f} s")
    for key in list(selector.get_map().values()):
        if key.data["more"]:
            try:
                key.data["connection"].send(key.data["more"].encode())
            except (BrokenPipeError, BlockingIOError):
                pass
for key in selector.get_map().values():
    failures.append(f"{key.data['name']}: still open after {limit} s")
print("\n".join(failures))
sys.exit(1 if failures else 0)
