"""A Gemini that writes plainly and fails in all the ways the real one does.

Without a fault the text depends on the prompt alone, so that a new version after
feedback is another text.  ``answer_with`` puts other words in its mouth.
"""

import hashlib
import json
from typing import Any

from tests.fakes.server import Dropped, FakeServer, Fault, Reply, Request

# The SDK asks for numbers (``enum-encoding=int``), the newest of which it has no names for.
_REASONS = {"STOP": 1, "MAX_TOKENS": 2, "SAFETY": 3, "RECITATION": 4, "OTHER": 5, "NEWER": 90}

# A mark with figures in it would be a claim that nobody ordered.
_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def _candidate(text: str | None, reason: str) -> dict[str, Any]:
    content = {"role": "model"} | ({} if text is None else {"parts": [{"text": text}]})
    return {"content": content, "finishReason": _REASONS[reason], "index": 0}


def _answer(text: str | None, reason: str = "STOP") -> Reply:
    usage = {"promptTokenCount": 120, "candidatesTokenCount": 80, "thoughtsTokenCount": 300}
    return Reply(
        200,
        {
            "candidates": [_candidate(text, reason)],
            "usageMetadata": usage | {"totalTokenCount": 500},
            "modelVersion": "fake",
        },
    )


def _error(status: int, name: str, message: str, *details: dict[str, Any]) -> Reply:
    error = {"code": status, "message": message, "status": name, "details": list(details)}
    return Reply(status, {"error": error})


def _google(kind: str, **fields: Any) -> dict[str, Any]:
    return {"@type": f"type.googleapis.com/google.rpc.{kind}", **fields}


_MAIL = json.dumps({"subject": "Hello", "body": "Hello,\n\na word.\n\nBest regards"})
_BAD_KEY = "API key not valid. Please pass a valid API key."

_FAULTS: dict[str, Reply] = {
    "max_tokens": _answer(None, "MAX_TOKENS"),
    "cut": _answer(_MAIL[:30], "MAX_TOKENS"),
    "cut_whole": _answer(_MAIL, "MAX_TOKENS"),
    "safety": _answer(None, "SAFETY"),
    "safety_text": _answer(_MAIL, "SAFETY"),
    "recitation": _answer(None, "RECITATION"),
    "other": _answer(None, "OTHER"),
    "newer_reason": _answer(None, "NEWER"),
    "block": Reply(200, {"promptFeedback": {"blockReason": 4}}),
    "newer_block": Reply(200, {"promptFeedback": {"blockReason": 90}}),
    "nothing": Reply(200, {}),
    "empty": _answer(""),
    "malformed": _answer(_MAIL[:30]),
    "no_body": _answer(json.dumps({"subject": "Hello"})),
    "broken": Reply(200, b'{"candidates": ['),
    "list": Reply(503, [{"error": {"code": 503}}]),
    "key": _error(
        400, "INVALID_ARGUMENT", _BAD_KEY, _google("ErrorInfo", reason="API_KEY_INVALID")
    ),
    "model": _error(404, "NOT_FOUND", "models/x is not found for API version v1beta"),
    "quota_day": _error(
        429,
        "RESOURCE_EXHAUSTED",
        "You exceeded your current quota.",
        _google(
            "QuotaFailure",
            violations=[{"quotaId": "GenerateRequestsPerDayPerProjectPerModel-FreeTier"}],
        ),
        _google("RetryInfo", retryDelay="31s"),
    ),
}


class FakeGemini(FakeServer):
    """``with FakeGemini() as fake``: set GEMINI_API_ENDPOINT to ``fake.url``.

    Faults: ``429[:seconds]`` (RetryInfo), ``503`` and any other status, ``drop``,
    ``slow:seconds``, and by name: max_tokens, cut, cut_whole, safety, safety_text, recitation,
    other, newer_reason, block, newer_block, nothing, empty, malformed, no_body, broken, list,
    key, model, quota_day.
    """

    faults_known = frozenset({"drop", "slow", *_FAULTS})

    def __init__(self, port: int = 0, *, delay: float = 0.0) -> None:
        super().__init__(port, delay=delay)
        self._words: tuple[str, str] | None = None
        self._citations: list[dict[str, Any]] | None = None
        self.kind = "neutral"
        self.wording: str | None = None
        """What it says of a finding; None: what it was shown."""

    def answer_with(self, subject: str, body: str, **citations: list[str]) -> None:
        """Write this from now on; ``citations``: by a handle, the sentences that cite it.

        Without any the answer has the older shape, which knows of none.
        """
        self._words = (subject, body)
        self._citations = [
            {"sentence": sentence, "facts": [handle]}
            for handle, sentences in citations.items()
            for sentence in sentences
        ] or None

    def answer(self, request: Request, fault: Fault | None) -> Reply:
        if not request.headers.get("x-goog-api-key"):
            return _error(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers.")
        if ":generateContent" not in request.path or not isinstance(request.body, dict):
            return _error(404, "NOT_FOUND", "Not found")
        if fault is None:
            return self._written(request)
        if fault.name == "drop":
            raise Dropped
        if fault.name == "slow":
            self.wait(fault.number)
            return self._written(request)
        return _FAULTS.get(fault.name) or _status(fault)

    def _written(self, request: Request) -> Reply:
        if _asks_for(request, "kind"):
            return _answer(json.dumps({"kind": self.kind}))
        if _asks_for(request, "wording"):
            return _answer(json.dumps({"wording": self.wording or _reason_in(request)}))
        digest = hashlib.sha256(json.dumps(request.body["contents"]).encode()).hexdigest()[:8]
        mark = digest.translate(_LETTERS)
        subject, body = self._words or (
            f"A word about our work ({mark})",
            f"Hello,\n\nhere is what we thought might help you ({mark}).\n\nBest regards",
        )
        cited = {} if self._citations is None else {"citations": self._citations}
        return _answer(json.dumps({"subject": subject, "body": body} | cited))


def _asks_for(request: Request, field: str) -> bool:
    schema = request.body.get("generationConfig", {}).get("responseSchema", {})
    return field in schema.get("properties", {})


def _reason_in(request: Request) -> str:
    [part] = request.body["contents"][0]["parts"]
    reason: str = json.loads(part["text"].partition("\n")[2])["reason"]
    return reason


def _status(fault: Fault) -> Reply:
    if fault.name != "429":
        return _error(int(fault.name), "UNAVAILABLE", "The model is overloaded.")
    delay = "1s" if fault.number is None else f"{fault.number:g}s"
    return _error(
        429,
        "RESOURCE_EXHAUSTED",
        "Resource has been exhausted.",
        _google("RetryInfo", retryDelay=delay),
    )
