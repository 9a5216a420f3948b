#!/usr/bin/env python3
"""Measures what preparing a picture of 12 megapixels costs, as processor time of the worker.

  swift build -c release --product picture-worker
  Benchmarks/measure-pictures.py [WORKER]

The pictures are made here: a smooth one; one as a camera makes it, whose grain is mostly in the
brightness; one with far more grain than that; and the second one with a colour profile. Speaks the messages of Sources/Imaging/Wire.
"""

import os
import pathlib
import socket
import struct
import subprocess
import sys
import tempfile

PICTURES = 40
TICK = 1000 / os.sysconf("SC_CLK_TCK")


def number(value):
    return struct.pack(">q", value)


def data(value):
    return number(len(value)) + value


def vips(*arguments):
    subprocess.run(["vips", *arguments], check=True, stdout=subprocess.DEVNULL)


def make(folder):
    """JPEGs of 4000 x 3000 pixels."""
    def path(name):
        return str(folder / name)

    size = ("4000", "3000")
    vips("perlin", path("waves.v"), *size, "--cell-size", "512", "--seed", "7")
    vips("linear", path("waves.v"), path("bright.v"), "100", "128")
    names = []
    for name, grain, colour in (("smooth", "0", "0"), ("camera", "4", "1"), ("grain", "9", "9")):
        bands = []
        vips("gaussnoise", path("shared.v"), *size, "--sigma", grain, "--mean", "0", "--seed", "1")
        for band in range(3):
            noise, sum_, turned = (path(f"{word}{band}.v") for word in ("noise", "sum", "turned"))
            vips("gaussnoise", noise, *size, "--sigma", colour, "--mean", "0", "--seed", str(band + 2))
            vips("add", path("shared.v"), noise, sum_)
            vips("rot", path("bright.v"), turned, "d180" if band % 2 else "d0")
            vips("add", turned, sum_, path(f"band{band}.v"))
            bands.append(path(f"band{band}.v"))
        vips("bandjoin", " ".join(bands), path("float.v"))
        vips("cast", path("float.v"), path("bytes.v"), "uchar")
        vips("copy", path("bytes.v"), path("colour.v"), "--interpretation", "srgb")
        vips("jpegsave", path("colour.v"), path(name + ".jpg"), "--Q", "90")
        names.append(name)
    vips("icc_export", path("camera.jpg"), path("profile.jpg[Q=90]"), "--output-profile", "p3")
    return [folder / (name + ".jpg") for name in [*names, "profile"]]


class Worker:
    def __init__(self, program):
        self.end, other = socket.socketpair()
        environment = {"LC_ALL": "C.UTF-8", "OMP_THREAD_LIMIT": "1", "VIPS_DISC_THRESHOLD": "64g"}
        if "LD_LIBRARY_PATH" in os.environ:
            environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
        self.process = subprocess.Popen(
            [program, "__picture-worker"], stdin=other, stderr=subprocess.DEVNULL, env=environment)
        other.close()

    def prepare(self, path):
        body = data(b"prepare")
        for limit in (64 << 20, 100_000_000, 30_000, 20_000, 2 << 30, 500, 1024, 80):
            body += number(limit)
        body += data(b"")
        with open(path, "rb") as file:
            socket.send_fds(self.end, [data(body)], [file.fileno()])
        answer = self.receive(struct.unpack(">q", self.receive(8))[0])
        if not answer.startswith(data(b"prepared")):
            sys.exit(f"error: {path}: {answer!r}")

    def receive(self, count):
        answer = b""
        while len(answer) < count:
            piece = self.end.recv(count - len(answer))
            if not piece:
                sys.exit("error: the worker died")
            answer += piece
        return answer

    def milliseconds(self):
        fields = open(f"/proc/{self.process.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * TICK

    def close(self):
        peak = next(line for line in open(f"/proc/{self.process.pid}/status") if "VmHWM" in line)
        self.end.close()
        self.process.wait()
        return int(peak.split()[1]) // 1024


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else ".build/release/picture-worker"
    with tempfile.TemporaryDirectory() as folder:
        print("| 4000 × 3000 JPEG | file MB | processor ms a picture | first one ms | peak MB |")
        print("|---|---:|---:|---:|---:|")
        for path in make(pathlib.Path(folder)):
            worker = Worker(program)
            worker.prepare(path)
            first = worker.milliseconds()
            runs = []
            for _ in range(4):
                before = worker.milliseconds()
                for _ in range(PICTURES // 4):
                    worker.prepare(path)
                runs.append((worker.milliseconds() - before) / (PICTURES // 4))
            megabytes = path.stat().st_size / 1e6
            print(f"| {path.stem} | {megabytes:.1f} | {min(runs):.0f} to {max(runs):.0f} "
                  f"| {first:.0f} | {worker.close()} |")


if __name__ == "__main__":
    main()
