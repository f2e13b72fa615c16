"""Errors, named by what happens next.

A child exists only where somebody does something different on meeting it.  The
class docstring is the message when none is given, so that reader, log and user
see one text.
"""

import re
from typing import Any, ClassVar


class RapportError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "ERROR"

    def __init__(self, message: str | None = None, *, code: str | None = None) -> None:
        self.message = message or " ".join((type(self).__doc__ or "").split())
        self.reason_code = code or self.code
        super().__init__(self.message)


class Retry(RapportError):
    """The outside is not able to answer just now; it will be tried again."""

    code = "OUTSIDE_UNAVAILABLE"

    def __init__(
        self, message: str | None = None, *, code: str | None = None, after: float | None = None
    ) -> None:
        """``after`` is the outside's own wish in seconds (Retry-After)."""
        super().__init__(message, code=code)
        self.after = after


class Reject(RapportError):
    """This can never succeed as it stands."""

    code = "REJECTED"


class Unknown(RapportError):
    """The outside may or may not have acted; only the same key may be tried again."""

    code = "OUTCOME_UNKNOWN"

    def __init__(
        self, message: str | None = None, *, code: str | None = None, after: float | None = None
    ) -> None:
        """``after`` as in Retry."""
        super().__init__(message, code=code)
        self.after = after


class Refused(RapportError):
    """A rule of the house said no."""

    code = "REFUSED"

    def __init__(
        self, message: str | None = None, *, code: str | None = None, field: str = ""
    ) -> None:
        """``field`` names the input at fault, dotted (``contact.email``)."""
        super().__init__(message, code=code)
        self.field = field


class NotFound(Refused):
    """There is no such thing here."""

    code = "NOT_FOUND"


class Conflict(Refused):
    """Somebody else was first; read it again and decide anew."""

    code = "CONFLICT"


class Forbidden(RapportError):
    """Your role does not allow this."""

    code = "FORBIDDEN"


_SECRETS = re.compile(r"(re_|whsec_|AIza|rpt_|Bearer\s+)[A-Za-z0-9_\-./+=]{6,}")


def without_secrets(text: str) -> str:
    """Return a text with every key and token in it cut short."""
    return _SECRETS.sub(r"\1…", text)


def in_a_line(text: Any, limit: int = 500) -> str:
    """Return an outside party's text fit for a row or a person: no keys, one bounded line."""
    return without_secrets(" ".join(str(text).split()))[:limit]
