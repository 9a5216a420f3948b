"""Says what a rename has to make of the sample site, from the generator alone, and compares.

Each row and file of the sample is made from the names of the library, so what a rename has to leave is
what the generator makes of the new names: every byte of every row, not only those that hold a reference.
"""

import os
import random

from sample import images, tables
from sample.content import Site
from sample.library import UPLOADS
from sample.making import site_of

from .databases import digest_of

SAMPLED_FILES = 200


class Mismatch(Exception):
    """The site is not what the renames should have made of it."""


class RecordingSite(Site):
    """A site that notes which attachments the row that is being made draws."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.drawn = []

    def picture(self, chance):
        picture = super().picture(chance)
        self.drawn.append(picture.id)
        return picture


class Oracle:
    """What the site should be, whatever is renamed."""

    def __init__(self, shape, database, uploads):
        self.shape = shape
        self.database = database
        self.uploads = uploads
        self.pictures = images.Pictures(shape["seed"])
        site = site_of(shape, kind=RecordingSite)
        self.before = {}
        # Rows by the attachment that they draw: (table, position in the order of the key).
        self.rows_of = {}
        for table in tables.TABLES:
            digests = []
            site.drawn = []
            for position, row in enumerate(tables.rows(site, table)):
                digests.append(digest_of(row))
                if table not in ("postmeta", "options"):
                    self.note(site, (table, position))
            self.before[table] = digests
            if table == "postmeta":
                self.note_meta(site)
        self.library = site.library

    def note(self, site, place):
        for number in site.drawn:
            self.rows_of.setdefault(number, set()).add(place)
        site.drawn = []

    def note_meta(self, site):
        """Meta rows are made a post at a time: a post is noted whole."""
        site.drawn = []
        first = 3 * len(site.library)
        for post in range(site.first_post(), site.first_post() + site.posts):
            count = len(site.post_meta(post))
            self.note(site, ("post's meta", post, first, count))
            first += count

    # Rows

    def expected_digests(self, renamed):
        """The digests of all rows when the attachments in `renamed` have their new names."""
        if not renamed:
            return self.before
        site = site_of(self.shape, renamed)
        expected = {table: list(digests) for table, digests in self.before.items()}
        expected["options"] = [digest_of(row) for row in tables.rows(site, "options")]
        places = set().union(*(self.rows_of.get(number, ()) for number in renamed))
        for number in renamed:
            for offset, (key, value) in enumerate(site.attachment_meta(site.library[number])):
                position = 3 * (number - 1) + offset
                expected["postmeta"][position] = digest_of((position + 1, number, key, value))
        for place in places:
            if place[0] == "posts":
                expected["posts"][place[1]] = digest_of(tables.post_row(site, place[1] + 1))
            elif place[0] == "comments":
                expected["comments"][place[1]] = digest_of(tables.comment_row(site, place[1] + 1))
            else:
                _, post, first, _ = place
                for offset, (key, value) in enumerate(site.post_meta(post)):
                    expected["postmeta"][first + offset] = digest_of((first + offset + 1, post, key, value))
        return expected

    def check_rows(self, renamed):
        """Compares every row of every table; returns how many differ from the site as it was made."""
        expected = self.expected_digests(renamed)
        changed = 0
        for table in tables.TABLES:
            found = self.database.digests(table)
            if len(found) != len(expected[table]):
                raise Mismatch(f"wp_{table} has {len(found)} rows, not {len(expected[table])}")
            wrong = [place for place, pair in enumerate(zip(found, expected[table])) if pair[0] != pair[1]]
            if wrong:
                raise Mismatch(f"{len(wrong)} rows of wp_{table} are wrong, the first at position {wrong[0]}")
            changed += sum(1 for pair in zip(found, self.before[table]) if pair[0] != pair[1])
        return changed

    def check_counts(self, number, renamed):
        """Counts by SQL the posts that name an attachment: as many as drew it by its new name, none by the old."""
        old, new = self.names(number)
        site = site_of(self.shape, renamed)
        drawing = [place[1] + 1 for place in self.rows_of.get(number, ()) if place[0] == "posts"]
        expected = sum(1 for post in drawing if new in site.content(post))
        held = self.database.count("posts", "post_content", new)
        lost = self.database.count("posts", "post_content", old) + self.database.count("postmeta", "meta_value", old)
        if lost or held != expected:
            raise Mismatch(f"{held} posts name attachment {number} by its new name, not {expected}; {lost} rows by its old")

    def names(self, number):
        """What a thumbnail's, and every other size's, path starts with under both names."""
        attachment = self.library[number]
        return f"{attachment.folder}/{attachment.old_stem}-", f"{attachment.folder}/{attachment.new_stem}-"

    def urls(self, number):
        """The seven URL pairs of an attachment."""
        attachment = self.library[number]
        for path in attachment.names.values():
            yield UPLOADS + path, UPLOADS + path.replace(f"/{attachment.old_stem}", f"/{attachment.new_stem}")

    # Files

    def check_files(self, renamed, old_names_stay):
        """Compares the names in the uploads folder, and the bytes of some files."""
        site = site_of(self.shape, renamed)
        expected = {}
        for before, after in zip(self.library.attachments, site.library.attachments):
            for label in before.names:
                expected[after.names[label]] = (before, label)
                if old_names_stay or before.id not in renamed:
                    expected[before.names[label]] = (before, label)
        sheets = dict(site.style_sheets())
        found = set()
        root = f"{self.uploads}/"
        for folder, _, names in os.walk(self.uploads):
            found.update(os.path.join(folder, name).removeprefix(root) for name in names)
        wanted = expected.keys() | sheets.keys()
        if found != wanted:
            raise Mismatch(
                f"{len(found - wanted)} files too many, for example {sorted(found - wanted)[:3]}; "
                f"{len(wanted - found)} too few, for example {sorted(wanted - found)[:3]}")
        for path, text in sheets.items():
            if (self.uploads / path).read_text() != text:
                raise Mismatch(f"{path} is not what it should be")
        for path in random.Random(len(renamed)).sample(sorted(expected), min(SAMPLED_FILES, len(expected))):
            if (self.uploads / path).read_bytes() != self.pictures.bytes_of(*expected[path]):
                raise Mismatch(f"{path} has other bytes than its picture")

    def check(self, renamed, old_names_stay=False):
        """Fails when any row or name differs; returns how many rows the renames changed."""
        renamed = frozenset(renamed)
        changed = self.check_rows(renamed)
        self.check_files(renamed, old_names_stay)
        for number in sorted(renamed)[:2]:
            self.check_counts(number, renamed)
        return changed
