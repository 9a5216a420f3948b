"""Prints what an HTML parser that is not ours sees of the page on standard input, as JSON: every
start tag with its decoded attributes, and all text."""

import html.parser
import json
import sys


class Reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags = []
        self.text = []
        self.comments = 0

    def handle_starttag(self, tag, attrs):
        self.tags.append({"tag": tag, "attributes": {key: value or "" for key, value in attrs}})

    def handle_data(self, data):
        self.text.append(data)

    def handle_comment(self, data):
        self.comments += 1


reader = Reader()
reader.feed(sys.stdin.buffer.read().decode("utf-8"))
reader.close()
json.dump(
    {"tags": reader.tags, "text": "".join(reader.text), "comments": reader.comments}, sys.stdout
)
