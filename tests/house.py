"""House: a whole workspace in a test's hand, with builders that give every default.

``settle`` runs turns, calls and due timers until nothing is due, in this thread
and in this workspace only.  Time is a fake clock: a test moves it, nobody sleeps.
"""

import email
import email.policy
import itertools
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from agents import team
from runtime import timers
from runtime.actors import turns
from runtime.clock import FakeClock
from runtime.crm import team as roster
from runtime.crm import workspaces
from runtime.crm.enrolment import IfEnrolled
from runtime.db import Database, Transaction
from runtime.desk import agents as desk_agents
from runtime.desk import contacts, drafts, opportunities, tasks
from runtime.mail import bindings
from runtime.models import (
    Agent,
    AgentKind,
    Base,
    Call,
    CallStatus,
    Contact,
    Draft,
    Escalation,
    Event,
    FollowUp,
    Message,
    MessageStatus,
    Opportunity,
    Priority,
    SentEmail,
    Task,
)
from runtime.settings import Settings
from scheduler import integrations, performing
from scheduler.integrations import Mailer, Writer
from scheduler.integrations.web import Reader
from scheduler.performing import Hands
from scheduler.postman import Postman
from tests.fakes.pages import NoWeb

Row = TypeVar("Row", bound=Base)

_numbers = itertools.count(1)
_STEPS = 200
"""More rounds than any story needs; beyond it something goes in circles."""


class House:
    """One workspace, its people and its clock."""

    who = "Ada"
    expects_mail = False
    """Whether ``settle`` looks for mail that came in, which costs it a statement each time."""

    def __init__(self, db: Database, clock: FakeClock, folder: Path, **settings: Any) -> None:
        self.db, self.clock = db, clock
        defaults: dict[str, Any] = {"rapport_data_dir": folder, "retry_base_seconds": 1.0}
        self.settings = Settings(**(defaults | settings))
        self.mailer: Mailer = integrations.mailer(self.settings)
        self.writer: Writer = integrations.writer(self.settings)
        self.reader: Reader = NoWeb()
        self.workspace_id = workspaces.create(db, f"Test {next(_numbers)} {uuid.uuid4()}")
        self._team = {agent.kind: agent for agent in team()}

    # Doing.

    def run(self, command: Any, **fields: Any) -> Any:
        """Carry out a command of the desk as this house's person."""
        return self.db.run(self.workspace_id, lambda tx: command(tx, who=self.who, **fields))

    def settle(self) -> None:
        """Run turns, calls and due timers until nothing is due."""
        for _ in range(_STEPS):
            busy = self._fire_timers() or self.take_turns() or self.make_calls()
            if not (busy or (self.expects_mail and self.fetch_mail())):
                return
        raise AssertionError("the house does not settle")

    def take_turns(self) -> int:
        """Take turns until every mailbox is empty of what is due; return how many."""
        taken, agent_id = 0, None
        while agent_id := self._next_mailbox(agent_id):
            while turns.take(self.db, self._team, self.workspace_id, agent_id):
                taken += 1
        return taken

    def make_calls(self) -> int:
        """Make every call that is due once; return how many."""
        due = self._due_calls()
        claimed = performing.claim(self.hands, self.workspace_id, due) if due else []
        for call in sorted(claimed, key=lambda each: each.id):  # SQL promises no order
            performing.perform(self.hands, call)
        return len(claimed)

    def fetch_mail(self) -> int:
        """Fetch every mail that has come in and is due, whomever it is for; return how many."""
        postman = Postman(self.hands)
        return sum(iter(postman.once, False))

    def wait(self, **length: float) -> None:
        """Let time pass, to the second if need be, with everything happening in its order."""
        end = self.clock.now + timedelta(**length)
        self.settle()
        while (moment := self._next_moment()) is not None and moment <= end:
            self.clock.now = max(self.clock.now, moment)
            self.settle()
        self.clock.now = end
        self.settle()

    def skip(self, **length: float) -> None:
        """Let time pass while nobody is at work, then have happen what is due by then.

        For the long hours of which a test says nothing: a mail before a switch is looked at
        again and again, and ``wait`` makes each look.
        """
        self.clock.now += timedelta(**length)
        self.settle()

    @property
    def hands(self) -> Hands:
        """What this house's worker works with."""
        return Hands(self.db, self.settings, self.mailer, self.writer, self.reader)

    # Making.

    def a_contact(self, **fields: Any) -> Contact:
        """Add a contact."""
        number = next(_numbers)
        given = {"email": f"person{number}@example.org", "name": f"Person {number}"} | fields
        contact: Contact = self.run(contacts.create, **given)
        return contact

    def a_task(
        self,
        *,
        contact: Contact | None = None,
        instruction: str = "Invite this contact to the pilot.",
        priority: Priority = Priority.NORMAL,
        if_enrolled: IfEnrolled = IfEnrolled.REFUSE,
    ) -> Task:
        """Assign a task to the outreach agent; nothing has happened about it yet."""
        task: Task = self.run(
            tasks.assign,
            agent_id=self.agent(AgentKind.OUTREACH).id,
            contact_id=(contact or self.a_contact()).id,
            instruction=instruction,
            priority=priority,
            if_enrolled=if_enrolled,
        )
        return task

    def an_opportunity(self, *, contact: Contact | None = None, **fields: Any) -> Opportunity:
        """Add a deal with somebody."""
        given = {"title": "Pilot of the compiler course"} | fields
        deal: Opportunity = self.run(
            opportunities.create, contact_id=(contact or self.a_contact()).id, **given
        )
        return deal

    def a_drafted_task(self, **fields: Any) -> Task:
        """Assign a task and let it come to its draft."""
        task = self.a_task(**fields)
        self.settle()
        return self.fresh(task)

    def a_sent_task(self, **fields: Any) -> Task:
        """Assign a task, approve its draft and let the mail leave."""
        task = self.a_drafted_task(**fields)
        self.approve(task)
        self.settle()
        return self.fresh(task)

    def approve(self, task: Task, **known: Any) -> Draft:
        """Approve the newest version of a task's first mail, as it reads now."""
        draft = self.draft(task)
        approved: Draft = self.run(
            drafts.approve, draft_id=draft.id, fingerprint=self.fingerprint(draft), **known
        )
        return approved

    def follow_up_settings(self, **settings: Any) -> None:
        """Set the follow-up agent (camelCase keys)."""
        self._set(AgentKind.FOLLOW_UP, settings)

    def outreach_settings(self, **settings: Any) -> None:
        """Set the outreach agent (camelCase keys)."""
        self._set(AgentKind.OUTREACH, settings)

    def planning_settings(self, **settings: Any) -> None:
        """Set the planning agent (camelCase keys)."""
        self._set(AgentKind.PLANNING, settings)

    def research_settings(self, **settings: Any) -> None:
        """Set the research agent (camelCase keys)."""
        self._set(AgentKind.RESEARCH, settings)

    # Looking.

    def agent(self, kind: AgentKind) -> Agent:
        """Return the agent of a kind as it is now."""
        with self.db.transaction(self.workspace_id) as tx:
            return roster.member(tx, kind)

    def all(self, model: type[Row], *where: sa.ColumnElement[bool]) -> Sequence[Row]:
        """Return this workspace's rows of a table, the oldest first."""
        order = sa.inspect(model).primary_key[-1]
        with self.db.transaction(self.workspace_id) as tx:
            return tx.scalars(sa.select(model).where(*where).order_by(order)).all()

    def fresh(self, row: Row) -> Row:
        """Return a row as it is now."""
        with self.db.transaction(self.workspace_id) as tx:
            return tx.get_one(type(row), (self.workspace_id, row.id))  # type: ignore[attr-defined]

    def draft(self, task: Task) -> Draft:
        """Return the newest version of a task's first mail."""
        found = self.all(Draft, Draft.task_id == task.id, Draft.follow_up_id.is_(None))
        return max(found, key=lambda draft: draft.version)

    def fingerprint(self, draft: Draft) -> str:
        """Return the fingerprint that a reader of a draft is given now."""
        with self.tx() as tx:
            return bindings.fingerprints(tx, [draft])[0]

    def follow_ups(self, task: Task) -> Sequence[FollowUp]:
        """Return a task's steps, the first first."""
        return sorted(self.all(FollowUp, FollowUp.task_id == task.id), key=lambda f: f.step)

    def sent(self, task: Task) -> Sequence[SentEmail]:
        """Return a task's rows of the sent table, the oldest first."""
        return self.all(SentEmail, SentEmail.task_id == task.id)

    def escalations(self) -> Sequence[Escalation]:
        """Return what waits for a person."""
        return self.all(Escalation, Escalation.resolved_at.is_(None))

    def events(self, prefix: str = "") -> list[str]:
        """Return the types of what happened, in order."""
        return [event.type for event in self.all(Event) if event.type.startswith(prefix)]

    def dead_letters(self) -> Sequence[Message]:
        """Return the messages nobody could handle."""
        return self.all(Message, Message.status == MessageStatus.DEAD)

    def mails(self) -> list[EmailMessage]:
        """Return the mails in the sandbox outbox, in the order they were written."""
        files = sorted(
            (self.settings.rapport_data_dir / "outbox").glob("*.eml"),
            key=lambda file: file.stat().st_mtime_ns,
        )
        return [
            email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            for file in files
        ]

    def tx(self) -> Any:
        """Open a transaction in this workspace."""
        return self.db.transaction(self.workspace_id)

    def _set(self, kind: AgentKind, settings: dict[str, Any]) -> None:
        self.run(desk_agents.update, agent_id=self.agent(kind).id, settings={kind: settings})

    def _fire_timers(self) -> int:
        return len(self.db.run(self.workspace_id, _fire))

    def _next_mailbox(self, after: uuid.UUID | None) -> uuid.UUID | None:
        """Return the next agent, in the order of ids, who has something due; all have turns."""
        due = sa.select(Message.recipient_id).where(
            Message.status == MessageStatus.READY, Message.available_at <= self.clock.now
        )
        if after is not None:
            due = due.where(Message.recipient_id > after)
        with self.tx() as tx:
            found: uuid.UUID | None = tx.scalar(due.order_by(Message.recipient_id).limit(1))
            return found

    def _due_calls(self) -> list[uuid.UUID]:
        now = self.clock.now
        planned = (Call.status == CallStatus.PLANNED) & (Call.available_at <= now)
        abandoned = (Call.status == CallStatus.STARTED) & (Call.lease_until < now)
        with self.tx() as tx:
            return list(tx.scalars(sa.select(Call.id).where(planned | abandoned)))

    def _next_moment(self) -> datetime | None:
        """Return when something is due next: a timer, a call's or a message's next try."""
        with self.db.transaction(self.workspace_id) as tx:
            moments = [
                tx.scalar(sa.text("SELECT min(due_at) FROM timers")),
                tx.scalar(sa.text("SELECT min(available_at) FROM outbox WHERE status = 'PLANNED'")),
                tx.scalar(sa.text("SELECT min(available_at) FROM messages WHERE status = 'READY'")),
            ]
        return min((m for m in moments if m is not None and m > self.clock.now), default=None)


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    """Return a mail's text, footer included; ``kind`` html: as a page."""
    part = mail.get_body((kind,))
    assert part is not None
    text: str = part.get_content()
    return text.replace("\r\n", "\n")


def _fire(tx: Transaction) -> list[Any]:
    return list(timers.fire(tx))
