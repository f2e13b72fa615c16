"""Standing: how far a mail has come on its way, and what it waits for there."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from runtime.crm import calendars, enrolment
from runtime.mail import follow_ups, held
from runtime.models import Draft, FollowUp, FollowUpStatus, SentEmail, Task, TaskStatus


@dataclass(frozen=True, slots=True)
class Standing:
    """What a mail waits for; no ``rule``: only for the gate.  ``over``: not even for that."""

    rule: str | None = None
    detail: str = ""
    until: datetime | None = None
    remedy: str | None = None
    over: bool = False


_ON_ITS_WAY = Standing()
_OUT = Standing(over=True)
_UNKNOWN = Standing(
    "outcome_unknown",
    "It may have left already: nobody knows, and so it must not be sent again.",
    remedy="Look into the provider's log, then settle the question (resolveEscalation).",
    over=True,
)

_TASK = {
    TaskStatus.QUEUED: Standing("queued", "The outreach agent has not taken the task up yet."),
    TaskStatus.WORKING: Standing("writing", "The mail is still being written."),
    TaskStatus.SENDING: _ON_ITS_WAY,
    TaskStatus.COMPLETED: _OUT,
    TaskStatus.ESCALATED: _OUT,
    TaskStatus.CANCELLED: Standing(
        "cancelled", "The task was cancelled.", remedy="Assign a new task.", over=True
    ),
}
_STEP = {
    FollowUpStatus.DRAFTING: Standing("writing", "The follow-up is still being written."),
    FollowUpStatus.SENDING: _ON_ITS_WAY,
    FollowUpStatus.SENT: _OUT,
    FollowUpStatus.UNKNOWN: _UNKNOWN,
}
_ENDED = (FollowUpStatus.CANCELLED, FollowUpStatus.SKIPPED)


def of_task(task: Task, draft: Draft | None, mail: SentEmail | None) -> Standing:
    """Return where a task's first mail stands."""
    if task.status is TaskStatus.QUEUED and task.queued_after_id is not None:
        return Standing(
            "queued_after",
            f"It begins when task {enrolment.name(task.queued_after_id)} is over: that one writes "
            "to the same contact.",
            remedy="Wait, or cancel that task (cancelTask).",
        )
    if task.status in _TASK:
        return _TASK[task.status]
    if task.status is TaskStatus.AWAITING_APPROVAL:
        return _undecided(draft)
    if task.status is TaskStatus.BLOCKED and task.error_code == "OUTCOME_UNKNOWN":
        return _UNKNOWN
    retry = "Put the cause right, then have it tried again (retryTask)."
    return _stopped(task.status, task.error_message, mail, retry)


def of_follow_up(
    step: FollowUp, draft: Draft | None, mail: SentEmail | None, now: datetime
) -> Standing:
    """Return where a step stands."""
    if step.status in _STEP:
        return _STEP[step.status]
    if step.status is FollowUpStatus.SCHEDULED:
        return _scheduled(step, now)
    if step.status is FollowUpStatus.AWAITING_APPROVAL:
        return _undecided(draft, _overdue(step, now))
    if step.status is FollowUpStatus.PAUSED:
        by = (
            f" by {step.paused_by} since {step.paused_at:%Y-%m-%d %H:%M} UTC"
            if step.paused_at
            else ""
        )
        why = f"It is paused{by}: {step.reason}" if step.reason else f"It is paused{by}."
        return Standing("paused", why, remedy="Have it go on (resumeFollowUp).")
    if step.status in _ENDED:
        ended = step.status.value.lower()
        return Standing(ended, f"It was {ended}. {step.reason or ''}".rstrip(), over=True)
    retry = "Put the cause right, then have it go on (resumeFollowUp)."
    return _stopped(step.status, step.reason, mail, retry)


def _scheduled(step: FollowUp, now: datetime) -> Standing:
    if step.due_at <= now:
        return Standing("queued", "It is due; the follow-up agent has not taken it up yet.")
    which = f"Follow-up {step.step} of {step.max_steps} is not due yet.{_days(step)}"
    return Standing("scheduled", which, step.due_at, "Wait, or move it (rescheduleFollowUp).")


def _days(step: FollowUp) -> str:
    """Return why a step is due on its day and on none before it."""
    skipped = [
        f"{each['why']} ({each['day']})"
        for each in step.skipped
        if not calendars.is_weekend(each["why"])
    ]
    return f" Skipped: {', '.join(skipped)}; calendar: {step.calendar}." if skipped else ""


def _overdue(step: FollowUp, now: datetime) -> str:
    """Return why a step is undecided past its time, if it is; approved, it goes when it may."""
    late = f" {step.reason}" if step.reason else ""
    if not follow_ups.is_overdue(step, now):
        return late
    return f"{late} It was due at {step.due_at:%Y-%m-%d %H:%M} UTC."


def _undecided(draft: Draft | None, more: str = "") -> Standing:
    version = f"Version {draft.version}" if draft else "The draft"
    return Standing(
        "approval",
        f"{version} waits for a person's decision.{more}",
        remedy="Read it, then approve, edit or reject it (approveDraft, editDraft, rejectDraft).",
    )


def _stopped(status: StrEnum, why: str | None, mail: SentEmail | None, retry: str) -> Standing:
    if status == "FAILED":
        return Standing("failed", f"It failed: {why}", remedy=retry)
    if mail is not None and held.only_wants_leave(mail):
        return Standing(
            "held",
            "It was approved while real sending was off, and is held until somebody releases it.",
            remedy="See what is held, then release it (previewHeldEmails, releaseHeldEmails).",
        )
    return Standing("blocked", f"The gate stopped it: {why}", remedy=retry)
