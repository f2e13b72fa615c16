"""Blocks: what a model's noes mean to us, and what a person can do about each.

Knows Gemini's words for them, not its SDK.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from runtime.errors import RapportError, Reject, Retry
from scheduler.integrations.waiting import google_duration, retry_after, until_midnight

_REFUSES = {
    "SAFETY": "The model's safety rules blocked this text.",
    "PROHIBITED_CONTENT": "The model may not write about this.",
    "BLOCKLIST": "The text or the instruction has words that the model's owner forbids.",
    "SPII": "The model saw sensitive personal data and wrote nothing.",
    "IMAGE_SAFETY": "The model's safety rules blocked this text.",
    "RECITATION": "The model's text came too close to a published one.",
    "LANGUAGE": "The model does not write in this language.",
}
_REWORD = " Change the instruction or the contact's notes and try again."


def blocked(reason: str) -> RapportError:
    """Return the error for a prompt that was not answered, by its block reason ("" for none)."""
    if reason in {"", "OTHER"} or reason in _REFUSES:
        return stopped(reason)
    return Reject("The model's owner blocked this instruction." + _REWORD, code="WRITER_BLOCKED")


def stopped(reason: str) -> RapportError:
    """Return the error for a text that is not there, by its finish reason ("" for none)."""
    if reason in _REFUSES:
        code = "WRITER_RECITATION" if reason == "RECITATION" else "WRITER_BLOCKED"
        return Reject(_REFUSES[reason] + _REWORD, code=code)
    if not reason:
        return Retry("The model answered without a text.", code="WRITER_EMPTY")
    return Retry(
        "The model stopped before it had finished and gave no reason that helps.",
        code="WRITER_UNFINISHED",
    )


def trouble(
    status: int, details: Sequence[Mapping[str, Any]], headers: Mapping[str, str]
) -> RapportError:
    """Return the error for an answer that is no success, by status and Google's error details."""
    if status == 429:
        return _quota(details, headers)
    if status in {401, 403} or _is_about_the_key(details):
        return Reject(
            "Gemini does not accept this key. Set GEMINI_API_KEY to one that may use the model.",
            code="WRITER_KEY_INVALID",
        )
    if status == 404:
        return Reject(
            "Gemini does not know this model. Set GEMINI_MODEL to a current one.",
            code="WRITER_MODEL_UNKNOWN",
        )
    if status in {408, 499} or status >= 500:
        return Retry(
            f"Gemini is not able to write just now (HTTP {status}).",
            code="WRITER_UNAVAILABLE",
            after=retry_after(headers),
        )
    return Reject(f"Gemini refuses this request (HTTP {status}).", code="WRITER_REFUSED")


def _quota(details: Sequence[Mapping[str, Any]], headers: Mapping[str, str]) -> Retry:
    if any("PerDay" in str(violation) for violation in _of_kind(details, "QuotaFailure")):
        # RetryInfo says seconds even then; asking before the reset is only refused again.
        return Retry(
            "Gemini's quota for the day is used up; it is renewed at midnight Pacific time. "
            "Wait or raise the quota.",
            code="WRITER_QUOTA_DAY",
            after=math.ceil(until_midnight("America/Los_Angeles")),
        )
    waits = [google_duration(info.get("retryDelay")) for info in _of_kind(details, "RetryInfo")]
    waits.append(retry_after(headers))
    said = [wait for wait in waits if wait is not None]
    return Retry(
        "Gemini takes fewer requests than were made; it will be tried again.",
        code="WRITER_QUOTA",
        after=max(said, default=None),
    )


def _is_about_the_key(details: Sequence[Mapping[str, Any]]) -> bool:
    return any(
        str(info.get("reason", "")).startswith("API_KEY_")
        for info in _of_kind(details, "ErrorInfo")
    )


def _of_kind(details: Sequence[Mapping[str, Any]], kind: str) -> list[Mapping[str, Any]]:
    return [each for each in details if str(each.get("@type", "")).endswith(f".{kind}")]
