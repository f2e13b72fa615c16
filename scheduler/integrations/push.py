"""Push: one notification to a push service (RFC 8030), signed with our key (RFC 8292).

Nothing is tried twice here.  An endpoint is as good as a key to its browser: none stands in
a log or in an error's text, only the name of its service.
"""

from datetime import timedelta
from email.utils import getaddresses
from typing import Any
from urllib.parse import urlsplit

import orjson
import requests
from py_vapid import Vapid02
from urllib3.exceptions import NameResolutionError, NewConnectionError

from runtime.errors import RapportError, Refused, Reject, Retry, Unknown
from runtime.push import endpoints, keys
from runtime.push.rounds import TOO_OLD, Nudge
from runtime.settings import Settings
from scheduler.integrations.resting import Resting
from scheduler.integrations.sealing import seal
from scheduler.integrations.waiting import retry_after
from scheduler.integrations.wire import Wire, session

_SIGNED_FOR = timedelta(hours=12)
"""Half of what the RFC allows, for clocks that differ."""


class Gone(Reject):
    """The push service no longer knows this browser."""

    code = "PUSH_GONE"


class Pusher:
    """Calls push services; any thread may."""

    def __init__(
        self,
        settings: Settings,
        *,
        check: endpoints.Check | None = None,
        connect: float = 5.0,
        deadline: float = 10.0,
    ) -> None:
        """``check``: which endpoints may be called, those of the settings if not given.

        ``connect`` and ``deadline`` are seconds, the latter for the whole call.
        """
        self._settings, self._check = settings, check or endpoints.check(settings)
        self._connect, self._deadline = connect, deadline
        self._resting = Resting()

    @property
    def server_key(self) -> str:
        """The public key that it signs for.  Raises SettingsError if there can be none."""
        return keys.public(self._settings)

    def push(self, nudge: Nudge) -> None:
        """Hand a notification over, or raise what is to follow.

        Retry: it surely was not taken.  Gone: nor will one be.  Reject: this one will not.
        Unknown: nobody can tell.
        """
        try:
            self._check(nudge.endpoint)
        except Refused as refused:
            raise Reject("Its push service is none that is known here.", code="PUSH_STRANGE") from (
                refused
            )
        _refuse(self._posted(nudge), _service(nudge))

    def _posted(self, nudge: Nudge) -> requests.Response:
        """Call the service, unless it has been hanging of late, and return its answer."""
        name = urlsplit(nudge.endpoint).netloc
        if rest := self._resting.left(name):
            said = f"{_service(nudge)} does not answer, and is left alone for a while."
            raise Retry(said, code="PUSH_RESTING", after=rest)
        try:
            with session(Wire(connect=self._connect)) as line:
                answer = line.post(
                    nudge.endpoint,
                    data=_sealed(nudge),
                    headers=self._headers(nudge),
                    timeout=self._deadline,
                )
        except requests.RequestException as error:
            if not isinstance(error, requests.TooManyRedirects):
                self._resting.hung(name)
            raise _trouble(error, _service(nudge)) from None
        self._resting.answered(name)
        return answer

    def _headers(self, nudge: Nudge) -> dict[str, str]:
        parts = urlsplit(nudge.endpoint)
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int((nudge.at + _SIGNED_FOR).timestamp()),
            "sub": _contact(self._settings),
        }
        # Its own idea of a mail address is narrower than ours, which was asked already.
        signer = Vapid02.from_raw(keys.private(self._settings).encode())
        signer.conf = {"no-strict": True}
        signed: dict[str, str] = signer.sign(claims)
        return signed | {
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(int(TOO_OLD.total_seconds())),
            "Urgency": "normal",
        }


def _sealed(nudge: Nudge) -> bytes:
    text = orjson.dumps(nudge.payload)
    return seal(text, keys.raw(nudge.p256dh), keys.raw(nudge.auth))


def _contact(settings: Settings) -> str:
    """Return whom a push service turns to when something is wrong with what we send."""
    [(_, address)] = getaddresses([settings.email_reply_to or settings.email_from])
    return f"mailto:{address}"


def _service(nudge: Nudge) -> str:
    return urlsplit(nudge.endpoint).hostname or "the push service"


def _refuse(answer: Any, service: str) -> None:
    """Raise what a status means; nothing if the notification was taken."""
    status = answer.status_code
    said = f"{service} answered {status}."
    if status in {200, 201, 202, 204}:
        return
    if status in {404, 410}:
        raise Gone(f"{service} no longer knows it ({status}).")
    if status == 429 or status >= 500:
        raise Retry(said, code="PUSH_UNAVAILABLE", after=retry_after(answer.headers))
    raise Reject(said, code="PUSH_REFUSED")


def _trouble(error: requests.RequestException, service: str) -> RapportError:
    if isinstance(error, requests.TooManyRedirects):
        return Reject(f"{service} would have it taken elsewhere.", code="PUSH_REFUSED")
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    unreached = isinstance(reason, NewConnectionError | NameResolutionError)
    if unreached or isinstance(error, requests.ConnectTimeout | requests.exceptions.ProxyError):
        return Retry(f"{service} cannot be reached.", code="PUSH_UNREACHABLE")
    return Unknown(f"{service} did not answer.", code="PUSH_NO_ANSWER")
