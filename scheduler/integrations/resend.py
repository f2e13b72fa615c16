"""Resend: real mail, through Resend's SDK.

The SDK keeps its key, address and HTTP client in module globals and reports every
network trouble as one error.  So it is given one client of ours for good, which asks
the calling thread whose mail this is, has deadlines, follows no redirects, and tells
trouble before the request left from trouble after it.  Nothing is tried twice here.
"""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

import requests
import resend
from requests.auth import AuthBase
from resend.exceptions import NoContentError, ResendError
from urllib3.exceptions import NameResolutionError, NewConnectionError

from runtime.errors import RapportError, Reject, Retry, Unknown
from runtime.settings import Settings
from scheduler.integrations import Accepted, Found, Mail, Sought, listing
from scheduler.integrations.envelope import refuse_malformed
from scheduler.integrations.fetched import not_fetched
from scheduler.integrations.limiter import Limiter
from scheduler.integrations.refusals import refusal
from scheduler.integrations.wire import Wire, session

T = TypeVar("T")


class ResendMailer:
    """Sends through Resend; many threads and several keys may do so side by side."""

    transport = "resend"

    def __init__(self, settings: Settings, *, connect: float = 5.0, deadline: float = 20.0) -> None:
        """``connect`` and ``deadline`` are seconds, the latter for the whole call."""
        key = settings.resend_api_key
        self.key = key.get_secret_value().strip() if key else ""
        self.url = settings.resend_api_url
        self.connect, self.deadline = connect, deadline
        self.limiter = Limiter()

    def send(self, mail: Mail) -> Accepted:
        """Hand the mail to Resend under its key; see ``Mailer.send``."""
        refuse_malformed(mail)
        with self._line():
            return _accepted(
                resend.Emails.send(_params(mail), {"idempotency_key": mail.idempotency_key})
            )

    def message_id(self, provider_message_id: str) -> str | None:
        """Ask Resend what the carrier named a mail; see ``Mailer.message_id``."""
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,200}", provider_message_id):
            return None
        try:
            with self._line():
                return _named(resend.Emails.get(provider_message_id))
        except Unknown:
            raise Retry(
                "Resend did not say what the mail before this one is known by; nothing has left.",
                code="MAIL_LOOKUP_FAILED",
            ) from None
        except Reject as error:
            if error.reason_code == "MAIL_API_NOT_FOUND":
                return None
            raise

    def find(self, sought: Sought) -> tuple[Found, ...]:
        """Read Resend's list of mails; see ``Mailer.find``."""
        try:
            with self._line():
                return listing.find(sought)
        except Unknown as trouble:
            raise Retry("Resend's list of mails did not arrive.", after=trouble.after) from None
        except Reject as no:
            raise listing.closed(no) from None

    def arrived(self) -> Sequence[str]:
        """Return nothing: Resend announces what comes in; see ``Mailer.arrived``."""
        return ()

    def fetch(self, email_id: str) -> Mapping[str, Any]:
        """Return a mail that came in; see ``Mailer.fetch``."""
        try:
            with self._line():
                mail = resend.Emails.Receiving.get(email_id, {"html_format": "cid"})
        except RapportError as trouble:
            raise not_fetched(trouble) from None
        return dict(mail)

    @contextmanager
    def _line(self) -> Iterator[None]:
        """Have the SDK speak for this mailer, and name its troubles as the house does."""
        if not re.fullmatch(r"[!-~]+", self.key):
            raise refusal(401, "missing_api_key", "", {})
        # Set each time: another user of the SDK in this process may have put its own client there.
        resend.default_http_client = _LINE
        on_the_line = _CALLER.set(self)
        try:
            yield
        except ResendError as error:
            raise _meaning(error) from None
        except _UNREADABLE:
            raise _no_answer() from None
        finally:
            _CALLER.reset(on_the_line)


_CALLER: ContextVar[ResendMailer] = ContextVar("resend_caller")

# What the SDK lets through when a 200 carries something other than an object with text in it.
_UNREADABLE = (NoContentError, AttributeError, TypeError, ValueError, RecursionError)


class _Key(AuthBase):
    """Puts the key in itself, as requests would let a .netrc entry overwrite a plain header."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._key}"
        return request


class _Line(resend.HTTPClient):
    """The SDK's way out: the caller's address and key, whatever the module globals say."""

    def request(  # noqa: PLR0917 - the SDK's signature
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        json: Any = None,
        files: dict[str, Any] | None = None,  # noqa: ARG002 - the SDK's signature
        data: dict[str, str] | None = None,  # noqa: ARG002 - as above
    ) -> tuple[bytes, int, Mapping[str, str]]:
        caller = _CALLER.get()
        time.sleep(caller.limiter.turn())
        try:
            # A connection of its own: one kept open may be closed just as the mail goes into it,
            # and then nobody knows.
            with session(Wire(connect=caller.connect)) as line:
                response = line.request(
                    method,
                    caller.url + url.removeprefix(resend.api_url),
                    headers=headers,
                    json=json,
                    auth=_Key(caller.key),
                    timeout=caller.deadline,
                )
        except requests.RequestException as error:
            raise _trouble(error) from None
        caller.limiter.learn(response.status_code, response.headers)
        return response.content, response.status_code, response.headers


_LINE = _Line()


def _trouble(error: requests.RequestException) -> RapportError:
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    unreached = isinstance(reason, NewConnectionError | NameResolutionError)
    if unreached or isinstance(error, requests.ConnectTimeout | requests.exceptions.ProxyError):
        return Retry("Resend cannot be reached; no mail left.", code="MAIL_UNREACHABLE")
    if "certificate verify failed" in str(reason).lower():
        return Retry("Resend's certificate cannot be trusted; no mail left.", code="MAIL_UNTRUSTED")
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return Reject("RESEND_API_URL is not a web address.", code="MAIL_API_NOT_FOUND")
    return _no_answer()


def _no_answer() -> Unknown:
    return Unknown("Resend was given the mail but its answer did not arrive.")


def _meaning(error: ResendError) -> RapportError:
    """Return our own error again where the SDK wrapped it, else the provider's, translated."""
    if isinstance(error.__context__, RapportError):
        return error.__context__
    status = int(error.code) if str(error.code).isdecimal() else 500
    return refusal(status, str(error.error_type), str(error.message), error.headers)


def _accepted(answer: Mapping[str, Any]) -> Accepted:
    known_as = answer.get("id")
    if not isinstance(known_as, str) or not known_as:
        raise _no_answer()
    return Accepted(known_as)


def _named(mail: Mapping[str, Any]) -> str:
    known_as = mail.get("message_id")
    if not isinstance(known_as, str) or not known_as:
        raise Retry(
            "The mail before this one has not got its Message-ID at Resend yet.",
            code="MAIL_NOT_NAMED_YET",
        )
    return known_as


def _params(mail: Mail) -> resend.Emails.SendParams:
    params: resend.Emails.SendParams = {
        "from": mail.sender,
        "to": [mail.to],
        "subject": mail.subject,
        "text": mail.text,
    }
    if mail.html is not None:
        params["html"] = mail.html
    if mail.reply_to is not None:
        params["reply_to"] = mail.reply_to
    # In one order, whatever order the database gave them back in: under the same key
    # a list in another order is another content, and the provider refuses the retry.
    if mail.headers:
        params["headers"] = dict(sorted(mail.headers.items()))
    if mail.tags:
        params["tags"] = [{"name": name, "value": mail.tags[name]} for name in sorted(mail.tags)]
    return params
