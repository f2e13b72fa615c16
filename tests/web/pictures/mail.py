"""Mail: what becomes of a mail outside: delivered, sent back, answered or never heard of."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from runtime import arrivals
from runtime.errors import Reject, Unknown
from runtime.mail import delivery, reports, tokens, unsubscribing
from runtime.mail.unsubscribing import Way
from runtime.models import Contact, DeliveryStatus, SentEmail
from scheduler.integrations import Accepted, Mail
from tests.fakes.mailers import Unlisted
from tests.fakes.resend import FakeResend
from tests.fakes.webhooks import body, bounce
from tests.house import House

_ABSENT = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}


class Silent(Unlisted):
    """Takes mail and says nothing of it, neither then nor when it is asked."""

    def send(self, mail: Mail) -> Accepted:  # noqa: ARG002 - a mailer's signature
        raise Unknown("The connection broke.")

    def fetch(self, email_id: str) -> Mapping[str, Any]:
        raise Reject(f"There is no mail {email_id}.")


@dataclass(frozen=True)
class Post:
    """The provider and the readers' mail programs behind it."""

    house: House
    resend: FakeResend

    def report(self, bounces: str) -> None:
        """Report on each mail that left since the last time; those to ``bounces`` come back."""
        for mail in self.house.all(SentEmail, SentEmail.status == DeliveryStatus.SENT):
            dead = mail.to == bounces
            type_, data = ("email.bounced", bounce("Permanent")) if dead else (_DELIVERED, {})
            at = mail.sent_at or self.house.clock.now
            told = reports.read(body(mail, type_, at=at + timedelta(seconds=20), **data))
            told = replace(told, known_as=f"<{mail.id}@bright-start.example>")
            with self.house.tx() as tx:
                delivery.take(tx, f"msg_{mail.id}", told)
        self.house.settle()

    def answer(self, email: str, text: str, *, away: bool = False) -> None:
        """Have somebody answer the last mail that they got."""
        mail = self.house.all(SentEmail, SentEmail.to == email)[-1]
        [contact] = self.house.all(Contact, Contact.email == email)
        self.comes(
            f"{contact.name} <{email}>",
            mail.subject if mail.subject.startswith("Re:") else f"Re: {mail.subject}",
            f"{text}\n\nOn {mail.sent_at:%d %b %Y}, we wrote:\n> {mail.subject}",
            headers={"In-Reply-To": str(mail.message_id)} | (_ABSENT if away else {}),
        )

    def unsubscribe(self, email: str) -> None:
        """Have somebody press the button that their mail program shows beside our mail."""
        mail = self.house.all(SentEmail, SentEmail.to == email)[-1]
        with self.house.tx() as tx:
            token = tokens.token(tx, mail.draft_id, tokens.UNSUBSCRIBE)
            unsubscribing.take(tx, token, Way.ONE_CLICK)
        self.house.settle()

    def comes(self, sender: str, subject: str, text: str, **more: Any) -> None:
        """Have a mail come in and be dealt with."""
        now = self.house.clock.now
        told = {"from": sender, "subject": subject, "text": text, "created_at": str(now)}
        email_id = self.resend.receive(**told, **more)
        with self.house.db.house() as connection:
            arrivals.note(
                connection,
                provider_email_id=email_id,
                svix_id=f"msg_{email_id}",
                meant_for=self.house.workspace_id,
                received_at=now,
                now=now,
            )
        self.house.fetch_mail()
        self.house.settle()


_DELIVERED = "email.delivered"
