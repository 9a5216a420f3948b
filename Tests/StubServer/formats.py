"""The wire formats: what a request says, and what an answer looks like."""

import base64
import json


class Anthropic:
    name = "anthropic"

    @staticmethod
    def read(body):
        content = body["messages"][0]["content"]
        images = [part for part in content if part["type"] == "image"]
        for image in images:
            assert image["source"]["type"] == "base64", "not base64"
            assert image["source"]["media_type"] == "image/jpeg", "not a JPEG"
        form = body.get("output_config", {}).get("format", {})
        return {
            "model": body["model"], "system": body["system"],
            "user": "".join(part["text"] for part in content if part["type"] == "text"),
            "images": [base64.b64decode(image["source"]["data"], validate=True) for image in images],
            "structure": "schema" if form.get("type") == "json_schema" else "text",
            "schema": form.get("schema"), "limit": body["max_tokens"],
        }

    @staticmethod
    def answer(asked, text, kind):
        reason = {"refusal": "refusal", "truncated": "max_tokens"}.get(kind, "end_turn")
        return {
            "id": "msg_01", "type": "message", "role": "assistant", "model": asked["model"],
            "content": [] if kind == "refusal" else [{"type": "text", "text": text}],
            "stop_reason": reason, "stop_sequence": None,
            "usage": {
                "input_tokens": 1400, "cache_creation_input_tokens": 0,
                "cache_read_input_tokens": 50, "output_tokens": 120,
            },
        }

    @staticmethod
    def error(status, message, kind):
        types = {
            400: "invalid_request_error", 401: "authentication_error", 402: "billing_error",
            403: "permission_error", 404: "not_found_error", 413: "request_too_large",
            429: "rate_limit_error", 529: "overloaded_error",
        }
        return {
            "type": "error", "request_id": "req_1",
            "error": {"type": types.get(status, "api_error"), "message": message},
        }

    @staticmethod
    def models(names):
        return {"data": [{"type": "model", "id": name} for name in names], "has_more": False}


class OpenAI:
    name = "openai"

    @staticmethod
    def read(body):
        system, user = body["messages"]
        images = [part["image_url"] for part in user["content"] if part["type"] == "image_url"]
        prefix = "data:image/jpeg;base64,"
        for image in images:
            assert image["url"].startswith(prefix), "not a JPEG as data URL"
        form = body.get("response_format", {})
        return {
            "model": body["model"], "system": system["content"],
            "user": "".join(part["text"] for part in user["content"] if part["type"] == "text"),
            "images": [
                base64.b64decode(image["url"][len(prefix):], validate=True) for image in images
            ],
            "structure": {"json_schema": "schema", "json_object": "object"}.get(
                form.get("type"), "text"),
            "schema": form.get("json_schema", {}).get("schema"),
            "limit": body.get("max_completion_tokens", body.get("max_tokens")),
        }

    @staticmethod
    def answer(asked, text, kind):
        refusal = "I can't help with that." if kind == "refusal" else None
        reason = {"truncated": "length", "filtered": "content_filter"}.get(kind, "stop")
        return {
            "id": "chatcmpl-1", "object": "chat.completion", "created": 1741570283,
            "model": asked["model"],
            "choices": [{
                "index": 0, "finish_reason": reason, "logprobs": None,
                "message": {
                    "role": "assistant", "content": None if refusal else text,
                    "refusal": refusal, "annotations": [],
                },
            }],
            "usage": {"prompt_tokens": 3000, "completion_tokens": 100, "total_tokens": 3100},
        }

    @staticmethod
    def error(status, message, kind):
        code = {
            "quota": "insufficient_quota", 401: "invalid_api_key", 404: "model_not_found",
            429: "rate_limit_exceeded",
        }
        return {
            "error": {
                "message": message, "type": "invalid_request_error", "param": None,
                "code": code.get(kind, code.get(status)),
            }
        }

    @staticmethod
    def models(names):
        return {"object": "list", "data": [{"id": name, "object": "model"} for name in names]}


class Gemini:
    name = "gemini"

    @staticmethod
    def read(body):
        parts = body["contents"][0]["parts"]
        images = [part["inlineData"] for part in parts if "inlineData" in part]
        for image in images:
            assert image["mimeType"] == "image/jpeg", "not a JPEG"
        form = body["generationConfig"]
        assert "additionalProperties" not in json.dumps(form), "a keyword Gemini does not know"
        return {
            "model": "", "system": body["systemInstruction"]["parts"][0]["text"],
            "user": "".join(part["text"] for part in parts if "text" in part),
            "images": [base64.b64decode(image["data"], validate=True) for image in images],
            "structure": "schema" if "responseSchema" in form
            else "object" if "responseMimeType" in form else "text",
            "schema": form.get("responseSchema"), "limit": form["maxOutputTokens"],
        }

    @staticmethod
    def answer(asked, text, kind):
        usage = {
            "promptTokenCount": 1300, "candidatesTokenCount": 90, "thoughtsTokenCount": 10,
            "totalTokenCount": 1400,
        }
        if kind == "refusal":
            return {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"},
                    "usageMetadata": {"promptTokenCount": 1300}}
        reason = {"truncated": "MAX_TOKENS", "filtered": "SAFETY"}.get(kind, "STOP")
        return {
            "candidates": [{
                "content": {"parts": [{"text": text}], "role": "model"},
                "finishReason": reason, "index": 0,
            }],
            "usageMetadata": usage, "modelVersion": asked["model"],
        }

    @staticmethod
    def error(status, message, kind):
        states = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED",
                  404: "NOT_FOUND", 429: "RESOURCE_EXHAUSTED", 503: "UNAVAILABLE"}
        details = []
        if kind == "retry-info":
            details = [{
                "@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "17s",
            }]
        if kind == "quota":
            details = [{
                "@type": "type.googleapis.com/google.rpc.QuotaFailure",
                "violations": [{"quotaId": "GenerateRequestsPerDayPerProjectPerModel-FreeTier"}],
            }]
        error = {"error": {"code": status, "message": message, "details": details,
                           "status": states.get(status, "INTERNAL")}}
        return [error] if kind == "array" else error

    @staticmethod
    def models(names):
        return {"models": [{"name": "models/" + name} for name in names]}
