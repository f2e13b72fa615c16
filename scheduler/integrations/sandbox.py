"""Sandbox: mail that leaves nothing but a file, and comes in as one.

One RFC 5322 file per mail in the outbox folder, named by the key, so that a mail
sent again is the same file.  It survives the process, as it is written aside and
published in one step; it is not synced to disk, being no mail anybody waits for.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any

from runtime import clock
from runtime.errors import Reject, Retry
from scheduler.integrations import Accepted, Found, Mail, Sought
from scheduler.integrations.envelope import content_digest, refuse_malformed
from scheduler.integrations.inbox import Inbox

_CONTENT = "X-Rapport-Content"
_PREFIX = "sandbox-"
# Folding would put long unsubscribe links and References into encoded words that nobody decodes.
_UNFOLDED = SMTP.clone(max_line_length=998)


class SandboxMailer:
    """Delivers into a folder; the transport of every deployment without a Resend key."""

    transport = "sandbox"

    def __init__(self, folder: Path, inbox: Path | None = None) -> None:
        """``inbox``: where answers are put; beside ``folder`` if nothing is said."""
        self.folder = folder
        self._inbox = Inbox(inbox or folder.with_name("inbox"))

    def send(self, mail: Mail) -> Accepted:
        """Write the mail's file, or find it there already; see ``Mailer.send``."""
        refuse_malformed(mail)
        digest = _digest(mail.idempotency_key)
        try:
            self._publish(self.folder / f"{digest}.eml", mail)
        except OSError as error:
            raise Retry(
                f"The sandbox outbox cannot be written: {error.strerror}.",
                code="SANDBOX_UNAVAILABLE",
            ) from None
        return Accepted(f"{_PREFIX}{digest}", _message_id(digest))

    def message_id(self, provider_message_id: str) -> str | None:
        """Return the Message-ID in a mail's file; see ``Mailer.message_id``."""
        digest = provider_message_id.removeprefix(_PREFIX)
        known = re.fullmatch("[0-9a-f]{32}", digest) and (self.folder / f"{digest}.eml").exists()
        return _message_id(digest) if known else None

    def find(self, sought: Sought) -> tuple[Found, ...]:
        """Return the mail of this key, if its file is there; see ``Mailer.find``."""
        digest = _digest(sought.idempotency_key)
        there = (self.folder / f"{digest}.eml").exists()
        return (Found(f"{_PREFIX}{digest}", certain=True, at=None),) if there else ()

    def arrived(self) -> Sequence[str]:
        """Return the ids of the files in the inbox; see ``Mailer.arrived``."""
        return self._inbox.arrived()

    def fetch(self, email_id: str) -> Mapping[str, Any]:
        """Read a file of the inbox; see ``Mailer.fetch``."""
        return self._inbox.read(email_id)

    def _publish(self, path: Path, mail: Mail) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, aside = tempfile.mkstemp(dir=self.folder, prefix=".", suffix=".tmp")  # mode 600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_letter(mail, _message_id(path.stem)).as_bytes())
            # A link, unlike a rename, does not replace: of two senders one is told of the other.
            os.link(aside, path)
        except FileExistsError:
            _refuse_other_content(path, mail)
        finally:
            Path(aside).unlink()


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _message_id(digest: str) -> str:
    return f"<{digest}@sandbox.invalid>"


def _letter(mail: Mail, message_id: str) -> EmailMessage:
    letter = EmailMessage(policy=_UNFOLDED)
    letter["From"] = _address(mail.sender)
    letter["To"] = _address(mail.to)
    letter["Subject"] = mail.subject
    if mail.reply_to is not None:
        letter["Reply-To"] = _address(mail.reply_to)
    letter["Message-ID"] = message_id
    letter["Date"] = format_datetime(clock.now())
    letter[_CONTENT] = content_digest(mail)
    for name, value in mail.headers.items():
        letter[name] = value
    for name, value in mail.tags.items():
        letter[f"X-Rapport-Tag-{name}"] = value
    letter.set_content(mail.text)
    if mail.html is not None:
        letter.add_alternative(mail.html, subtype="html")
    return letter


def _address(value: str) -> Address:
    """Return the address in parts, as the library stumbles over unquoted names such as ``.``."""
    name, address = parseaddr(value)
    return Address(name, *address.rsplit("@", 1))


def _refuse_other_content(path: Path, mail: Mail) -> None:
    if message_from_bytes(path.read_bytes())[_CONTENT] != content_digest(mail):
        raise Reject(
            "This idempotency key has already sent a mail with other content.",
            code="IDEMPOTENCY_KEY_REUSED",
        )
