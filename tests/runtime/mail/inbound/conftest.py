"""A house whose mail goes to, and comes from, a Resend that remembers."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from runtime import arrivals
from runtime.clock import FakeClock
from runtime.db import Database
from runtime.mail import tokens
from runtime.mail.inbound import places
from runtime.models import Contact, SentEmail, Task
from tests.fakes.resend import FakeResend
from tests.house import House


@dataclass
class Post:
    """Somebody's mail program, and the provider behind it."""

    house: House
    resend: FakeResend

    def sent(self, **fields: Any) -> tuple[Contact, Task, SentEmail]:
        """Send a first mail, with a Message-ID of its own."""
        contact = self.house.a_contact(**fields)
        task = self.house.a_sent_task(contact=contact)
        with self.house.tx() as tx:
            mail = tx.get_one(SentEmail, (tx.workspace_id, self.house.sent(task)[0].id))
            mail.message_id = f"<{mail.id}@mail.example.com>"
        return contact, task, self.house.fresh(mail)

    def token(self, mail: SentEmail, purpose: str = tokens.REPLY) -> str:
        """Return the address that leads back to a mail."""
        with self.house.tx() as tx:
            return f"{purpose}+{tokens.token(tx, mail.draft_id, purpose)}@in.example.com"

    def announce(self, email_id: str) -> None:
        """Have the provider announce a mail that came in."""
        now = self.house.clock.now
        with self.house.db.house() as connection:
            arrivals.note(
                connection,
                provider_email_id=email_id,
                svix_id=f"msg_{email_id}",
                meant_for=self.house.workspace_id,
                received_at=now,
                now=now,
            )

    def comes(
        self,
        *,
        sender: str = "somebody@example.org",
        answers: SentEmail | None = None,
        **fields: Any,
    ) -> str:
        """Have a mail come in, be announced and be dealt with; ``answers``: what it refers to."""
        headers = dict(fields.pop("headers", {}))
        if answers is not None:
            headers["In-Reply-To"] = str(answers.message_id)
        at = fields.pop("created_at", self.house.clock.now.isoformat(sep=" "))
        fields |= {"from": sender, "headers": headers, "created_at": at}
        email_id = self.resend.receive(**fields)
        self.announce(email_id)
        self.house.settle()
        return email_id


@pytest.fixture
def alone(post: Post, monkeypatch: pytest.MonkeyPatch) -> Post:
    """The same, in a database that has no other workspace, as far as inbound mail knows."""
    monkeypatch.setattr(places, "only", lambda _db: post.house.workspace_id)
    return post


@pytest.fixture
def post(db: Database, fake_clock: FakeClock, tmp_path: Path) -> Iterator[Post]:
    with FakeResend() as fake:
        house = House(
            db,
            fake_clock,
            tmp_path,
            resend_api_key="re_test",
            resend_api_url=fake.url,
            allow_email_sending=True,
        )
        house.expects_mail = True
        yield Post(house, fake)
