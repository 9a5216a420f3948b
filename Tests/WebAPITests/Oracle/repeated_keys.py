"""Prints random JSON documents, each after 1 or 0: whether an object in it has a key twice.

    repeated_keys.py SEED COUNT

Python's own parser judges.
"""

import json
import random
import sys

KEYS = ["a", "b", "name", "", "é", "a\"b", "a\\", "{", "]", ",", ":", "😀", "dry_run"]


def string(text, chance):
    """A literal of a text, some of its characters escaped."""
    escaped = "".join(
        json.dumps(character)[1:-1] if chance.random() < .3
        else json.dumps(character, ensure_ascii=False)[1:-1] if chance.random() < .9 or ord(character) > 0xffff
        else f"\\u{ord(character):04x}"
        for character in text)
    return f'"{escaped}"'


def value(chance, depth):
    kind = chance.random()
    space = chance.choice(["", " ", "\n\t"])
    if depth and kind < .4:
        members = (f"{string(chance.choice(KEYS), chance)}{space}:{value(chance, depth - 1)}"
                   for _ in range(chance.randrange(4)))
        return "{" + space + f"{space},".join(members) + "}"
    if depth and kind < .6:
        return "[" + f",{space}".join(value(chance, depth - 1) for _ in range(chance.randrange(4))) + "]"
    return chance.choice(["1", "-2.5e3", "true", "null", string(chance.choice(KEYS), chance)])


def main():
    chance = random.Random(int(sys.argv[1]))
    for _ in range(int(sys.argv[2])):
        document = value(chance, 4)
        found = []

        def judge(pairs):
            keys = [key for key, _ in pairs]
            if len(keys) > len(set(keys)):
                found.append(keys)
            return dict(pairs)

        json.loads(document, object_pairs_hook=judge)
        print(int(bool(found)), json.dumps(document))


if __name__ == "__main__":
    main()
