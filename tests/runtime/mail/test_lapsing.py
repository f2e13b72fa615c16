"""An approval whose mail could not leave in time ends, and people decide again."""

from pathlib import Path

import pytest

from runtime.clock import FakeClock
from runtime.db import Database
from runtime.desk import agents, approvals, drafts, held, tasks, why_not, workspaces
from runtime.mail import gate
from runtime.models import (
    AgentKind,
    Approval,
    ApprovalKind,
    Call,
    CallStatus,
    Draft,
    DraftStatus,
    FollowUpStatus,
    Task,
    TaskStatus,
)
from tests.fakes import FakeResend
from tests.house import House


def waiting_for_a_switch(house: House) -> Task:
    """Return a task whose approved mail waits for the kill switch."""
    house.run(workspaces.stop_sending, reason="Stop.")
    task = house.a_drafted_task()
    house.approve(task)
    house.settle()
    assert house.fresh(task).status is TaskStatus.SENDING
    return task


def later(house: House, **length: float) -> None:
    """Let time pass without the gate being asked again and again."""
    house.clock.advance(**length)
    house.settle()


def test_an_approval_older_than_the_lifetime_goes_back_to_people_with_the_reason(
    house: House,
) -> None:
    task = waiting_for_a_switch(house)
    later(house, days=7, seconds=-1)
    assert house.fresh(task).status is TaskStatus.SENDING

    later(house, seconds=gate.LOOK_AGAIN.total_seconds())

    back = house.fresh(task)
    assert (back.status, back.error_code) == (TaskStatus.AWAITING_APPROVAL, "APPROVAL_LAPSED")
    assert "an approval is good for P7D" in (back.error_message or "")
    assert house.draft(task).status is DraftStatus.PENDING
    [approval] = house.all(Approval)
    assert approval.voided_at == house.clock.now
    assert house.events("approval.lapsed") == ["approval.lapsed"]
    house.run(workspaces.resume_sending, reason="Go on.")
    house.wait(days=1)
    assert house.mails() == []
    assert house.events("approval.lapsed") == ["approval.lapsed"]
    assert house.events("email.blocked") == []


def test_approved_anew_it_leaves_once(house: House) -> None:
    task = waiting_for_a_switch(house)
    later(house, days=8)
    house.run(workspaces.resume_sending, reason="Go on.")
    house.approve(task, acknowledge_stale=True)
    house.settle()
    assert len(house.mails()) == 1
    assert house.fresh(task).status is TaskStatus.COMPLETED
    assert house.fresh(task).error_code is None


def test_the_mail_of_an_agent_paused_for_long_goes_back_too(house: House) -> None:
    task = house.a_drafted_task()
    house.approve(task)
    house.take_turns()
    agent = house.agent(AgentKind.OUTREACH)
    house.run(agents.pause, agent_id=agent.id)
    house.settle()
    house.clock.advance(days=8)
    house.run(agents.resume, agent_id=agent.id)
    house.settle()
    assert house.fresh(task).status is TaskStatus.AWAITING_APPROVAL
    assert house.mails() == []


def test_held_mail_released_too_late_goes_back_to_people(
    db: Database, fake_clock: FakeClock, tmp_path: Path
) -> None:
    with FakeResend() as resend:
        keys = {"resend_api_key": "re_test", "resend_api_url": resend.url}
        off = House(db, fake_clock, tmp_path, **keys, allow_email_sending=False)
        task = off.a_drafted_task()
        off.approve(task)
        off.settle()
        assert off.fresh(task).status is TaskStatus.BLOCKED
        fake_clock.advance(days=8)
        off.settings = off.settings.model_copy(update={"allow_email_sending": True})

        off.run(held.release, expected_count=1, settings=off.settings)
        off.settle()

        assert off.fresh(task).status is TaskStatus.AWAITING_APPROVAL
        assert resend.requests == []


def test_what_can_never_leave_as_it_stands_is_blocked_however_old_it_is(house: House) -> None:
    task = house.a_drafted_task()
    house.run(drafts.edit, draft_id=house.draft(task).id, body="Dear [First name],")
    house.approve(task)
    house.settle()
    assert house.fresh(task).status is TaskStatus.BLOCKED
    later(house, days=8)
    house.run(tasks.retry, task_id=task.id)
    house.settle()
    assert house.fresh(task).status is TaskStatus.BLOCKED


def test_a_retry_in_doubt_is_not_stopped_by_age(house: House) -> None:
    """It may have left: its outcome is wanted, whenever it was approved."""
    house.run(workspaces.update, settings={"draftLifetime": "PT1M"})
    task = house.a_drafted_task()
    house.approve(task)
    house.take_turns()
    with house.tx() as tx:
        [call] = [c for c in tx.query(Call).all() if c.draft_id]
        call.in_doubt, call.first_started_at = True, house.clock.now
    later(house, minutes=5)
    assert len(house.mails()) == 1
    assert house.fresh(task).status is TaskStatus.COMPLETED


def test_a_standing_approval_does_not_age(house: House) -> None:
    house.follow_up_settings(waits=["P30D"], businessDaysOnly=False)
    task = house.a_sent_task()
    house.wait(days=31)
    assert [step.status for step in house.follow_ups(task)] == [FollowUpStatus.SENT]
    [_, standing] = house.all(Approval)
    assert standing.kind is ApprovalKind.STANDING


def test_a_follow_up_that_a_person_approved_goes_back_as_well(house: House) -> None:
    house.follow_up_settings(waits=["P1D"], requireApproval=True, businessDaysOnly=False)
    task = house.a_sent_task()
    house.wait(days=1)
    house.run(workspaces.stop_sending, reason="Stop.")
    [draft] = house.all(Draft, Draft.follow_up_id.is_not(None))
    house.run(drafts.approve, draft_id=draft.id, fingerprint=draft.fingerprint)
    house.settle()

    later(house, days=8)

    [step] = house.follow_ups(task)
    assert step.status is FollowUpStatus.AWAITING_APPROVAL
    assert "an approval is good for P7D" in (step.reason or "")
    assert house.fresh(task).status is TaskStatus.COMPLETED
    assert [c.status for c in house.all(Call, Call.draft_id == draft.id)] == [CallStatus.FAILED]


def test_one_can_see_that_it_will_go_back(house: House) -> None:
    task = waiting_for_a_switch(house)
    house.clock.advance(days=8)
    with house.tx() as tx:
        found = why_not.about_task(tx, task.id, settings=house.settings)
    assert "fresh" in [reason.rule for reason in found]


def test_a_withdrawn_approval_starts_its_life_anew(house: House) -> None:
    task = waiting_for_a_switch(house)
    house.clock.advance(days=6)
    house.run(approvals.withdraw, draft_id=house.draft(task).id)
    house.approve(task)
    later(house, days=5)
    assert house.fresh(task).status is TaskStatus.SENDING


@pytest.mark.parametrize("approval_required", [True, False])
def test_in_time_the_receipt_says_that_it_was(house: House, *, approval_required: bool) -> None:
    house.outreach_settings(requireApproval=approval_required)
    task = house.a_drafted_task()
    if approval_required:
        house.approve(task)
    house.settle()
    [mail] = house.sent(task)
    assert [check["passed"] for check in mail.receipt if check["rule"] == "fresh"] == [True]
