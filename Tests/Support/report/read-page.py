"""Reads an HTML page as a browser would and says what is in it, as JSON.

Fails on markup that does not close what it opens.
"""

import json
import sys
from html.parser import HTMLParser

VOID = {"meta", "link", "img", "br", "hr", "input"}


class Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.attributes, self.addresses = [], {}, {}, []
        self.text, self.values, self.texts = [], [], []
        self.unbalanced = []

    def handle_starttag(self, tag, attributes):
        self.tags[tag] = self.tags.get(tag, 0) + 1
        for name, value in attributes:
            self.attributes[name] = self.attributes.get(name, 0) + 1
            self.values.append(value or "")
            if name in ("src", "href", "srcset", "action", "data", "poster", "xlink:href"):
                self.addresses.append(value)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data):
        self.text.append(data)
        if self.open and self.open[-1] == "bdi":
            self.texts.append(data)


with open(sys.argv[1], encoding="utf-8") as page:
    source = page.read()
reader = Reader()
reader.feed(source)
reader.close()
style = source[source.index("<style>"):source.index("</style>")]
json.dump({
    "tags": reader.tags, "attributes": reader.attributes, "addresses": reader.addresses,
    "unbalanced": reader.unbalanced + reader.open, "text": " ".join("".join(reader.text).split()),
    "bdi": reader.texts, "imports": style.count("url(") + style.count("@import"),
    "values": reader.values,
}, sys.stdout)
