#!/usr/bin/env python3
"""Checks answers of the service against its OpenAPI document.

usage: check-answers.py OPENAPI.json ANSWERS.jsonl

A line of ANSWERS: {"method", "path", "status", "type", "body"}. Prints the number of answers that
were checked; fails with every answer that the document does not allow.
"""

import json
import re
import sys

import jsonschema

document = json.load(open(sys.argv[1]))
resolver = jsonschema.RefResolver.from_schema(document)


def resolved(value):
    while "$ref" in value:
        value = resolver.resolve(value["$ref"])[1]
    return value


def operation(method, path):
    for template, operations in document["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            return operations.get(method.lower())
    return None


failures, checked = [], 0
for line in open(sys.argv[2]):
    answer = json.loads(line)
    name = f"{answer['method']} {answer['path']} {answer['status']}"
    found = operation(answer["method"], answer["path"].split("?")[0])
    if found is None:
        if answer["status"] not in (404, 405):
            failures.append(f"{name}: not in the document")
        continue
    response = found["responses"].get(str(answer["status"]))
    if response is None:
        failures.append(f"{name}: no such status in the document")
        continue
    checked += 1
    content = resolved(response).get("content", {})
    if not content:
        if answer["body"]:
            failures.append(f"{name}: has a body")
        continue
    kind = answer["type"].split(";")[0]
    if kind not in content:
        failures.append(f"{name}: {kind}")
    elif kind.endswith("json"):
        validator = jsonschema.Draft202012Validator(content[kind]["schema"], resolver=resolver)
        for error in validator.iter_errors(json.loads(answer["body"])):
            where = "/".join(map(str, error.absolute_path))
            failures.append(f"{name}: {where}: {error.message[:300]}")

print("\n".join(failures) if failures else checked)
sys.exit(1 if failures else 0)
