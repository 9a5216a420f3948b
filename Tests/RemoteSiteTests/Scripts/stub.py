#!/usr/bin/env python3
"""A site that misbehaves as it is told: as much of WordPress's API as the client asks for.

Prints its port; ends when stdin does. POST /stub/rules takes a list of rules, tried in order:

  {"on": "GET /wp-json/wp/v2/media", "times": 1, "status": 429, "headers": {...}, "body": "...",
   "then": {"id": 1, "alt_text": "..."}, "acts": true, "drops": true}

`on` is the beginning of method and path; without `times` a rule holds for good. `then` is what
somebody else writes just before the answer, `acts` does what was asked before the rule answers, and
`drops` closes the connection without an answer. GET /stub/log is what was asked.
"""

import base64
import http.server
import json
import sys
import threading
import urllib.parse

USER, PASSWORD = "editor", "abcd EFGH 1234 ijkl MNOP 5678"
LOCK = threading.Lock()
STATE = {"rules": [], "log": [], "media": {}, "total": None}


def text(raw):
    return {"raw": raw, "rendered": f"<p>{raw}</p>"}


def fresh(count):
    return {
        number: {
            "id": number, "post": 0, "alt_text": "", "title": text(f"Image {number}"),
            "caption": text(""), "description": text(""), "mime_type": "image/jpeg",
            "source_url": f"/wp-content/uploads/image-{number}.jpg",
            "media_details": {"width": 640, "height": 480, "file": f"2024/05/image-{number}.jpg"},
        }
        for number in range(1, count + 1)
    }


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, headers=None):
        if not isinstance(body, (bytes, str)):
            body = json.dumps(body)
            headers = {"Content-Type": "application/json; charset=UTF-8", **(headers or {})}
        if isinstance(body, str):
            body = body.encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle_any(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        host = f"http://127.0.0.1:{self.server.server_address[1]}"
        with LOCK:
            if self.path == "/stub/log":
                return self.answer(200, STATE["log"])
            if self.path == "/stub/rules":
                told = json.loads(body)
                STATE.update(rules=told["rules"], log=[], media=fresh(told.get("images", 3)))
                return self.answer(200, {})
            STATE["log"].append({
                "method": self.command, "path": self.path, "body": body.decode(),
                "headers": {name.lower(): value for name, value in self.headers.items()}})
            for rule in STATE["rules"]:
                if not f"{self.command} {self.path}".startswith(rule["on"]):
                    continue
                if rule.get("skip", 0) > 0:
                    rule["skip"] -= 1
                    continue
                if rule.get("times", 1) <= 0:
                    continue
                if "times" in rule:
                    rule["times"] -= 1
                if rule.get("acts"):
                    self.site(body, host)
                for item in rule.get("then", []):
                    self.change(STATE["media"][item["id"]], item)
                for gone in rule.get("gone", []):
                    STATE["media"].pop(gone, None)
                if rule.get("drops"):
                    self.close_connection = True
                    return None
                if "status" in rule:
                    said = rule.get("body", "").replace("@AUTHORIZATION@",
                                                        self.headers.get("Authorization", ""))
                    headers = {name: value.replace("@HOST@", host)
                               for name, value in rule.get("headers", {}).items()}
                    return self.answer(rule["status"], said, headers)
                if "rewrite" in rule:
                    status, value, headers = self.site(body, host)
                    return self.answer(status, rule["rewrite"] + json.dumps(value), headers)
                break
            status, value, headers = self.site(body, host)
            return self.answer(status, value, headers)

    do_GET = do_POST = handle_any

    @staticmethod
    def change(item, values):
        for name, value in values.items():
            if name == "alt_text":
                item[name] = value
            elif name in ("title", "caption", "description"):
                item[name] = text(value)

    def site(self, body, host):
        """What a well-behaved site answers: status, value, headers."""
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        path = url.path
        if path == "/":
            return 200, "<!doctype html><html lang=\"de-DE\"><p>Hello", {
                "Link": f'<{host}/wp-json/>; rel="https://api.w.org/"'}
        if path.startswith("/wp-content/"):
            return 200, "\xff\xd8 not really a picture", {"Content-Type": "image/jpeg"}
        if path in ("/wp-json", "/wp-json/"):
            return 200, {"name": "Stub", "namespaces": ["wp/v2"], "authentication": {
                "application-passwords": {"endpoints": {}}}}, {}
        expected = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers.get("Authorization") != expected:
            return 401, {"code": "incorrect_password", "message": "Wrong.",
                         "data": {"status": 401}}, {}
        if path == "/wp-json/wp/v2/users/me":
            return 200, {"id": 2, "name": "Editor", "roles": ["editor"], "capabilities": {
                "upload_files": True, "edit_posts": True, "edit_others_posts": True}}, {}
        if path == "/wp-json/wp/v2/settings":
            return 403, {"code": "rest_forbidden", "message": "No."}, {}
        shown = {number: {**item, "source_url": host + item["source_url"]
                          if item["source_url"].startswith("/") else item["source_url"]}
                 for number, item in STATE["media"].items()}
        if path == "/wp-json/wp/v2/media":
            size, page = int(query["per_page"]), int(query["page"])
            ids = sorted(shown)
            pages = max(1, -(-len(ids) // size))
            if page > pages:
                return 400, {"code": "rest_post_invalid_page_number", "message": "No."}, {}
            return 200, [shown[i] for i in ids[(page - 1) * size:page * size]], {
                "X-WP-Total": str(len(ids)), "X-WP-TotalPages": str(pages)}
        number = int(path.rsplit("/", 1)[1])
        if number not in shown:
            return 404, {"code": "rest_post_invalid_id", "message": "Invalid post ID."}, {}
        if self.command == "POST":
            form = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
            self.change(STATE["media"][number], form)
            self.change(shown[number], form)
        return 200, shown[number], {}


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()
    server.shutdown()


main()
