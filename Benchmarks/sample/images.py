"""Writes the files of the library: small, each different, behind a proper header."""

import random
import struct
import zlib


class Pictures:
    """Bytes of image files, made from a seed."""

    def __init__(self, seed):
        self.grain = random.Random(seed).randbytes(1 << 20)

    def bytes_of(self, attachment, label):
        size = attachment.file_size(label)
        width, height = attachment.dimensions(label)
        tag = f"{attachment.id} {label} ".encode()
        make = png if attachment.extension == "png" else jpeg
        length = size - len(make(width, height, b""))
        start = (attachment.id * 7919 + width) % (len(self.grain) - size)
        return make(width, height, (tag + self.grain[start:start + length])[:length])


def jpeg(width, height, grain):
    """A JPEG's markers in their order, the data in its scan."""
    scan = grain.replace(b"\xff", b"\xfe")
    return (
        b"\xff\xd8\xff\xe0" + struct.pack(">H5sHBHHBB", 16, b"JFIF\0", 0x0101, 0, 1, 1, 0, 0)
        + b"\xff\xdb" + struct.pack(">HB", 67, 0) + bytes([16] * 64)
        + b"\xff\xc0" + struct.pack(">HBHHB3B", 11, 8, height, width, 1, 1, 0x11, 0)
        + b"\xff\xda" + struct.pack(">HB2B3B", 8, 1, 1, 0, 0, 63, 0) + scan + b"\xff\xd9")


def png(width, height, grain):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", grain) + chunk(b"IEND", b""))


def write_all(library, seed, uploads):
    """Writes every file of the library below the uploads folder; returns how many."""
    pictures = Pictures(seed)
    count = 0
    for folder in {attachment.folder for attachment in library.attachments}:
        (uploads / folder).mkdir(parents=True, exist_ok=True)
    root = f"{uploads}/"
    for attachment in library.attachments:
        for label, path in attachment.names.items():
            with open(root + path, "xb", buffering=0) as file:
                file.write(pictures.bytes_of(attachment, label))
            count += 1
    return count
