"""A Resend that remembers and misbehaves.

Keys are remembered with their content, as the real one does for a day: the same again
is the same id and no second mail, other content is a 409, and a key whose first call is
still running is a 409 too.  ``accepted`` is what a postman would carry, each mail once.
"""

import json
import uuid
from pathlib import Path
from typing import Any

from tests.fakes.server import Dropped, FakeServer, Fault, Reply, Request


def _error(status: int, name: str, message: str, **headers: str) -> Reply:
    return Reply(
        status,
        {"statusCode": status, "name": name, "message": message},
        {name.replace("_", "-"): value for name, value in headers.items()},
    )


_REFUSALS = {
    "daily": (429, "daily_quota_exceeded", "You have reached your daily email sending quota."),
    "monthly": (429, "monthly_quota_exceeded", "You have reached your monthly sending quota."),
    "key": (403, "invalid_api_key", "API key is invalid"),
    "restricted": (401, "restricted_api_key", "This API key is restricted"),
    "domain": (403, "validation_error", "The mail.test domain is not verified."),
    "from": (422, "invalid_from_address", "Invalid `from` field."),
    "recipient": (422, "validation_error", "Invalid `to` field: ada@mail.test is not allowed."),
    "security": (451, "security_error", "We may have found a security issue with the request."),
    "concurrent": (409, "concurrent_idempotent_requests", "Same key while in progress"),
    "conflict": (409, "invalid_idempotent_request", "Same key used with a different payload"),
}


_RECEIVING = "/emails/receiving/"


class FakeResend(FakeServer):
    """``with FakeResend() as fake``: set RESEND_API_URL to ``fake.url``.

    Faults: ``429[:seconds]``, ``500`` and any other status, ``html:502``, ``drop`` and
    ``broken`` and ``no_id`` (accepted, but the answer is lost), ``hang`` (accepted, never
    answered), ``reset`` (hung up before acceptance), ``slow:seconds``, and by name:
    daily, monthly, key, restricted, domain, from, recipient, security, concurrent, conflict.
    """

    faults_known = frozenset(
        {"html", "drop", "broken", "no_id", "hang", "reset", "slow", *_REFUSALS}
    )

    def __init__(self, port: int = 0, *, delay: float = 0.0, log: Path | None = None) -> None:
        super().__init__(port, delay=delay)
        self.accepted: list[dict[str, Any]] = []
        self.received: dict[str, dict[str, Any]] = {}
        self._log = log
        self._keys: dict[str, tuple[str, str]] = {}
        self._running: set[str] = set()

    def answer(self, request: Request, fault: Fault | None) -> Reply:
        if not request.headers.get("authorization", "").startswith("Bearer re_"):
            return _error(401, "missing_api_key", "Missing API key in the authorization header")
        if request.method == "GET" and request.path.startswith(_RECEIVING):
            return self._received(request.path, fault)
        if request.method == "GET":
            return self._look_up(request.path)
        if request.path != "/emails":
            return _error(404, "not_found", "The requested endpoint does not exist.")
        return self._before(request, fault) or self._in_its_turn(request, fault)

    def _before(self, request: Request, fault: Fault | None) -> Reply | None:
        """Return what is said instead of taking the mail."""
        name = fault.name if fault else ""
        if name == "reset":
            raise Dropped
        if name == "html" and fault:
            return Reply(int(fault.number or 502), b"<h1>Bad</h1>", {"Content-Type": "text/html"})
        if name == "429" and fault:
            seconds = 1 if fault.number is None else fault.number
            return _error(
                429, "rate_limit_exceeded", "Too many requests.", retry_after=f"{seconds:g}"
            )
        if name.isdecimal():
            return _error(int(name), "application_error", "Something went wrong")
        if name in _REFUSALS:
            return _error(*_REFUSALS[name])
        return _invalid(request)

    def _in_its_turn(self, request: Request, fault: Fault | None) -> Reply:
        key = request.headers.get("idempotency-key") or f"no-key-{uuid.uuid4()}"
        with self.lock:
            if key in self._running:
                return _error(*_REFUSALS["concurrent"])
            self._running.add(key)
        try:
            return self._take(key, request, fault)
        finally:
            with self.lock:
                self._running.discard(key)

    def _take(self, key: str, request: Request, fault: Fault | None) -> Reply:
        if fault and fault.name == "slow":
            self.wait(fault.number)
        content = json.dumps(request.body, sort_keys=True)
        with self.lock:
            known_as, known = self._keys.get(key) or (self._accept(key, request.body), content)
            self._keys.setdefault(key, (known_as, known))
        if known != content:
            return _error(*_REFUSALS["conflict"])
        return self._after(known_as, fault.name if fault else "")

    def _accept(self, key: str, body: dict[str, Any]) -> str:
        mail = {"id": str(uuid.uuid4()), "idempotency_key": key, **body}
        self.accepted.append(mail)
        if self._log:
            with self._log.open("a", encoding="utf-8") as file:
                file.write(json.dumps(mail) + "\n")
        return str(mail["id"])

    def _after(self, known_as: str, fault: str) -> Reply:
        """Answer for an accepted mail, or lose the answer."""
        if fault == "hang":
            self.wait(None)
        if fault in {"hang", "drop"}:
            raise Dropped
        if fault == "broken":
            return Reply(200, b'{"id": "')
        return Reply(200, {"object": "email"} if fault == "no_id" else {"id": known_as})

    def receive(self, **fields: Any) -> str:
        """Have a mail come in; return the id that it is announced and fetched under."""
        email_id = str(uuid.uuid4())
        mail: dict[str, Any] = {
            "object": "email",
            "id": email_id,
            "from": "Somebody <somebody@example.org>",
            "to": ["rapport@example.com"],
            "received_for": ["rapport@example.com"],
            "created_at": "2026-03-02 09:00:00.000000+00",
            "subject": "Re: Hello",
            "text": "Hello",
            "html": None,
            "bcc": [],
            "cc": [],
            "reply_to": [],
            "message_id": f"<{email_id}@example.org>",
            "headers": {},
            "attachments": [],
        }
        with self.lock:
            self.received[email_id] = mail | fields
        return email_id

    def _received(self, path: str, fault: Fault | None) -> Reply:
        if fault and fault.name in {"drop", "reset", "hang"}:
            raise Dropped
        if fault and fault.name == "broken":
            return Reply(200, b'{"id": "')
        if fault and fault.name == "html":
            return Reply(int(fault.number or 502), b"<h1>Bad</h1>", {"Content-Type": "text/html"})
        if fault and fault.name in _REFUSALS:
            return _error(*_REFUSALS[fault.name])
        if fault and fault.name.isdecimal():
            return _error(int(fault.name), "application_error", "Something went wrong")
        with self.lock:
            mail = self.received.get(path.removeprefix(_RECEIVING).partition("?")[0])
        return Reply(200, mail) if mail else _error(404, "not_found", "Email not found")

    def _look_up(self, path: str) -> Reply:
        with self.lock:
            mails = [_known(mail) for mail in reversed(self.accepted)]
        if path.partition("?")[0] == "/emails":
            return Reply(200, {"object": "list", "has_more": False, "data": mails[:100]})
        found = [mail for mail in mails if path == f"/emails/{mail['id']}"]
        return Reply(200, found[0]) if found else _error(404, "not_found", "Email not found")


def _known(mail: dict[str, Any]) -> dict[str, Any]:
    message_id = f"<{mail['id']}@mail.test>"
    return {**mail, "object": "email", "message_id": message_id, "last_event": "delivered"}


def _invalid(request: Request) -> Reply | None:
    if not isinstance(request.body, dict):
        return _error(400, "validation_error", "The request body is no JSON object.")
    for field in ("from", "to", "subject"):
        if not request.body.get(field):
            return _error(422, "missing_required_field", f"Missing `{field}` field.")
    if "@" not in request.body["from"]:
        return _error(422, "invalid_from_address", "Invalid `from` field.")
    if len(request.headers.get("idempotency-key", "")) > 256:
        return _error(400, "invalid_idempotency_key", "The key must be between 1-256 chars.")
    return None
