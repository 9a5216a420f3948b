"""What a JPEG tells of itself: dimensions, and whether it carries metadata."""

import struct


def inspect(data):
    """Returns a dictionary; `error` in it where the bytes are no JPEG."""
    facts = {
        "bytes": len(data), "width": 0, "height": 0,
        "exif": False, "gps": False, "xmp": False, "iptc": False, "comment": False,
    }
    if data[:2] != b"\xff\xd8":
        return facts | {"error": "not a JPEG"}
    position = 2
    while position + 4 <= len(data):
        if data[position] != 0xFF:
            return facts | {"error": f"no marker at {position}"}
        marker = data[position + 1]
        if marker in (0xD9, 0xDA):
            break
        length = struct.unpack(">H", data[position + 2:position + 4])[0]
        payload = data[position + 4:position + 2 + length]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            facts["height"], facts["width"] = struct.unpack(">HH", payload[1:5])
        elif marker == 0xE1 and payload.startswith(b"Exif\0\0"):
            facts["exif"] = True
            facts["gps"] = has_gps(payload[6:])
        elif marker == 0xE1 and payload.startswith(b"http://ns.adobe.com/xap/"):
            facts["xmp"] = True
        elif marker == 0xED:
            facts["iptc"] = True
        elif marker == 0xFE:
            facts["comment"] = True
        position += 2 + length
    return facts


def has_gps(tiff):
    """Whether the first directory of a TIFF header points to a GPS directory (tag 0x8825)."""
    if len(tiff) < 8:
        return False
    order = "<" if tiff[:2] == b"II" else ">"
    offset = struct.unpack(order + "I", tiff[4:8])[0]
    if offset + 2 > len(tiff):
        return False
    count = struct.unpack(order + "H", tiff[offset:offset + 2])[0]
    for index in range(count):
        entry = tiff[offset + 2 + index * 12:offset + 14 + index * 12]
        if len(entry) == 12 and struct.unpack(order + "H", entry[:2])[0] == 0x8825:
            return True
    return False
