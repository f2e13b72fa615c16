"""Gemini: mail written by Google's model, through google-generativeai.

Google has ended the support of this SDK; it is what was asked for, and this is the
one file that knows it.  It retries 503 for minutes unless told not to, and cannot
bound a model's thinking, which is paid from the same tokens as the text: hence no
retry, a deadline, and room.  Why the model stopped is looked at before what it said.
"""

import re
import time
import warnings
from collections.abc import Sequence
from typing import Any

import requests
from google.api_core.client_options import ClientOptions
from google.api_core.exceptions import GoogleAPICallError
from google.protobuf.json_format import ParseError
from pydantic import BaseModel

from runtime.errors import RapportError, Reject, Retry
from runtime.settings import Settings
from scheduler.integrations import (
    Brief,
    Citation,
    Written,
    classifying,
    prompt,
    prose,
    quoting,
    wording,
)
from scheduler.integrations.blocks import blocked, stopped, trouble
from scheduler.integrations.wire import Wire, mount

with warnings.catch_warnings():
    warnings.filterwarnings(
        "ignore", r"\s*All support for the `google.generativeai` package", FutureWarning
    )
    import google.generativeai as genai
    from google.ai.generativelanguage import GenerativeServiceClient

FinishReason = genai.protos.Candidate.FinishReason
BlockReason = genai.protos.GenerateContentResponse.PromptFeedback.BlockReason

_ROOM = 8_192
_MORE_ROOM = 32_768
_SCHEMA = {
    "type": "OBJECT",
    "properties": {
        "subject": {"type": "STRING"},
        "body": {"type": "STRING"},
        "citations": {
            "type": "ARRAY",
            "items": {
                "type": "OBJECT",
                "properties": {
                    "sentence": {"type": "STRING"},
                    "facts": {"type": "ARRAY", "items": {"type": "STRING"}},
                },
                "required": ["sentence", "facts"],
            },
        },
    },
    "required": ["subject", "body"],
}
_MOST_CITATIONS = 50


class _Cited(BaseModel, strict=True):
    sentence: str
    facts: list[str]


class _Answer(BaseModel, strict=True):
    subject: str
    body: str
    citations: list[_Cited] = []


class _Cut(Exception):
    """The model ran out of room."""


class GeminiWriter:
    """Writes with one model; many threads may use it at once."""

    def __init__(self, settings: Settings, *, deadline: float = 60.0) -> None:
        """``deadline`` is seconds for one ``write``, a second try with more room included."""
        self.name = settings.writer
        self.deadline = deadline
        key = settings.gemini_api_key.get_secret_value().strip() if settings.gemini_api_key else ""
        self._sound = bool(re.fullmatch(r"[!-~]+", key))
        client = _client(settings, key if self._sound else "none")
        self._model = _model(settings, client, prompt.RULES)
        self._reader = _model(settings, client, classifying.RULES)
        self._quoter = _model(settings, client, quoting.RULES)
        self._worder = _model(settings, client, wording.RULES)

    def write(self, brief: Brief) -> Written:
        """Ask the model, once more with more room if its text was cut; see ``Writer.write``."""
        if not self._sound:
            raise trouble(401, (), {})
        until = time.monotonic() + self.deadline
        try:
            return self._write(brief, _ROOM, until)
        except _Cut:
            pass
        try:
            return self._write(brief, _MORE_ROOM, until)
        except _Cut:
            raise Reject(
                "The model ran out of room twice, so the text was thrown away. "
                "Ask for a shorter mail or choose another GEMINI_MODEL.",
                code="WRITER_CUT",
            ) from None

    def classify(self, reply: str, kinds: Sequence[str]) -> str:
        """Ask the model for one word of the list; see ``Writer.classify``."""
        if not self._sound:
            raise trouble(401, (), {})
        asked = classifying.parts(reply), _ROOM, classifying.schema(kinds)
        try:
            return classifying.checked(_text(_generate(self._reader, *asked, self.deadline)), kinds)
        except _Cut:
            raise Reject("The model ran out of room over a reply.", code="WRITER_CUT") from None

    def quote(self, page: str, about: Sequence[str]) -> tuple[str, ...]:
        """Ask the model for passages of a page; see ``Writer.quote``."""
        if not self._sound:
            raise trouble(401, (), {})
        asked = quoting.parts(page, about), _ROOM, quoting.SCHEMA
        try:
            return quoting.checked(_text(_generate(self._quoter, *asked, self.deadline)))
        except _Cut:
            raise Reject("The model ran out of room over a page.", code="WRITER_CUT") from None

    def word(self, title: str, why: str) -> str:
        """Ask the model for plainer words; see ``Writer.word``."""
        if not self._sound:
            raise trouble(401, (), {})
        asked = wording.parts(title, why), _ROOM, wording.SCHEMA
        try:
            answer = _text(_generate(self._worder, *asked, self.deadline))
        except _Cut:
            raise Reject("The model ran out of room over a finding.", code="WRITER_CUT") from None
        return prose.visible(wording.checked(answer))

    def _write(self, brief: Brief, room: int, until: float) -> Written:
        seconds = until - time.monotonic()
        response = _generate(self._model, prompt.parts(brief), room, _SCHEMA, seconds)
        answer = _read(_text(response))
        subject = prose.visible(answer.subject)
        body = prompt.signed(prose.visible(answer.body), brief)
        if fault := prose.fault(subject, body, brief):
            # Another attempt is another text, so what is wrong with this one need not last.
            raise Retry(fault.message, code=fault.code)
        spent, thought_and_said = _tokens(response.get("usage_metadata", {}))
        cited = tuple(
            Citation(prose.visible(each.sentence), tuple(each.facts))
            for each in answer.citations[:_MOST_CITATIONS]
        )
        return Written(subject, body, self.name, spent, thought_and_said, cited)


def _model(settings: Settings, client: GenerativeServiceClient, rules: str) -> Any:
    model = genai.GenerativeModel(settings.gemini_model, system_instruction=rules)
    # The SDK would take its client from a module global, where two keys would mix.
    model._client = client  # noqa: SLF001 - it has no public door
    return model


def _generate(
    model: Any, parts: list[str], room: int, schema: dict[str, Any], seconds: float
) -> dict[str, Any]:
    if seconds <= 0:
        raise _unreachable()
    try:
        response = model.generate_content(
            parts,
            generation_config={
                "max_output_tokens": room,
                "response_mime_type": "application/json",
                "response_schema": schema,
            },
            request_options={"retry": None, "timeout": seconds},
        )
        # A dictionary, as its objects warn of, and have no name for, numbers they do not know.
        return dict(response.to_dict())
    except GoogleAPICallError as error:
        raise _meaning(error) from None
    except requests.RequestException:
        raise _unreachable() from None
    except (ParseError, AttributeError, TypeError, ValueError, RecursionError):
        # The last four are the SDK's own, tripping over JSON of another shape.
        raise _malformed() from None


def _client(settings: Settings, key: str) -> GenerativeServiceClient:
    """Return a client with this key, never without: it would go and look for Google credentials."""
    client = GenerativeServiceClient(
        transport="rest",
        client_options=ClientOptions(api_key=key, api_endpoint=settings.gemini_api_endpoint),
    )
    transport: Any = client.transport
    mount(transport._session, Wire(threads=settings.worker_calls))  # noqa: SLF001 - no public door
    # It would ask again with the same key after a 401.
    transport._session._refresh_status_codes = ()  # noqa: SLF001 - as above
    return client


def _text(answer: dict[str, Any]) -> str:
    """Return the text of an answer that says of itself that it is finished."""
    if not answer.get("candidates"):
        raise blocked(_name(BlockReason, answer.get("prompt_feedback", {}).get("block_reason")))
    candidate = answer["candidates"][0]
    reason = _name(FinishReason, candidate.get("finish_reason"))
    if reason == "MAX_TOKENS":
        raise _Cut
    if reason != "STOP":
        raise stopped(reason)
    return "".join(part.get("text", "") for part in candidate.get("content", {}).get("parts", ()))


def _name(kind: Any, number: int | None) -> str:
    """Return what the SDK calls this number; the service knows more of them than the SDK."""
    if not number:
        return ""
    return next((each.name for each in kind if each.value == number), "NEWER")


def _read(text: str) -> _Answer:
    if not text.strip():
        raise Retry("The model answered without a text.", code="WRITER_EMPTY")
    try:
        return _Answer.model_validate_json(text)
    except ValueError:
        raise _malformed() from None


def _tokens(usage: dict[str, int]) -> tuple[int, int]:
    """Return tokens in and out; the thinking, which this SDK has no name for, counts as out."""
    prompted = usage.get("prompt_token_count", 0)
    said = usage.get("candidates_token_count", 0)
    return prompted, max(said, usage.get("total_token_count", 0) - prompted)


def _meaning(error: GoogleAPICallError) -> RapportError:
    headers = getattr(error.response, "headers", None) or {}
    details = [detail for detail in error.details or () if isinstance(detail, dict)]
    return trouble(int(error.code or 500), details, headers)


def _malformed() -> Retry:
    return Retry("The model's answer was not the JSON it was asked for.", code="WRITER_MALFORMED")


def _unreachable() -> Retry:
    return Retry("Gemini cannot be reached or took too long.", code="WRITER_UNAVAILABLE")
