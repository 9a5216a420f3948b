#!/usr/bin/env python3
"""A server on this machine that speaks the APIs of the providers, as a script tells it.

    stub.py [--script FILE] [--log FILE] [--latency SECONDS]

It prints its port and ends when its standard input does. The script is JSON:

    {"latency": 0, "key": null, "structures": ["schema", "object", "text"], "models": ["…"],
     "default": STEP, "requests": {"1": STEP}, "files": {"a.jpg": [STEP, …]},
     "ids": {"a": STEP}, "polls": 1, "batch": "completed"}

STEP says what to do: `{"do": KIND, "status": N?, "headers": {}?, "seconds": N?, "times": N?}`.
`requests` goes by the number of the request for an answer, from 1; `files` by the name of the
image's file and the attempt (the last step stays, but for `times`); `ids` by the name within a
batch. Kinds: ok, fenced, filler, wrong-language, hostile, decorative, low, missing, malformed,
prose, empty, refusal, filtered, truncated; limit (429), quota, retry-info, error (status), array,
key (401 that repeats the key), hang, drop, html, redirect; for batches also errored, expired,
canceled, absent, twice.

`POST /stub/script` replaces the script, `GET /stub/log` gives what was logged.
"""

import argparse
import json
import os
import re
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import answers
import formats
import jpeg

SECRET = {"authorization", "x-api-key", "x-goog-api-key", "cookie"}


class State:
    """What all connections share."""

    def __init__(self, script, log, latency):
        self.lock = threading.Lock()
        self.log_file = open(log, "a", encoding="utf-8") if log else None
        self.latency = latency
        self.batches = {}
        self.files = {}
        self.begin(script)

    def begin(self, script):
        with self.lock:
            self.script = script
            self.count = 0
            self.attempts = {}
            self.running = 0
            self.most_running = 0
            self.entries = []

    def step(self, known, identifier=None):
        """What to do with the next request for an answer."""
        script = self.script
        with self.lock:
            if identifier is not None:
                return script.get("ids", {}).get(identifier, script.get("default", {"do": "ok"}))
            self.count += 1
            numbered = script.get("requests", {}).get(str(self.count))
            steps = script.get("files", {}).get(known["file"])
            if numbered:
                return numbered
            if steps:
                attempt = self.attempts.get(known["file"], 0)
                self.attempts[known["file"]] = attempt + 1
                for step in steps:
                    attempt -= step.get("times", 1)
                    if attempt < 0:
                        return step
                return {"do": "ok"} if "times" in steps[-1] else steps[-1]
            return script.get("default", {"do": "ok"})

    def log(self, entry):
        with self.lock:
            self.entries.append(entry)
            if self.log_file:
                self.log_file.write(json.dumps(entry, ensure_ascii=False) + "\n")
                self.log_file.flush()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Header and body go out in two writes, between which Nagle's algorithm would wait.
    disable_nagle_algorithm = True
    state = None

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.handle_request("GET", b"")

    def do_POST(self):
        self.handle_request("POST", self.rfile.read(int(self.headers.get("content-length", 0))))

    # -- Sending

    def send(self, status, value, headers=None, raw=False):
        data = value if raw else json.dumps(value, ensure_ascii=False).encode()
        self.send_response(status)
        for name, text in ({"content-type": "application/json"} | (headers or {})).items():
            self.send_header(name, text)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def key(self):
        bearer = self.headers.get("authorization", "").removeprefix("Bearer ")
        return bearer or self.headers.get("x-api-key") or self.headers.get("x-goog-api-key")

    # -- Routing

    def handle_request(self, method, body):
        path = self.path.partition("?")[0]
        if path == "/stub/script":
            self.state.begin(json.loads(body))
            return self.send(200, {})
        if path == "/stub/log":
            return self.send(200, {
                "entries": self.state.entries, "most_running": self.state.most_running})
        wanted = self.state.script.get("key")
        form = (
            formats.Gemini if path.startswith("/v1beta/")
            else formats.Anthropic if self.headers.get("anthropic-version") else formats.OpenAI)
        if wanted and self.key() != wanted:
            return self.send(401, form.error(401, f"Incorrect API key: {self.key()}", None))
        if path.endswith("/models") and method == "GET":
            self.note(method, path, {"format": form.name})
            return self.send(200, form.models(self.state.script.get("models", [])))
        if path in ("/v1/messages", "/v1/chat/completions") or path.endswith(":generateContent"):
            return self.describe(form, path, json.loads(body))
        if "/batches" in path or path.startswith("/v1/files"):
            return self.batch(method, path, body)
        return self.send(404, form.error(404, f"no such path {path}", None))

    def note(self, method, path, entry):
        headers = {
            name.lower(): "***" if name.lower() in SECRET else value
            for name, value in self.headers.items()}
        self.state.log({
            "method": method, "path": path, "time": time.time(), "headers": headers} | entry)

    @staticmethod
    def logged(asked):
        return {
            "model": asked["model"], "structure": asked["structure"], "schema": asked["schema"],
            "limit": asked["limit"], "system": asked["system"], "user": asked["user"],
            "images": [jpeg.inspect(image) for image in asked["images"]]}

    # -- One answer

    def describe(self, form, path, body):
        state = self.state
        with state.lock:
            state.running += 1
            state.most_running = max(state.most_running, state.running)
        try:
            asked = form.read(body)
            if form is formats.Gemini:
                asked["model"] = re.search(r"/models/(.+):", path).group(1)
            known = answers.facts(asked["user"])
            step = state.step(known)
            entry = self.logged(asked) | {"format": form.name, "file": known["file"]}
            kind = step["do"]
            taken = state.script.get("structures")
            if taken and asked["structure"] not in taken and kind == "ok":
                kind = "structure"
            self.note("POST", path, entry | {"did": kind})
            time.sleep(state.script.get("latency", state.latency))
            self.perform(form, asked, known, kind, step)
        except AssertionError as error:
            self.send(400, form.error(400, str(error), None))
        finally:
            with state.lock:
                state.running -= 1

    def perform(self, form, asked, known, kind, step):
        headers = step.get("headers", {})
        if kind == "hang":
            time.sleep(step.get("seconds", 3600))
            self.close_connection = True
        elif kind == "drop":
            self.close_connection = True
        elif kind == "html":
            self.send(200, b"<html>Sign in to the wireless network</html>",
                      {"content-type": "text/html"}, raw=True)
        elif kind == "redirect":
            self.send(302, {}, {"location": headers.get("location", "http://127.0.0.1:1/")})
        elif kind == "structure":
            self.send(400, form.error(
                400, "response_format is not supported by this model", None))
        elif kind in ("limit", "quota", "retry-info", "array"):
            self.send(step.get("status", 429), form.error(
                step.get("status", 429), step.get("message", "Too many requests."), kind), headers)
        elif kind == "error":
            status = step.get("status", 500)
            self.send(status, form.error(status, step.get("message", "It failed."), kind), headers)
        elif kind == "key":
            self.send(401, form.error(401, f"Incorrect API key provided: {self.key()}.", kind))
        else:
            self.send(200, form.answer(asked, answers.text(known, kind), kind), headers)

    # -- Batches

    def batch(self, method, path, body):
        state = self.state
        creates = method == "POST" and path.endswith("/batches")
        self.note(method, path, {"creates": creates})
        if creates:
            step = state.script.get("create", {"do": "ok"})
            if step["do"] == "drop":
                self.close_connection = True
                return None
            if step["do"] == "error":
                form = formats.OpenAI
                return self.send(step["status"], form.error(step["status"], "It failed.", None))
        if path.startswith("/v1/messages/batches"):
            return self.anthropic_batch(method, path, body)
        return self.openai_batch(method, path, body)

    def items(self, requests, form):
        """(id, step, answer or nil) in an order that is not that of the requests."""
        result = []
        for identifier, asked_body in reversed(requests):
            asked = form.read(asked_body)
            self.state.log({"id": identifier, "format": form.name} | self.logged(asked))
            known = answers.facts(asked["user"])
            step = self.state.step(known, identifier)
            if step["do"] == "absent":
                continue
            answer = form.answer(asked, answers.text(known, step["do"]), step["do"])
            result += [(identifier, step, answer)] * (2 if step["do"] == "twice" else 1)
        return result

    def polled(self, batch):
        batch["polls"] += 1
        return batch["polls"] > self.state.script.get("polls", 1)

    def anthropic_batch(self, method, path, body):
        batches = self.state.batches
        parts = path.split("/")
        if method == "POST" and len(parts) == 4:
            name = f"msgbatch_{len(batches) + 1:02}"
            requests = [(item["custom_id"], item["params"]) for item in json.loads(body)["requests"]]
            batches[name] = {"requests": requests, "polls": 0, "cancelled": False}
            return self.send(200, {
                "id": name, "type": "message_batch", "processing_status": "in_progress",
                "request_counts": {"processing": len(requests), "succeeded": 0, "errored": 0,
                                   "canceled": 0, "expired": 0}, "results_url": None})
        batch = batches.get(parts[4])
        if not batch:
            return self.send(404, formats.Anthropic.error(404, "no such batch", None))
        if path.endswith("/cancel"):
            batch["cancelled"] = True
            return self.send(200, {"id": parts[4], "processing_status": "canceling"})
        if path.endswith("/results"):
            lines = []
            for identifier, step, answer in self.items(batch["requests"], formats.Anthropic):
                kind = "canceled" if batch["cancelled"] else step["do"]
                result = {"type": "succeeded", "message": answer}
                if kind in ("expired", "canceled"):
                    result = {"type": kind}
                elif kind == "errored":
                    result = {"type": "errored",
                              "error": formats.Anthropic.error(400, "Could not process image", None)}
                lines.append({"custom_id": identifier, "result": result})
            lines.insert(1, {"custom_id": "stranger", "result": {"type": "expired"}})
            return self.send(200, "".join(json.dumps(line) + "\n" for line in lines).encode(),
                             {"content-type": "application/x-jsonl"}, raw=True)
        ended = self.polled(batch) or batch["cancelled"]
        return self.send(200, {
            "id": parts[4], "type": "message_batch",
            "processing_status": "ended" if ended else "in_progress",
            "request_counts": {"processing": len(batch["requests"]), "succeeded": 0, "errored": 0,
                               "canceled": 0, "expired": 0},
            "results_url": "http://evil.example/results" if ended else None})

    def openai_batch(self, method, path, body):
        batches, files = self.state.batches, self.state.files
        parts = path.split("/")
        if path == "/v1/files" and method == "POST":
            boundary = self.headers["content-type"].partition("boundary=")[2].encode()
            fields = {}
            for part in body.split(b"--" + boundary)[1:-1]:
                head, _, content = part.partition(b"\r\n\r\n")
                name = re.search(rb'name="(\w+)"', head).group(1).decode()
                fields[name] = content.removesuffix(b"\r\n")
            assert fields["purpose"] == b"batch", fields
            name = f"file-{len(files) + 1}"
            files[name] = fields["file"]
            return self.send(200, {"id": name, "object": "file", "purpose": "batch"})
        if parts[2] == "files":
            return self.send(200, files[parts[3]], {"content-type": "application/jsonl"}, raw=True)
        if path == "/v1/batches":
            order = json.loads(body)
            lines = [json.loads(line) for line in files[order["input_file_id"]].splitlines()]
            name = f"batch_{len(batches) + 1}"
            batches[name] = {
                "requests": [(line["custom_id"], line["body"]) for line in lines],
                "polls": 0, "cancelled": False}
            return self.send(200, {"id": name, "object": "batch", "status": "validating"})
        batch = batches.get(parts[3])
        if not batch:
            return self.send(404, formats.OpenAI.error(404, "no such batch", None))
        if path.endswith("/cancel"):
            batch["cancelled"] = True
            return self.send(200, {"id": parts[3], "status": "cancelling"})
        total = len(batch["requests"])
        answer = {"id": parts[3], "object": "batch", "status": "in_progress",
                  "request_counts": {"total": total, "completed": 0, "failed": 0}}
        if not self.polled(batch) and not batch["cancelled"]:
            return self.send(200, answer)
        status = "cancelled" if batch["cancelled"] else self.state.script.get("batch", "completed")
        answer["status"] = status
        if status == "failed":
            answer["errors"] = {"data": [{"code": "invalid", "message": "Line 1 is not valid."}]}
            return self.send(200, answer)
        good, bad = [], []
        for identifier, step, response in self.items(batch["requests"], formats.OpenAI):
            kind = "canceled" if batch["cancelled"] else step["do"]
            line = {"id": "batch_req_" + identifier, "custom_id": identifier, "error": None}
            if kind in ("expired", "canceled"):
                code = "batch_expired" if kind == "expired" else "batch_cancelled"
                bad.append(line | {"response": None, "error": {"code": code, "message": kind}})
            elif kind == "errored":
                bad.append(line | {"response": {
                    "status_code": 400, "request_id": "r",
                    "body": formats.OpenAI.error(400, "Could not process image", None)}})
            else:
                good.append(line | {"response": {
                    "status_code": 200, "request_id": "r", "body": response}})
        for name, lines in (("output_file_id", good), ("error_file_id", bad)):
            answer[name] = None
            if lines:
                answer[name] = f"file-{len(files) + 1}"
                files[answer[name]] = "".join(json.dumps(line) + "\n" for line in lines).encode()
        return self.send(200, answer)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, address):
        # A client that cancels closes its connection, which is no failure of the stub.
        if not isinstance(sys.exception() if hasattr(sys, "exception") else sys.exc_info()[1],
                          (ConnectionError, TimeoutError)):
            super().handle_error(request, address)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--script")
    parser.add_argument("--log")
    parser.add_argument("--latency", type=float, default=0)
    arguments = parser.parse_args()
    script = {}
    if arguments.script:
        with open(arguments.script, encoding="utf-8") as file:
            script = json.load(file)
    Handler.state = State(script, arguments.log, arguments.latency)
    server = Server(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    # Ends with whoever started it, also when that is killed.
    while os.read(0, 4096):
        pass


if __name__ == "__main__":
    main()
