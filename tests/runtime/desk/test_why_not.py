"""Why is it not sent?  Every rule that binds now, until when, and what a person can do."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from runtime.crm import suppression
from runtime.desk import agents, drafts, follow_ups, held, tasks, why_not, workspaces
from runtime.desk.why_not import WhyNot
from runtime.errors import NotFound
from runtime.models import (
    AgentKind,
    Base,
    Contact,
    Draft,
    FollowUp,
    FollowUpStatus,
    Message,
    MessageStatus,
    Task,
    TaskStatus,
    new_id,
)
from tests.fakes import FakeResend
from tests.house import House


def ask(house: House, row: Task | FollowUp) -> list[WhyNot]:
    """Ask about a task or a step, and hold that asking changed nothing."""
    before = snapshot(house)
    with house.tx() as tx:
        if isinstance(row, Task):
            found = why_not.about_task(tx, row.id, settings=house.settings)
        else:
            found = why_not.about_follow_up(tx, row.id, settings=house.settings)
    assert snapshot(house) == before
    assert all(each.detail.endswith((".", "…")) or ":" in each.detail for each in found)
    return found


def snapshot(house: House) -> list[Any]:
    with house.tx() as tx:
        return [
            tx.execute(sa.select(table).order_by(*table.primary_key)).all()
            for table in Base.metadata.sorted_tables
            if table.name not in ("nodes", "access_tokens")
        ]


def rules(house: House, row: Task | FollowUp) -> list[str]:
    return [each.rule for each in ask(house, row)]


def test_a_mail_that_waits_for_facts_says_how_long(house: House) -> None:
    house.research_settings(wait="PT30S")
    house.run(agents.pause, agent_id=house.agent(AgentKind.RESEARCH).id)
    task = house.a_drafted_task(contact=house.a_contact(notes="Likes tea."))

    [waits] = ask(house, task)
    assert (waits.rule, waits.until) == ("facts", house.clock.now + timedelta(seconds=30))
    house.wait(seconds=30)
    assert rules(house, task) == ["approval"]


def first_step(house: House) -> FollowUp:
    """Return a follow-up that is due in an hour."""
    house.follow_up_settings(waits=["PT1H"], businessDaysOnly=False)
    return house.follow_ups(house.a_sent_task())[0]


def pause(house: House, kind: AgentKind = AgentKind.OUTREACH) -> None:
    house.run(agents.pause, agent_id=house.agent(kind).id)


def test_nothing_keeps_back_what_is_out_or_about_to_leave(house: House) -> None:
    task = house.a_drafted_task()
    house.approve(task)
    assert ask(house, task) == []
    house.take_turns()
    assert ask(house, task) == []
    house.settle()
    assert house.fresh(task).status is TaskStatus.COMPLETED
    assert ask(house, task) == []


def test_a_task_that_nobody_has_taken_up_says_so(house: House) -> None:
    task = house.a_task()
    assert rules(house, task) == ["queued"]
    house.take_turns()
    assert rules(house, task) == ["writing"]


def test_a_draft_waits_for_a_persons_decision(house: House) -> None:
    task = house.a_drafted_task()

    [reason] = ask(house, task)

    assert reason.rule == "approval"
    assert reason.detail == "Version 1 waits for a person's decision."
    assert reason.until is None
    assert reason.remedy
    assert "approveDraft" in reason.remedy


def test_every_rule_that_binds_is_told_not_just_the_first(house: House) -> None:
    task = house.a_drafted_task()
    pause(house)
    house.run(workspaces.stop_sending, reason="A wrong list.")
    house.run(drafts.edit, draft_id=house.draft(task).id, body="Dear [First name]")

    found = {each.rule: each for each in ask(house, task)}

    assert list(found) == ["approval", "complete", "agent_active", "kill_switch"]
    assert found["kill_switch"].detail.startswith("Sending is stopped: A wrong list.")
    assert "resumeSending" in str(found["kill_switch"].remedy)
    assert found["agent_active"].until is None, "nobody knows when a person will resume it"
    assert "[First name]" in found["complete"].detail


def test_a_mail_at_the_kill_switch_is_told_apart_from_one_that_is_late(house: House) -> None:
    task = house.a_drafted_task()
    house.approve(task)
    house.run(workspaces.stop_sending, reason="A wrong list.")
    house.settle()
    assert rules(house, task) == ["kill_switch"]

    house.run(workspaces.resume_sending, reason="x")
    assert ask(house, task) == []


def test_a_mail_that_the_gate_stopped_says_why_it_was_and_what_still_binds(house: House) -> None:
    task = house.a_drafted_task()
    contact = house.all(Contact, Contact.id == task.contact_id)[0]
    house.approve(task)
    with house.tx() as tx:
        suppression.suppress(tx, contact.email, reason="They called.", source="person:Ada")
    house.settle()

    blocked, suppressed = ask(house, task)

    assert blocked.rule == "blocked"
    assert blocked.detail == "The gate stopped it: The address is suppressed: They called."
    assert "retryTask" in str(blocked.remedy)
    assert suppressed.rule == "not_suppressed"
    assert "removeSuppression" in str(suppressed.remedy)
    with house.tx() as tx:
        tx.execute(sa.text("DELETE FROM suppressions"))
    assert rules(house, task) == ["blocked"]


def test_a_failed_try_says_when_the_next_one_is(real: House, resend: FakeResend) -> None:
    task = real.a_drafted_task()
    real.approve(task)
    resend.fail_next("500")
    real.settle()

    [reason] = ask(real, task)

    assert reason.rule == "retry"
    assert reason.until
    assert reason.until > real.clock.now
    real.wait(minutes=5)
    assert ask(real, task) == []


def test_an_outcome_that_nobody_knows_is_a_persons_to_settle(
    real: House, resend: FakeResend
) -> None:
    real.outreach_settings(maxAttempts=2)
    task = real.a_drafted_task()
    real.approve(task)
    resend.listing = "restricted"
    resend.fail_next("drop", "drop")
    real.wait(minutes=10)

    [reason] = ask(real, task)

    assert reason.rule == "outcome_unknown"
    assert "resolveEscalation" in str(reason.remedy)


def test_a_held_mail_says_what_to_do_before_and_after_sending_is_on(real: House) -> None:
    real.settings = real.settings.model_copy(update={"allow_email_sending": False})
    first, second = real.a_drafted_task(), real.a_drafted_task()
    for task in (first, second):
        real.approve(task)
    real.settle()
    assert rules(real, first) == ["held", "sending_allowed"]

    real.settings = real.settings.model_copy(update={"allow_email_sending": True})
    [reason] = ask(real, first)
    assert "releaseHeldEmails" in str(reason.remedy)
    real.run(held.release, expected_count=2, settings=real.settings)
    real.take_turns()
    [turn] = ask(real, second)
    assert turn.rule == "turn"
    assert turn.until == real.clock.now + timedelta(seconds=60)


def test_a_failed_and_a_cancelled_task_say_so(house: House) -> None:
    failed, cancelled = house.a_drafted_task(), house.a_drafted_task()
    with house.tx() as tx:
        row = tx.get_one(Task, (house.workspace_id, failed.id))
        row.status, row.error_message = TaskStatus.FAILED, "The writer said no."
    house.run(tasks.cancel, task_id=cancelled.id)

    assert ask(house, failed)[0].detail == "It failed: The writer said no."
    assert rules(house, cancelled) == ["cancelled"]


def test_a_dead_letter_is_a_reason(house: House) -> None:
    task = house.a_task()
    with house.tx() as tx:
        message = tx.scalars(sa.select(Message).where(Message.task_id == task.id)).one()
        message.status, message.error = MessageStatus.DEAD, "Nobody knows what it means."

    found = {each.rule: each for each in ask(house, task)}

    assert "Nobody knows what it means." in found["dead_letter"].detail
    assert "replayMessage" in str(found["dead_letter"].remedy)


def test_a_follow_up_says_when_it_is_due(house: House) -> None:
    step = first_step(house)

    [reason] = ask(house, step)

    assert (reason.rule, reason.until) == ("scheduled", step.due_at)
    assert reason.detail == "Follow-up 1 of 1 is not due yet."
    house.clock.advance(3600)
    assert rules(house, step) == ["queued"]
    house._fire_timers()
    house.take_turns()
    assert rules(house, step) == ["writing"]
    house.wait(minutes=1)
    assert ask(house, step) == []


def test_a_paused_follow_up_says_who_said_so_and_its_agent_too(house: House) -> None:
    step = first_step(house)
    house.run(follow_ups.pause, follow_up_id=step.id, reason="They are on holiday.")
    pause(house, AgentKind.FOLLOW_UP)

    paused, agent = ask(house, step)

    assert paused.detail == "It is paused by Ada since 2026-03-02 09:00 UTC: They are on holiday."
    assert "resumeFollowUp" in str(paused.remedy)
    assert agent.rule == "agent_active"


def test_a_follow_up_before_its_window_says_when_that_opens(house: House) -> None:
    house.follow_up_settings(
        waits=["PT1H"], businessDaysOnly=False, windowStart="09:00", windowEnd="17:00"
    )
    task = house.a_sent_task()
    house.run(workspaces.stop_sending, reason="A wrong list.")
    house.wait(hours=1)
    house.skip(hours=9)
    house.run(workspaces.resume_sending, reason="x")
    house.settle()
    [step] = house.follow_ups(task)
    assert step.status is FollowUpStatus.SENDING

    [reason] = ask(house, step)

    assert reason.rule == "window"
    assert reason.until
    assert (reason.until - house.clock.now).total_seconds() == 14 * 3600


def test_a_follow_up_whose_leave_ended_says_so(house: House) -> None:
    step = first_step(house)
    house.run(workspaces.stop_sending, reason="x")
    house.wait(hours=1)
    house.follow_up_settings(waits=["PT2H"])
    house.run(workspaces.resume_sending, reason="x")
    house.settle()

    found = {each.rule: each.detail for each in ask(house, step)}

    assert list(found) == ["blocked", "approval"]
    assert found["approval"] == "The follow-up settings changed since the approval."


def test_an_ended_and_an_undecided_follow_up_say_so(house: House) -> None:
    house.follow_up_settings(waits=["PT1H"], businessDaysOnly=False, requireApproval=True)
    task = house.a_sent_task()
    house.wait(hours=1)
    [step] = house.follow_ups(task)
    assert rules(house, step) == ["approval"]
    assert len(house.all(Draft, Draft.follow_up_id == step.id)) == 1

    house.run(follow_ups.cancel, follow_up_id=step.id, reason="They called.")

    [reason] = ask(house, step)
    assert (reason.rule, reason.detail) == ("cancelled", "It was cancelled. They called.")


def test_a_reply_from_before_the_approval_binds_nothing(house: House) -> None:
    task = house.a_drafted_task()
    with house.tx() as tx:
        tx.get_one(Contact, (house.workspace_id, task.contact_id)).replied_at = house.clock.now

    assert rules(house, task) == ["approval"]


def test_what_is_not_there_is_not_said_to_be_free(house: House, other_house: House) -> None:
    task = other_house.a_task()
    with house.tx() as tx:
        for wrong in (task.id, new_id()):
            with pytest.raises(NotFound):
                why_not.about_task(tx, wrong, settings=house.settings)
            with pytest.raises(NotFound):
                why_not.about_follow_up(tx, wrong, settings=house.settings)


def test_an_absence_that_is_over_keeps_nothing_back(house: House) -> None:
    house.follow_up_settings(waits=["P3D"], requireApproval=True)
    task = house.a_sent_task()
    with house.tx() as tx:
        contact = tx.get_one(Contact, (house.workspace_id, task.contact_id))
        contact.away_until = house.clock.now.date()
    house.wait(days=2, hours=1)
    [step] = house.follow_ups(task)

    assert step.status is FollowUpStatus.AWAITING_APPROVAL
    assert rules(house, step) == ["approval"]
