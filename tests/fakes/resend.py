"""A Resend that remembers and misbehaves.

Keys are remembered with their content, as the real one does for a day: the same again
is the same id and no second mail, other content is a 409, and a key whose first call is
still running is a 409 too.  ``accepted`` is what a postman would carry, each mail once.
"""

import json
import uuid
from collections import deque
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from runtime import clock
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
    "testing": (403, "validation_error", "You can only send testing emails to ada@mail.test."),
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
    daily, monthly, key, restricted, domain, testing, from, recipient, security,
    concurrent, conflict.

    Looks at mails (GET) are kept apart: in ``looks``, with faults of their own from
    ``fail_looks``, and ``unnamed`` among them: the carrier has not named the mail yet.
    """

    faults_known = frozenset(
        {"html", "drop", "broken", "no_id", "hang", "reset", "slow", "unnamed", *_REFUSALS}
    )

    def __init__(self, port: int = 0, *, delay: float = 0.0, log: Path | None = None) -> None:
        super().__init__(port, delay=delay)
        self.accepted: list[dict[str, Any]] = []
        self.looks: list[Request] = []
        """What was asked by GET; ``requests`` has the mails handed over, and nothing else."""
        self._faulty_looks: deque[Fault] = deque()
        self.listing: str | None = None
        """How the list fails until told otherwise: a fault by name, or a status."""
        self.shows_tags = False
        self.said_always: dict[str, str] = {}
        """Headers of every answer, as of a rate limit."""
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
            return self._trouble(fault) or self._look_up(request.path, fault.name if fault else "")
        if request.path != "/emails":
            return _error(404, "not_found", "The requested endpoint does not exist.")
        refused = self._trouble(fault) or _invalid(request)
        return refused or self._in_its_turn(request, fault)

    def fail_looks(self, *faults: str) -> None:
        """Append faults to the script of looks, one for each look to come."""
        with self.lock:
            self._faulty_looks.extend(self.parse(*faults))

    def handle(self, request: Request) -> Reply:
        if request.method != "GET":
            reply = super().handle(request)
            return replace(reply, headers={**self.said_always, **reply.headers})
        with self.lock:
            self.looks.append(request)
            fault = self._faulty_looks.popleft() if self._faulty_looks else None
        return self.answer(request, fault)

    def _trouble(self, fault: Fault | None) -> Reply | None:
        """Return what is said instead of what was asked for."""
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
        return None

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
        mail["created_at"] = clock.now().isoformat(sep=" ")
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

    def _look_up(self, path: str, fault: str) -> Reply:
        if fault == "hang":
            self.wait(None)
        if fault in {"hang", "drop"}:
            raise Dropped
        address, _, query = path.partition("?")
        with self.lock:
            mails = list(reversed(self.accepted))
        if address == "/emails":
            return self._list_refused() or Reply(200, _page(mails, dict(parse_qsl(query))))
        found = [mail for mail in mails if address == f"/emails/{mail['id']}"]
        if not found:
            return _error(404, "not_found", "Email not found")
        told = _known(found[0], whole=True, tags=self.shows_tags)
        return Reply(200, told | ({"message_id": None} if fault == "unnamed" else {}))

    def _list_refused(self) -> Reply | None:
        if self.listing is None:
            return None
        status, *said = _REFUSALS.get(self.listing) or (
            int(self.listing),
            "application_error",
            "Something went wrong",
        )
        return _error(status, *said)


def _page(mails: list[dict[str, Any]], asked: dict[str, str]) -> dict[str, Any]:
    ids = [mail["id"] for mail in mails]
    start = ids.index(asked["after"]) + 1 if "after" in asked else 0
    end = start + int(asked.get("limit", "10"))
    data = [_known(mail) for mail in mails[start:end]]
    return {"object": "list", "has_more": end < len(mails), "data": data}


def _known(mail: dict[str, Any], *, whole: bool = False, tags: bool = False) -> dict[str, Any]:
    """Return what is told of a mail: in the list its outside, by itself its text as well."""
    told = {name: mail.get(name) for name in ("id", "from", "to", "subject", "created_at")}
    told |= {"message_id": f"<{mail['id']}@mail.test>", "last_event": "delivered"}
    if whole:
        told |= {"object": "email", "text": mail.get("text"), "html": mail.get("html")}
    return told | ({"tags": mail.get("tags", [])} if tags else {})


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
