#!/usr/bin/env python3
"""Breaks the protocol in every way of mutants.toml and says whether crash-model notices.

    Scripts/protocol-mutants.py            build, run, print the table
    Scripts/protocol-mutants.py --write    put it into docs/protocol.md as well

The mutants are built into one copy of the sources, each behind a number, so that there is one build.
Exits with 1 when a mutant that the protocol requires to be caught is not, or when the sources no
longer hold a mutant's text exactly once.
"""

import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLE = ROOT / "Tests" / "CrashModel" / "Mutants" / "mutants.toml"
PAGE = ROOT / "docs" / "protocol.md"
BEGIN, END = "<!-- mutants: begin -->\n", "<!-- mutants: end -->\n"
COPY = ROOT / ".build" / "mutants" / "package"
SCRATCH = ROOT / ".build" / "mutants" / "build"
# Longer than any mutant needs; a mutant that never ends is caught as well.
LIMIT = 300

SWITCH = """
import Glibc

/// Which mutant is alive; 0 for none.
public let livingMutant: Int = {
    guard let text = unsafe getenv("PROTOCOL_MUTANT") else { return 0 }
    return Int(unsafe String(cString: text)) ?? 0
}()
"""


def mutated(mutants):
    """The sources that have mutants, with all of theirs."""
    files = {}
    # Mutants of one place become branches of one statement.
    places = {}
    for number, mutant in enumerate(mutants, 1):
        places.setdefault((mutant["file"], mutant["old"]), []).append((number, mutant))
    for (name, old), alternatives in places.items():
        text = files.get(name) or (ROOT / "Sources" / name).read_text()
        old = old.removeprefix("\n")
        expression = alternatives[0][1].get("expression", False)
        if expression:
            old = old.rstrip("\n")
        if text.count(old) != 1:
            sys.exit(f"error: {name} holds {text.count(old)} times:\n{old}")
        if expression:
            chain = f"({old})"
            for number, mutant in alternatives:
                chain = f"(livingMutant == {number} ? {mutant['new'].strip()} : {chain})"
            if "try" in chain:
                chain = f"try {chain}"
        else:
            chain = f"{{\n{old}}}\n"
            for number, mutant in alternatives:
                replacement = mutant.get("new", "").removeprefix("\n")
                chain = f"if livingMutant == {number} {{\n{replacement}}} else {chain}"
        files[name] = text.replace(old, chain)
    return files


def build(mutants):
    shutil.rmtree(COPY, ignore_errors=True)
    COPY.mkdir(parents=True)
    for folder in ("Sources", "Tests"):
        shutil.copytree(ROOT / folder, COPY / folder)
    manifest = (ROOT / "Package.swift").read_text()
    # A branch that never runs is worth a warning anywhere but here.
    manifest = manifest.replace("    .treatAllWarnings(as: .error),\n", "")
    (COPY / "Package.swift").write_text(manifest)
    (COPY / "Sources" / "Model" / "LivingMutant.swift").write_text(SWITCH)
    for name, text in mutated(mutants).items():
        if not re.search(r"^(public |internal )?import Model$", text, re.M):
            text = "import Model\n" + text
        (COPY / "Sources" / name).write_text(text)
    command = ["swift", "build", "-c", "release", "--product", "crash-model"]
    command += ["--package-path", str(COPY), "--scratch-path", str(SCRATCH)]
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if result.returncode:
        sys.exit("error: the mutants do not build:\n" + result.stdout[-4000:])


def run(number):
    """How crash-model ends with one mutant alive: its first violation, or None."""
    environment = dict(os.environ, PROTOCOL_MUTANT=str(number), SWIFT_BACKTRACE="enable=no")
    try:
        result = subprocess.run(
            [SCRATCH / "release" / "crash-model", "--first"],
            env=environment, capture_output=True, text=True, timeout=LIMIT,
        )
    except subprocess.TimeoutExpired:
        return "it never ends"
    if result.returncode == 0:
        return None
    lines = [line.strip() for line in result.stdout.splitlines() if line.startswith("    ")]
    found = re.search(r": (I\d+|verify|after recovery)\b", lines[0]) if lines else None
    return found[1] if found else "it fails"


def main():
    mutants = tomllib.loads(TABLE.read_text())["mutant"]
    build(mutants)
    if run(0) is not None:
        sys.exit("error: a violation is found without any mutant")
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        ends = list(pool.map(run, range(1, len(mutants) + 1)))
    lines = ["| Mutant | Caught by |", "|---|---|"]
    escaped = 0
    for mutant, end in zip(mutants, ends):
        required = mutant.get("required", True)
        if end is None and required:
            escaped += 1
        text = end or ("**not caught**" if required else f"not required: {mutant['why']}")
        lines.append(f"| {mutant['name']} | {text} |")
    table = "\n".join(lines) + "\n"
    print(table, end="")
    required = sum(mutant.get("required", True) for mutant in mutants)
    print(f"{required - escaped} of {required} required mutants caught, {len(mutants)} tried")
    if "--write" in sys.argv[1:]:
        page = PAGE.read_text()
        head, rest = page.split(BEGIN)
        _, tail = rest.split(END)
        PAGE.write_text(head + BEGIN + table + END + tail)
    return 1 if escaped else 0


if __name__ == "__main__":
    sys.exit(main())
