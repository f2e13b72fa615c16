"""World: a month at a small company that uses Rapport, played day by day up to the pictures' hour.

Everything comes about as it does in the product: agents write, a person decides, the provider
reports, readers answer.  Time is a fake clock, so that a day takes a tenth of a second.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from unittest import mock

from runtime import clock
from runtime.clock import FakeClock
from runtime.crm import contact_import
from runtime.db import Database
from runtime.desk import drafts, opportunities, research, tasks, workspaces
from runtime.mail import timing, window
from runtime.models import AgentKind, Contact, Draft, DraftStatus, Opportunity
from runtime.operator.demo import people
from tests.fakes.pages import Pages
from tests.fakes.resend import FakeResend
from tests.house import House
from tests.web.pictures import cast, morning
from tests.web.pictures.mail import Post, Silent

ZONE, COUNTRY = "Europe/Copenhagen", "DK"
FIRST = date(2026, 4, 21)
NOW = datetime(2026, 5, 20, 8, 40, tzinfo=UTC)
"""The hour of the pictures; a Wednesday morning."""


@contextmanager
def played(db: Database, folder: Path) -> Iterator[House]:
    """Play the month; within it, time stands at NOW."""
    fake = FakeClock(datetime.combine(FIRST, time(5, 0), UTC))
    clock.use(fake)
    numbers: dict[uuid.UUID, int] = {}

    def drawn(_workspace_id: uuid.UUID, task_id: uuid.UUID, step: int) -> int:
        """Place each step in its day by the number of its task: ids are new in each run."""
        number = numbers.setdefault(task_id, len(numbers))
        return (number * 7 + step * 11) * window.PARTS // 40 % window.PARTS

    try:
        with FakeResend() as resend, mock.patch.object(timing, "draw", drawn):
            month = Month(db, fake, folder, resend)
            month.play()
            yield month.house
    finally:
        clock.use(None)


class Office(House):
    """A house in which a turn and a call take their seconds, so that things stand in order."""

    def take_turns(self) -> int:
        taken = super().take_turns()
        self.clock.advance(3 * taken)
        return taken

    def make_calls(self) -> int:
        made = super().make_calls()
        self.clock.advance(4 * made)
        return made


class Month:
    """The days, and what a person does on them."""

    def __init__(self, db: Database, fake: FakeClock, folder: Path, resend: FakeResend) -> None:
        self.clock = fake
        self.house = Office(
            db,
            fake,
            folder,
            resend_api_key="re_nothing_real",
            resend_api_url=resend.url,
            allow_email_sending=True,
            email_from=f"{cast.PERSON} <clara@bright-start.example>",
            postal_address=f"{cast.COMPANY}\nHavnegade 12, 8000 Aarhus",
        )
        self.house.who = cast.PERSON
        self.house.reader = Pages(**cast.PAGES)
        self.post = Post(self.house, resend)

    def play(self) -> None:
        """Play all days but the last, and the morning of the last one."""
        self._begin()
        last = (NOW.date() - FIRST).days
        for day in range(last):
            self._play_day(day)
        self._begin_day(last)
        self._decide()
        morning.play(self.house, self.post)
        self._until(NOW - timedelta(minutes=4))
        self.clock.now = NOW

    def _begin(self) -> None:
        house = self.house
        house.run(
            workspaces.update, name=cast.COMPANY, timezone=ZONE, settings={"country": COUNTRY}
        )
        house.outreach_settings(signature=people.SIGNATURE, tone="warm and plain")
        house.follow_up_settings(
            waits=["P4D", "P5D", "P5D"],
            requireApproval=True,
            windowStart="09:00",
            windowEnd="16:00",
        )
        self._import(people.LIST)

    def _import(self, csv: str) -> None:
        with self.house.tx() as tx:
            contact_import.import_contacts(tx, csv, actor=self.house.who)

    def _meet(self) -> None:
        """Have more people come in, and list the pages that tell of them."""
        self._import(cast.COLLEAGUES)
        for url in cast.PAGES:
            for contact in self._people_of(url):
                self.house.run(research.add_page, url=url, contact_id=contact.id)

    def _begin_day(self, day: int) -> datetime:
        at = datetime.combine(FIRST + timedelta(days=day), time(7, 0), UTC)
        self._until(at)
        if day == cast.MET_ON:
            self._meet()
        for deal in (each for each in cast.DEALS if each.day == day):
            self._add(deal)
        for errand in (each for each in cast.ERRANDS if each.day == day):
            self._assign(errand)
        return at

    def _play_day(self, day: int) -> None:
        at = self._begin_day(day)
        if at.weekday() < 5:
            self._until(at + timedelta(minutes=25 + day * 17 % 60))
            self._decide()
        self._until(at + timedelta(hours=4))
        for answer in (each for each in cast.ANSWERS if each.day == day):
            self.post.answer(answer.email, answer.text, away=answer.away)
        if day == cast.UNSUBSCRIBES_ON:
            self.post.unsubscribe(cast.MEI)
        self._move_deals(day)
        self._until(at + timedelta(hours=9))

    def _until(self, moment: datetime) -> None:
        """Let the hours pass, with what the provider reports of the mails in them."""
        self.house.wait(seconds=(moment - self.clock.now).total_seconds())
        self.post.report(cast.BOUNCES)

    def _assign(self, errand: cast.Errand) -> None:
        house, contact = self.house, self.person(errand.email)
        deals = house.all(Opportunity, Opportunity.contact_id == contact.id)
        house.run(
            tasks.assign,
            agent_id=house.agent(AgentKind.OUTREACH).id,
            contact_id=contact.id,
            instruction=errand.instruction,
            opportunity_id=deals[0].id if deals else None,
        )
        house.wait(minutes=2)

    def _add(self, deal: cast.Deal) -> None:
        self.house.run(
            opportunities.create,
            contact_id=self.person(deal.email).id,
            title=deal.title,
            value=deal.value,
            next_step=deal.next_step,
        )

    def _move_deals(self, day: int) -> None:
        for deal in cast.DEALS:
            for stage in (stage for at, stage in deal.moves if at == day):
                [row] = self.house.all(Opportunity, Opportunity.title == deal.title)
                self.house.run(opportunities.update, opportunity_id=row.id, stage=stage)
        self.house.settle()

    def _decide(self) -> None:
        """Approve what waits, one after another; some wait on."""
        for draft in self.house.all(Draft, Draft.status == DraftStatus.PENDING):
            if draft.to in cast.LAST or (draft.to in cast.HELD_BACK and draft.follow_up_id):
                continue
            if draft.to == cast.IN_DOUBT:
                self._lose(draft)
            else:
                self._approve(draft)
            self.house.wait(minutes=3)

    def _approve(self, draft: Draft) -> None:
        self.house.run(
            drafts.approve,
            draft_id=draft.id,
            fingerprint=self.house.fingerprint(draft),
            acknowledge_stale=True,
        )
        self.house.settle()

    def _lose(self, draft: Draft) -> None:
        """Approve a mail whose fate nobody learns."""
        mailer, self.house.mailer = self.house.mailer, Silent(self.house.mailer)
        self._approve(draft)
        self.house.wait(seconds=30)
        self.house.mailer = mailer

    def _people_of(self, url: str) -> list[Contact]:
        domain = url.split("/")[2]
        return list(self.house.all(Contact, Contact.email.endswith(f"@{domain}")))

    def person(self, email: str) -> Contact:
        """Return a contact."""
        [found] = self.house.all(Contact, Contact.email == email)
        return found
