"""Refusals: what Resend's noes mean to us.

One table from status and error name to what happens next, with a sentence for the
person who has to act.  Resend's own message is never repeated: it may quote the
recipient.
"""

import re
from collections.abc import Mapping

from runtime.errors import RapportError, Reject, Retry, Unknown
from scheduler.integrations.waiting import retry_after, until_reset

_WAITS = {
    "rate_limit_exceeded": (
        "MAIL_RATE_LIMITED",
        1.0,
        "Resend takes mail more slowly than it was handed over; it will be tried again.",
    ),
}

_QUOTAS = {
    "daily_quota_exceeded": (
        "MAIL_DAILY_QUOTA",
        "The day's quota at Resend is used up. Wait for the next day or raise the plan.",
    ),
    "monthly_quota_exceeded": (
        "MAIL_MONTHLY_QUOTA",
        "The month's quota at Resend is used up. Raise the plan or wait for the next month.",
    ),
}

_NOES = {
    "missing_api_key": (
        "MAIL_KEY_INVALID",
        "Resend did not see an API key. Set RESEND_API_KEY to a valid one.",
    ),
    "invalid_api_key": (
        "MAIL_KEY_INVALID",
        "Resend does not know this API key. Set RESEND_API_KEY to a valid one.",
    ),
    "restricted_api_key": (
        "MAIL_KEY_RESTRICTED",
        "This API key may not send. Give it sending access at Resend or set another one.",
    ),
    "invalid_access": (
        "MAIL_KEY_RESTRICTED",
        "This API key may not send from this domain. Set RESEND_API_KEY to one that may.",
    ),
    "invalid_from_address": (
        "MAIL_FROM_INVALID",
        "Resend does not accept the sender. Set EMAIL_FROM to 'Name <name@your-domain>'.",
    ),
    "invalid_idempotent_request": (
        "IDEMPOTENCY_KEY_REUSED",
        "This idempotency key has already sent a mail with other content.",
    ),
    "invalid_idempotency_key": (
        "MAIL_MALFORMED",
        "Resend does not accept the idempotency key: it must be 1 to 256 characters.",
    ),
    "security_error": (
        "MAIL_REFUSED_FOR_SECURITY",
        "Resend holds this mail to be unsafe and will not send it. Ask their support.",
    ),
    "not_found": (
        "MAIL_API_NOT_FOUND",
        "There is no mail service at RESEND_API_URL. Correct or remove the setting.",
    ),
}
_BY_STATUS = {401: "missing_api_key", 404: "not_found", 405: "not_found", 451: "security_error"}
_FIELD = re.compile(r"`(from|to|reply_to|subject|text|headers|tags)`")


def refusal(status: int, name: str, message: str, headers: Mapping[str, str]) -> RapportError:
    """Return the error to raise for an answer that is no success."""
    after = retry_after(headers)
    if status == 429 and name in _QUOTAS:
        code, sentence = _QUOTAS[name]
        return Retry(sentence, code=code, after=until_reset(headers))
    if status == 429:
        code, usual, sentence = _WAITS.get(name, _WAITS["rate_limit_exceeded"])
        return Retry(sentence, code=code, after=usual if after is None else after)
    if status == 409 and name == "concurrent_idempotent_requests":
        # The first call is still on its way and may succeed: "did not leave" would be a guess.
        return Unknown(
            "Resend is still busy with the first try of this mail.",
            code="MAIL_IN_PROGRESS",
            after=1.0 if after is None else after,
        )
    if status == 408 or status >= 500:
        return Unknown(
            f"Resend failed (HTTP {status}) and did not say whether the mail left.", after=after
        )
    return _no(status, name, message)


def _no(status: int, name: str, message: str) -> Reject:
    if status == 403 and name not in _NOES and re.search(r"\bdomain\b|testing emails", message):
        return Reject(
            "The sender's domain is not verified at Resend. Verify it there or change EMAIL_FROM.",
            code="MAIL_DOMAIN_UNVERIFIED",
        )
    known = _NOES.get(name) or _NOES.get(_BY_STATUS.get(status, ""))
    if known:
        return Reject(known[1], code=known[0])
    return Reject(
        f"Resend refuses this mail{_at_fault(message)} (HTTP {status}). Correct it and try again.",
        code="MAIL_REFUSED",
    )


def _at_fault(message: str) -> str:
    found = _FIELD.search(message)
    return f" because of its {found[1]!r}" if found else ""
