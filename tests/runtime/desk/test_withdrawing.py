"""An approval can be taken back as long as nothing has left under it."""

from datetime import timedelta

import pytest

from runtime.desk import approvals, drafts, follow_ups, workspaces
from runtime.errors import Conflict
from runtime.models import (
    Approval,
    Call,
    CallKind,
    CallStatus,
    DeliveryStatus,
    Draft,
    DraftStatus,
    Event,
    FollowUpStatus,
    Task,
    TaskStatus,
)
from tests.fakes import FakeResend
from tests.house import House


def approved(house: House) -> Task:
    task = house.a_drafted_task()
    house.approve(task)
    return task


def withdraw(house: House, task: Task, reason: str | None = None) -> Draft:
    draft: Draft = house.run(approvals.withdraw, draft_id=house.draft(task).id, reason=reason)
    return draft


def withdrawn(house: House, task: Task) -> bool:
    house.wait(days=1)
    return (
        house.mails() == []
        and house.fresh(task).status is TaskStatus.AWAITING_APPROVAL
        and house.draft(task).status is DraftStatus.PENDING
        and house.draft(task).decided_by is None
    )


def test_before_the_agent_has_looked(house: House) -> None:
    task = approved(house)
    withdraw(house, task, "Wrong tone.")

    assert withdrawn(house, task)
    assert house.all(Approval)[0].voided_reason == "Wrong tone."
    [event] = house.all(Event, Event.type == "approval.withdrawn")
    assert (event.actor, event.task_id) == (house.who, task.id)
    assert event.data["reason"] == "Wrong tone."


def test_before_the_gate(house: House) -> None:
    task = approved(house)
    house.take_turns()
    withdraw(house, task)

    assert withdrawn(house, task)
    [call] = house.all(Call, Call.kind == CallKind.SEND_EMAIL)
    assert call.status is CallStatus.VOID


def test_while_the_mail_waits_at_a_switch(house: House) -> None:
    task = approved(house)
    house.run(workspaces.stop_sending, reason="x")
    house.settle()
    withdraw(house, task)
    house.run(workspaces.resume_sending, reason="x")

    assert withdrawn(house, task)


def test_from_a_task_that_the_gate_stopped(house: House) -> None:
    task = house.a_drafted_task()
    house.run(drafts.edit, draft_id=house.draft(task).id, body="Dear [First name]")
    house.approve(task)
    house.settle()
    assert house.fresh(task).status is TaskStatus.BLOCKED

    withdraw(house, task)

    assert withdrawn(house, task)
    assert house.fresh(task).error_code is None


def test_approved_again_it_leaves_once_under_the_new_approval(house: House) -> None:
    task = approved(house)
    house.take_turns()
    withdraw(house, task)
    house.clock.advance(60)
    house.approve(task)
    house.settle()

    assert len(house.mails()) == 1
    [sent] = house.sent(task)
    assert sent.status is DeliveryStatus.SENT
    assert f"{house.clock.now:%H:%M:%S}" in sent.receipt[0]["detail"]


def test_a_mail_that_has_left_has_no_approval_to_take_back(house: House) -> None:
    task = approved(house)
    house.take_turns()
    house.make_calls()  # out, and the agent does not know yet

    with pytest.raises(Conflict, match="has left"):
        withdraw(house, task)
    house.settle()
    with pytest.raises(Conflict, match="has left"):
        withdraw(house, task)

    assert house.fresh(task).status is TaskStatus.COMPLETED


def test_a_mail_that_may_have_left_neither(real: House, resend: FakeResend) -> None:
    resend.listing = "restricted"
    real.outreach_settings(maxAttempts=2)
    task = approved(real)
    resend.fail_next("drop", "drop")
    real.settle()
    with pytest.raises(Conflict, match="just being sent"):
        withdraw(real, task)
    real.wait(minutes=10)
    assert real.sent(task)[0].status is DeliveryStatus.UNKNOWN
    with pytest.raises(Conflict, match="may have"):
        withdraw(real, task)


def test_what_nobody_approved_cannot_be_withdrawn(house: House) -> None:
    task = house.a_drafted_task()

    with pytest.raises(Conflict, match="PENDING"):
        withdraw(house, task)


def test_withdrawing_twice_is_told_to_the_second(house: House) -> None:
    task = approved(house)
    withdraw(house, task)

    with pytest.raises(Conflict) as conflict:
        withdraw(house, task)

    assert conflict.value.field == "draftId"
    assert len(house.events("approval.withdrawn")) == 1


def stopped_step(house: House) -> tuple[Task, Draft]:
    """Return a follow-up that waits before the gate under the first mail's approval."""
    house.follow_up_settings(waits=["PT1H", "PT1H"], businessDaysOnly=False)
    task = house.a_sent_task()
    house.run(workspaces.stop_sending, reason="x")
    house.wait(hours=1, minutes=1)
    [step] = house.follow_ups(task)
    assert step.status is FollowUpStatus.SENDING
    [draft] = house.all(Draft, Draft.follow_up_id == step.id)
    return task, draft


def test_of_a_follow_up_only_this_text_waits_for_a_decision(house: House) -> None:
    task, draft = stopped_step(house)
    house.run(approvals.withdraw, draft_id=draft.id)
    house.run(workspaces.resume_sending, reason="x")
    house.wait(days=1)

    [step] = house.follow_ups(task)
    assert step.status is FollowUpStatus.AWAITING_APPROVAL
    assert len(house.mails()) == 1
    house.run(drafts.approve, draft_id=draft.id, fingerprint=draft.fingerprint)
    house.wait(hours=2)
    assert len(house.mails()) == 3, "the later step leaves under the first mail's approval"


def test_a_cancelled_follow_up_has_nothing_to_withdraw(house: House) -> None:
    _, draft = stopped_step(house)
    house.run(follow_ups.cancel, follow_up_id=draft.follow_up_id)

    with pytest.raises(Conflict, match="CANCELLED"):
        house.run(approvals.withdraw, draft_id=draft.id)


def test_a_step_that_was_moved_does_not_start_by_its_old_timer(house: House) -> None:
    task, draft = stopped_step(house)
    house.run(approvals.withdraw, draft_id=draft.id)
    house.clock.advance(timedelta(days=3).total_seconds())
    house.settle()

    assert house.follow_ups(task)[0].status is FollowUpStatus.AWAITING_APPROVAL
    assert len(house.all(Draft, Draft.follow_up_id.is_not(None))) == 1
