#!/usr/bin/env python3
"""Fails when a Swift file imports a target of this package that its own target does not list.

SwiftPM itself lets a transitive import through, so the layers of docs/architecture.md are
checked here: the dependencies in Package.swift are the layer.
"""

import json
import pathlib
import re
import subprocess
import sys

IMPORT = re.compile(
    r"\s*(?:@\w+(?:\([^)]*\))?\s+)*"
    r"(?:(?:public|package|internal|fileprivate|private)\s+)?"
    r"import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias|actor)\s+)?(\w+)"
)


def violations(description):
    targets = {target["c99name"]: target for target in description["targets"]}
    for name, target in sorted(targets.items()):
        if target["module_type"] != "SwiftTarget":
            continue
        allowed = set(target.get("target_dependencies", [])) | {name}
        for source in sorted(target["sources"]):
            path = pathlib.Path(target["path"]) / source
            # Compiled in for tests only, by a manifest that lists the dependency then.
            text = re.sub(r"#if CRASH_POINTS\n.*?#e(?:lse|ndif)", "\n", path.read_text(), flags=re.S)
            for number, line in enumerate(text.splitlines(), 1):
                found = IMPORT.match(line)
                if found and found[1] in targets and found[1] not in allowed:
                    yield f"{path}:{number}: error: {name} may not import {found[1]}"


def main():
    output = subprocess.check_output(["swift", "package", "describe", "--type", "json"])
    found = list(violations(json.loads(output)))
    print("\n".join(found) if found else "Layering: every import is listed in Package.swift.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
