"""The media library: attachments, the seven files of each, and what WordPress records of them."""

import random

from . import php

HOST = "https://example.com"
UPLOADS = f"{HOST}/wp-content/uploads/"
FILES_PER_ATTACHMENT = 7
# WordPress's own sizes, by width. The thumbnail is cropped square.
SIZES = {"thumbnail": 150, "medium": 300, "medium_large": 768, "large": 1024, "1536x1536": 1536, "2048x2048": 2048}
MIME_TYPES = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png"}
FOLDERS = [f"{year}/{month:02}" for year in range(2012, 2025) for month in range(1, 13)]
QUALITIES = "red green quiet old wooden bright narrow early misty golden round small distant warm".split()
THINGS = "bicycle harbour lighthouse meadow bridge kitchen market tower garden window street boat trail".split()
PLACES = "at-dawn in-winter by-the-lake after-rain in-the-city at-night on-the-hill in-spring".split()


class Attachment:
    """An image with its files, under its old or its new name."""

    __slots__ = ("id", "folder", "old_stem", "new_stem", "stem", "extension", "scaled", "width", "height", "names")

    def __init__(self, seed, number, count, renamed):
        chance = random.Random(seed << 32 | number)
        self.id = number
        # Cameras count on while months go by, so that a folder holds IMG_20, IMG_204 and IMG_2041.
        self.folder = FOLDERS[(number - 1) * len(FOLDERS) // count]
        self.old_stem = self.name_of_camera(chance)
        words = (chance.choice(QUALITIES), chance.choice(THINGS), chance.choice(PLACES))
        self.new_stem = "-".join(words) + f"-{number}"
        self.stem = self.new_stem if renamed else self.old_stem
        self.extension = chance.choices(("jpg", "jpeg", "png"), (86, 5, 9))[0]
        self.scaled = chance.random() < 0.5
        self.width = 4000 + chance.randrange(1000) if self.scaled else 2200 + chance.randrange(300)
        self.height = self.width * chance.choice((2, 3)) // chance.choice((3, 4))
        self.names = self.name_files()

    def name_of_camera(self, chance):
        number = self.id
        kind = chance.randrange(6)
        if kind < 2:
            return f"IMG_{number}"
        if kind == 2:
            return f"DSC{number:05}"
        if kind == 3:
            return f"WhatsApp-Image-{chance.randrange(2015, 2024)}-05-{number:05}"
        if kind == 4:
            return f"{chance.getrandbits(40):010x}{number}"
        return f"photo-{number}"

    def name_files(self):
        """The path below uploads of each file by its label; "full" is the attached file."""
        path = f"{self.folder}/{self.stem}"
        end = f".{self.extension}"
        names = {"full": path + ("-scaled" if self.scaled else "") + end}
        if self.scaled:
            names["original"] = path + end
        for label in self.size_labels():
            width, height = self.dimensions(label)
            names[label] = f"{path}-{width}x{height}{end}"
        return names

    def size_labels(self):
        # A scaled image has one size less, for the sake of seven files either way.
        return list(SIZES)[:5] if self.scaled else list(SIZES)

    def dimensions(self, label):
        if label == "thumbnail":
            return 150, 150
        if label == "original" or label == "full" and not self.scaled:
            return self.width, self.height
        width = 2560 if label == "full" else SIZES[label]
        return width, round(width * self.height / self.width)

    def url(self, label="full"):
        return UPLOADS + self.names[label]

    def srcset(self):
        labels = ["full"] + self.size_labels()[1:]
        return ", ".join(f"{UPLOADS}{self.names[label]} {self.dimensions(label)[0]}w" for label in labels)

    def title(self):
        return self.new_stem.replace("-", " ").capitalize()

    def file_size(self, label):
        """Small files, of very different sizes; the same under both names."""
        place = list(self.names).index(label)
        return int(300 * 60 ** random.Random(self.id * 8 + place).random())

    def metadata(self):
        """What WordPress keeps in _wp_attachment_metadata."""
        width, height = self.dimensions("full")
        sizes = {}
        for label in self.size_labels():
            wide, high = self.dimensions(label)
            sizes[label] = {
                "file": self.names[label].rsplit("/", 1)[1], "width": wide, "height": high,
                "mime-type": MIME_TYPES[self.extension], "filesize": self.file_size(label)}
        metadata = {
            "width": width, "height": height, "file": self.names["full"],
            "filesize": self.file_size("full"), "sizes": sizes,
            "image_meta": {
                "aperture": "2.8", "credit": "", "camera": "Camera 7", "caption": "", "created_timestamp": "1400000000",
                "copyright": "", "focal_length": "35", "iso": "200", "shutter_speed": "0.005", "title": "",
                "orientation": "1", "keywords": []}}
        if self.scaled:
            metadata["original_image"] = self.names["original"].rsplit("/", 1)[1]
        return php.serialize(metadata)


class Library:
    """All attachments, those in `renamed` (ids) under their new names."""

    def __init__(self, seed, count, renamed=frozenset()):
        self.attachments = [Attachment(seed, number, count, number in renamed) for number in range(1, count + 1)]

    def __len__(self):
        return len(self.attachments)

    def __getitem__(self, number):
        """The attachment with this id."""
        return self.attachments[number - 1]

    def map_lines(self, count):
        """A map file of `count` renames, spread over the library."""
        return ["id,name"] + [f"{number},{self[number].new_stem}" for number in chosen(len(self), count)]


def chosen(library_size, count):
    """The ids that a map of `count` renames takes, spread evenly; the smaller maps are not special."""
    return [1 + (place * library_size + library_size // 2) // count for place in range(count)]
