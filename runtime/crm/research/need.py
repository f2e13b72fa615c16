"""Need: whether anything is looked up before a mail is written, and where there is to look."""

from datetime import timedelta

import sqlalchemy as sa

from runtime import durations
from runtime.crm import team
from runtime.crm.research import facts, pages, rechecking
from runtime.crm.team import ResearchSettings
from runtime.db import Transaction
from runtime.models import WORDS, AgentKind, Contact, Reply, Task, WebPage


def settings(tx: Transaction) -> ResearchSettings:
    """Return how this workspace's research agent is set."""
    return team.settings_of(team.member(tx, AgentKind.RESEARCH), ResearchSettings)


def before_writing(tx: Transaction, task: Task, contact: Contact) -> timedelta | None:
    """Return how long a task's mail waits for facts; None if none are wanted."""
    if task.research is False:
        return None
    rechecking.recheck(tx, contact)
    chosen = settings(tx)
    if not (task.research or _as_set(tx, chosen, task, contact)):
        return None
    return durations.parse(chosen.wait, field="research.wait")


def timer_name(task: Task) -> str:
    """Return the name of the timer at which a mail no longer waits for facts."""
    return f"research:{task.id}"


def unprepared(tx: Transaction, contact: Contact) -> bool:
    """Tell whether too little is known of a contact, and there is somewhere to look."""
    return _few(tx, settings(tx), contact) and _somewhere_to_look(tx, contact)


def pages_to_read(tx: Transaction, contact: Contact) -> list[WebPage]:
    """Return the listed pages that are to be read for a contact now."""
    chosen = settings(tx)
    fresh = timedelta(days=chosen.fresh_days)
    return pages.unread(tx, contact, fresh=fresh, most=chosen.pages_per_task)


def _as_set(tx: Transaction, chosen: ResearchSettings, task: Task, contact: Contact) -> bool:
    if chosen.before_draft == "TOO_FEW_FACTS":
        looked_at = task.opportunity_id or _somewhere_to_look(tx, contact)
        return bool(looked_at) and _few(tx, chosen, contact)
    return chosen.before_draft == "ALWAYS"


def _few(tx: Transaction, chosen: ResearchSettings, contact: Contact) -> bool:
    return len(facts.told(tx, contact.id)) < chosen.enough_facts


def _somewhere_to_look(tx: Transaction, contact: Contact) -> bool:
    """Tell whether more is known of a contact than a name: else nobody has to be asked."""
    if contact.notes or pages_to_read(tx, contact):
        return True
    answered = sa.exists().where(
        Reply.workspace_id == tx.workspace_id,
        Reply.contact_id == contact.id,
        Reply.kind.in_(WORDS),
    )
    return bool(tx.scalar(sa.select(answered)))
