"""Fetched: what it means that a mail which came in could not be got.

Looking changes nothing at the provider, so there is no doubt here, only later.  What a
person has to put right, such as a key that may only send, is waited for as long as it
takes: the provider keeps the mail meanwhile.
"""

from runtime.errors import RapportError, Reject, Retry

_PERSON_SECONDS = 900.0
_GONE = "Resend has no such mail that came in."
_KEY = "Resend lets this key fetch no mail that came in. Give RESEND_API_KEY full access."
_WORDS = "Resend did not hand over a mail that came in; it will be asked again."


def not_fetched(trouble: RapportError) -> RapportError:
    """Return the error to raise instead of one that speaks of a mail being sent."""
    code = trouble.reason_code
    if code == "MAIL_API_NOT_FOUND":
        return Reject(_GONE, code="RECEIVED_MAIL_GONE")
    if code in {"MAIL_KEY_INVALID", "MAIL_KEY_RESTRICTED"}:
        return Retry(_KEY, code=code, after=_PERSON_SECONDS)
    after = getattr(trouble, "after", None)
    return Retry(_WORDS, code="RECEIVED_MAIL_UNAVAILABLE", after=after)
