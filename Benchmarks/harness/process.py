"""Runs a process and measures it from outside."""

import contextlib
import dataclasses
import os
import signal
import subprocess
import tempfile
import time


@dataclasses.dataclass
class Run:
    """How long a process took on the wall clock, and the most memory it held."""

    seconds: float
    peak_megabytes: float
    output: bytes


class TookTooLong(Exception):
    """The process was ended because its time was up."""


def peak_megabytes(number):
    """The most memory that a process has held so far."""
    with open(f"/proc/{number}/status", encoding="ascii") as status:
        return int(next(line for line in status if line.startswith("VmHWM")).split()[1]) / 1024


def processor_seconds(number):
    """The processor time of a process so far, without its children."""
    with open(f"/proc/{number}/stat", encoding="ascii") as status:
        fields = status.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wait_until_idle(number, limit=600):
    """Waits until a process has used no processor for a second, as one has that waits for work."""
    deadline = time.monotonic() + limit
    idle, used = 0, processor_seconds(number)
    while idle < 10:
        if time.monotonic() > deadline:
            raise TookTooLong(f"process {number} was not idle after {limit:.0f} s")
        time.sleep(0.1)
        before, used = used, processor_seconds(number)
        idle = idle + 1 if used == before else 0


def run(command, limit=None, input=b""):
    """Runs a command that has to succeed; ends it and what it started after `limit` seconds."""
    with contextlib.ExitStack() as stack:
        entry, output, errors, memory = (stack.enter_context(tempfile.TemporaryFile()) for _ in range(4))
        entry.write(input)
        entry.seek(0)
        # The kernel counts what a process held before exec as its own: a child of this one would be as
        # big as this one. time(1) is small.
        measured = ["time", "--quiet", "--format=%M", f"--output=/dev/fd/{memory.fileno()}", *map(str, command)]
        began = time.monotonic()
        process = subprocess.Popen(
            measured, stdin=entry, stdout=output, stderr=errors, pass_fds=[memory.fileno()], start_new_session=True)
        try:
            process.wait(limit)
        except subprocess.TimeoutExpired:
            raise TookTooLong(f"{os.path.basename(command[0])} ran longer than {limit:.0f} s") from None
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        seconds = time.monotonic() - began
        for file in (output, errors, memory):
            file.seek(0)
        if process.returncode:
            words = " ".join(map(str, command))[:200]
            said = (errors.read() + output.read()).decode()[-4000:]
            raise RuntimeError(f"{words} ended with {process.returncode}: {said}")
        return Run(seconds, int(memory.read()) / 1024, output.read())
