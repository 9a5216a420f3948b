#!/usr/bin/env python3
"""A door to a database server that slams shut at a chosen moment.

    database-proxy.py SERVER_SOCKET LISTEN_SOCKET MOMENT N

Listens on a private socket and forwards each connection to the server's. MOMENT is one of

    count             never cut
    before-command    cut instead of forwarding the Nth command of a client
    after-command     cut after forwarding the Nth command, before its answer comes back
    before-commit     cut instead of forwarding COMMIT
    after-commit      cut after forwarding COMMIT, before its answer
    before-answer     forward COMMIT, wait until the server has answered, and cut instead of
                      forwarding the answer
    after-answer      cut after forwarding the answer of COMMIT

A cut closes both sides of that connection at once; later connections are forwarded untouched, and
with `…-down` after the moment (`before-answer-down`) they are refused. Commands are counted from 1
over all connections; greeting and authentication are none. Prints "listening", and each time that
a connection ends "open N commands N commits N cuts N".

Ends when the process that started it is gone.
"""

import os
import selectors
import socket
import sys

COM_QUERY = 0x03
BIGGEST = 0xFFFFFF


class Packets:
    """Splits a stream into MariaDB packets: three bytes of length, one of sequence, the payload."""

    def __init__(self):
        self.buffer = b""

    def feed(self, data):
        self.buffer += data
        while len(self.buffer) >= 4:
            length = int.from_bytes(self.buffer[:3], "little")
            if len(self.buffer) < 4 + length:
                return
            packet, self.buffer = self.buffer[: 4 + length], self.buffer[4 + length :]
            yield packet


class Pair:
    """One client's connection and ours to the server."""

    def __init__(self, client, server):
        self.client, self.server = client, server
        self.packets = Packets()
        self.continues = False
        self.commits = False  # a COMMIT was forwarded, its answer has not come


class Proxy:
    def __init__(self, server, listen, moment, number):
        self.path, self.number = server, number
        self.goes_down = moment.endswith("-down")
        self.moment = moment.removesuffix("-down")
        self.commands = self.cuts = self.commits = self.open = 0
        self.selector = selectors.DefaultSelector()
        self.listener = socket.socket(socket.AF_UNIX)
        if os.path.exists(listen):
            os.unlink(listen)
        self.listener.bind(listen)
        self.listener.listen(64)
        self.selector.register(self.listener, selectors.EVENT_READ, self.accept)

    def accept(self):
        client, _ = self.listener.accept()
        if self.cuts and self.goes_down:
            client.close()
            return
        server = socket.socket(socket.AF_UNIX)
        try:
            server.connect(self.path)
        except OSError:
            client.close()
            return
        self.open += 1
        pair = Pair(client, server)
        self.selector.register(client, selectors.EVENT_READ, lambda: self.from_client(pair))
        self.selector.register(server, selectors.EVENT_READ, lambda: self.from_server(pair))

    def close(self, pair):
        for side in (pair.client, pair.server):
            self.selector.unregister(side)
            side.close()
        self.open -= 1
        print(
            f"open {self.open} commands {self.commands} commits {self.commits} cuts {self.cuts}",
            flush=True,
        )

    def cut(self, pair):
        self.cuts += 1
        self.close(pair)

    def from_client(self, pair):
        data = self.receive(pair.client)
        if not data:
            return self.close(pair)
        for packet in pair.packets.feed(data):
            # A command starts a conversation: sequence 0, and not the rest of a long packet.
            is_command = packet[3] == 0 and not pair.continues
            pair.continues = len(packet) == 4 + BIGGEST
            is_commit = (
                is_command
                and packet[4] == COM_QUERY
                and packet[5:].strip(b" ;\x00\r\n").upper() == b"COMMIT"
            )
            self.commands += is_command
            self.commits += is_commit
            is_chosen = is_command and self.commands == self.number
            if self.cuts == 0 and (
                (self.moment == "before-command" and is_chosen)
                or (self.moment == "before-commit" and is_commit)
            ):
                return self.cut(pair)
            if not self.send(pair.server, packet):
                return self.close(pair)
            if self.cuts == 0 and (
                (self.moment == "after-command" and is_chosen)
                or (self.moment == "after-commit" and is_commit)
            ):
                return self.cut(pair)
            pair.commits = is_commit

    def from_server(self, pair):
        data = self.receive(pair.server)
        if not data:
            return self.close(pair)
        answers_commit, pair.commits = pair.commits, False
        if self.cuts == 0 and answers_commit and self.moment == "before-answer":
            return self.cut(pair)
        if not self.send(pair.client, data):
            return self.close(pair)
        if self.cuts == 0 and answers_commit and self.moment == "after-answer":
            self.cut(pair)

    @staticmethod
    def receive(side):
        try:
            return side.recv(1 << 20)
        except OSError:
            return b""

    @staticmethod
    def send(side, data):
        try:
            side.sendall(data)
            return True
        except OSError:
            return False

    def serve(self):
        print("listening", flush=True)
        parent = os.getppid()
        while os.getppid() == parent:
            for key, _ in self.selector.select(timeout=1):
                # A handler before this one may have closed the other side.
                if key.fileobj.fileno() != -1:
                    key.data()


def main():
    server, listen, moment, number = sys.argv[1:5]
    proxy = Proxy(server, listen, moment, int(number))
    proxy.serve()


if __name__ == "__main__":
    main()
