"""Envelope: what every mailer checks before a mail leaves the house.

A line break in a header value is a second header, a comma in an address a second
recipient: both transports refuse them alike, before anything is sent.
"""

import hashlib
import json
import re
from email.utils import getaddresses

from runtime import headers
from runtime.errors import Reject
from scheduler.integrations import Mail

_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_LONGEST_LINE = 998
"""Characters of a header's line, its name included (RFC 5322)."""
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,76}")
_TAG = re.compile(r"[A-Za-z0-9_-]{1,256}")
_WORD = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_WORD}(\.{_WORD})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_KEY = re.compile(r"[!-~]{1,256}")
_OURS_ALONE = re.compile(
    r"(from|to|cc|bcc|sender|subject|reply-to|date|message-id|mime-version|return-path"
    r"|received|dkim-signature|content-.*|resent-.*)",
    re.IGNORECASE,
)


def refuse_malformed(mail: Mail) -> None:
    """Raise Reject (``MAIL_MALFORMED``) unless the mail is safe to hand to any transport."""
    if not _KEY.fullmatch(mail.idempotency_key):
        raise _malformed("The idempotency key must be 1 to 256 visible ASCII characters.")
    for part, value in _single_lines(mail):
        if wrong := headers.fault(value):
            raise _malformed(f"The {part} {wrong}.")
    _one_address("sender", mail.sender)
    _one_address("recipient", mail.to)
    if mail.reply_to is not None:
        _one_address("reply-to address", mail.reply_to)
    if not mail.subject.strip() or not mail.text.strip():
        raise _malformed("The mail has no subject or no text.")
    if _NO_TEXT.search(mail.text) or _NO_TEXT.search(mail.html or ""):
        raise _malformed("The text contains a control character or half a character.")
    _sound_headers_and_tags(mail)


def content_digest(mail: Mail) -> str:
    """Return SHA-256 (hex) over everything a recipient or provider sees; the key stays out."""
    seen = [mail.sender, mail.to, mail.subject, mail.text, mail.reply_to]
    if mail.html is not None:  # an envelope without it is known by what it was known by before
        seen.append(mail.html)
    return hashlib.sha256(
        json.dumps([*seen, sorted(mail.headers.items()), sorted(mail.tags.items())]).encode()
    ).hexdigest()


def _single_lines(mail: Mail) -> list[tuple[str, str]]:
    return [
        ("sender", mail.sender),
        ("recipient", mail.to),
        ("subject", mail.subject),
        ("reply-to address", mail.reply_to or ""),
        *((f"header {name!r}", value) for name, value in mail.headers.items()),
    ]


def _one_address(part: str, value: str) -> None:
    found = [address for _, address in getaddresses([value])]
    if len(found) != 1 or not _ADDRESS.fullmatch(found[0]) or not _is_whole(value, found[0]):
        raise _malformed(f"The {part} must be exactly one plain e-mail address.")


def _is_whole(value: str, address: str) -> bool:
    """Say whether the value is the address, or ends with it in brackets: Python forgives more."""
    return value.strip() == address or value.rstrip().endswith(f"<{address}>")


def _sound_headers_and_tags(mail: Mail) -> None:
    for name, value in mail.headers.items():
        if not _HEADER_NAME.fullmatch(name):
            raise _malformed("A header has a name that no mail may carry.")
        if _OURS_ALONE.fullmatch(name):
            raise _malformed(f"The header {name!r} is set by the envelope alone.")
        if not value.isascii() or len(f"{name}: {value}") > _LONGEST_LINE:
            raise _malformed(f"The header {name!r} is too long, or not in plain letters.")
    for name, value in mail.tags.items():
        if not (_TAG.fullmatch(name) and _TAG.fullmatch(value)):
            raise _malformed(
                f"The tag {name!r} may hold only ASCII letters, digits, underscores and dashes."
            )


def _malformed(message: str) -> Reject:
    return Reject(message, code="MAIL_MALFORMED")
