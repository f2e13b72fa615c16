"""Mailbox: what the people in the story do with the mail they get.

They read the sandbox's outbox, as their mail programs would, and answer into its inbox.
"""

import urllib.request
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import formatdate, make_msgid, parseaddr
from pathlib import Path
from urllib.parse import urlencode

from runtime.operator.demo.api import StepFailedError


class Mailbox:
    """The mail of everybody in the story."""

    def __init__(self, folder: Path) -> None:
        """``folder``: the product's data directory."""
        self._outbox, self._inbox = folder / "outbox", folder / "inbox"

    def last_for(self, email: str) -> EmailMessage:
        """Return the newest mail that somebody got."""
        files = sorted(self._outbox.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        for file in reversed(files):
            letter = message_from_bytes(file.read_bytes(), policy=default)
            if parseaddr(str(letter["To"]))[1] == email:
                return letter
        raise StepFailedError(f"there is no mail to {email}")

    def answer(self, email: str, text: str, **headers: str) -> None:
        """Answer the newest mail that somebody got, quoting it as mail programs do."""
        letter = self.last_for(email)
        reply = EmailMessage()
        reply["From"], reply["To"] = str(letter["To"]), str(letter["From"])
        reply["Subject"] = f"Re: {letter['Subject']}"
        reply["In-Reply-To"] = str(letter["Message-ID"])
        reply["Message-ID"], reply["Date"] = make_msgid(domain="mail.example"), formatdate()
        for name, value in headers.items():
            reply[name.replace("_", "-")] = value
        body = letter.get_body(("plain",))
        quoted = "\n".join(f"> {line}" for line in str(body and body.get_content()).splitlines())
        reply.set_content(f"{text}\n\n{letter['From']} wrote on {letter['Date']}:\n{quoted}\n")
        self._inbox.mkdir(exist_ok=True)
        aside = self._inbox / f"{email.partition('@')[0].replace('.', '-')}.part"
        aside.write_bytes(reply.as_bytes())
        aside.rename(aside.with_suffix(".eml"))

    def unsubscribe(self, email: str) -> None:
        """Press the button that a mail program shows beside the newest mail (RFC 8058)."""
        letter = self.last_for(email)
        link = str(letter["List-Unsubscribe"]).partition("<http")[2].partition(">")[0]
        if not link or "One-Click" not in str(letter["List-Unsubscribe-Post"]):
            raise StepFailedError(f"the mail to {email} has no one-click link")
        body = urlencode({"List-Unsubscribe": "One-Click"}).encode()
        with urllib.request.urlopen(f"http{link}", data=body, timeout=15) as answer:  # noqa: S310 - our own link, on this machine
            if answer.status != 200:
                raise StepFailedError(f"unsubscribing answered {answer.status}")
