"""What a person may do with held mails: see what releasing them would do, and release them."""

from datetime import datetime

from runtime import mailbox
from runtime.crm import tasks, workspaces
from runtime.db import Transaction
from runtime.errors import Conflict, Refused
from runtime.mail import follow_ups, held
from runtime.mail.held import Release
from runtime.messages import TaskRetried
from runtime.models import AgentKind, FollowUp, FollowUpStatus, SentEmail, Task, TaskStatus
from runtime.settings import Settings


def preview(tx: Transaction, *, settings: Settings) -> Release:
    """Say how many mails are held, and when they would go; no times while none may go."""
    waiting = held.mails(tx)
    if _off(tx, settings):
        return Release(len(waiting))
    return held.release(held.turns(tx, waiting, settings.email_from))


def release(tx: Transaction, *, who: str, expected_count: int, settings: Settings) -> Release:
    """Have the held mails come to the gate again, in their order and spread, if they are so many.

    Each keeps its approval, and the gate has its say about each as about any other.
    """
    if why := _off(tx, settings):
        raise Refused(why, code="SENDING_OFF", field="expectedCount")
    seen = {each.mail.task_id for each in held.mails(tx)}
    locked = tasks.lock(tx, seen)
    # Once more, under the locks: somebody may have released or cancelled meanwhile.
    waiting = [each for each in held.mails(tx) if each.mail.task_id in locked]
    if len(waiting) != expected_count:
        raise Conflict(
            f"{len(waiting)} mails are held now, not {expected_count}: look again, then release.",
            code="COUNT_CHANGED",
            field="expectedCount",
        )
    moments = held.turns(tx, waiting, settings.email_from)
    for each, moment in zip(waiting, moments, strict=True):
        _go_on(tx, locked[each.mail.task_id], each.mail, moment, who=who)
    done = held.release(moments)
    if done.count:
        tx.record(
            "emails.released",
            f"{who} released {done.count} held mails, one each {_pace(tx)} seconds at most.",
            actor=who,
            count=done.count,
            first_at=done.first_at,
            last_at=done.last_at,
        )
    return done


def _pace(tx: Transaction) -> int:
    return workspaces.settings(tx).seconds_per_mail


def _off(tx: Transaction, settings: Settings) -> str | None:
    if settings.email_sending == "BLOCKED":
        return (
            "Real sending is still off: have ALLOW_EMAIL_SENDING=true set where Rapport runs, "
            "then release."
        )
    if workspaces.here(tx).sending_stopped:
        return "Sending is stopped in this workspace: resume it, then release."
    return None


def _go_on(tx: Transaction, task: Task, mail: SentEmail, moment: datetime, *, who: str) -> None:
    summary = f"{who} released the held mail; its turn is at {moment:%Y-%m-%d %H:%M:%S} UTC."
    if mail.follow_up_id is None:
        agent = AgentKind.OUTREACH
        tasks.move(tx, task, TaskStatus.QUEUED, "task.released", summary, actor=who)
    else:
        agent = AgentKind.FOLLOW_UP
        step = tx.get_one(FollowUp, (tx.workspace_id, mail.follow_up_id))
        step.due_at = moment
        follow_ups.move(tx, step, FollowUpStatus.SCHEDULED, actor=who, summary=summary)
    said = TaskRetried(task_id=task.id, follow_up_id=mail.follow_up_id, not_before=moment)
    mailbox.post(tx, said, to=agent, sender=mailbox.PERSON, task=task)
