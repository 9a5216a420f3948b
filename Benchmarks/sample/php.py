"""Values as PHP writes them."""

import json


def serialize(value):
    """A value as serialize() writes it; lengths are counted in bytes."""
    if isinstance(value, bool):
        return f"b:{int(value)};"
    if isinstance(value, int):
        return f"i:{value};"
    if isinstance(value, float):
        return f"d:{value!r};"
    if isinstance(value, str):
        return f's:{len(value.encode())}:"{value}";'
    pairs = enumerate(value) if isinstance(value, list) else value.items()
    body = "".join(serialize(key) + serialize(entry) for key, entry in pairs)
    return f"a:{len(value)}:{{{body}}}"


def json_encode(value):
    """A value as json_encode() writes it by default: slashes and non-ASCII escaped."""
    return json.dumps(value, separators=(",", ":")).replace("/", "\\/")


def block_attributes(value):
    """A value as the block editor writes it into a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for plain, escaped in (("--", "\\u002d\\u002d"), ("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(plain, escaped)
    return text
