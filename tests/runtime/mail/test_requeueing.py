"""The provider took a mail and then had no quota for it: it goes out once more, and once only."""

import itertools
from datetime import timedelta
from typing import Any

import pytest

from runtime.desk import approvals, contacts, drafts, follow_ups, tasks, why_not, workspaces
from runtime.mail import delivery, reports
from runtime.models import (
    Approval,
    Contact,
    ContactStatus,
    DeliveryStatus,
    FollowUp,
    FollowUpStatus,
    Sender,
    SentEmail,
    Task,
    TaskStatus,
)
from tests.fakes import FakeResend
from tests.fakes.webhooks import body
from tests.house import House
from tests.runtime.conftest import Build

_numbers = itertools.count(1)
NO_QUOTA: dict[str, Any] = {"failed": {"reason": "reached_daily_quota"}}


@pytest.fixture
def real(build: Build) -> House:
    house = build(resend_api_key=f"re_test_key_{next(_numbers)}")
    house.follow_up_settings(waits=["P1D", "P1D"], businessDaysOnly=False)
    return house


def tell(house: House, mail: SentEmail, type_: str, email_id: str, **data: Any) -> None:
    raw = body(house.fresh(mail), type_, at=house.clock.now, message_id=email_id, **data)
    told, svix_id = reports.read(raw), f"msg_{next(_numbers)}"
    assert house.db.run(house.workspace_id, lambda tx: delivery.take(tx, svix_id, told))


def given_up(house: House, resend: FakeResend) -> tuple[Task, SentEmail, str]:
    task = house.a_sent_task()
    [mail] = house.sent(task)
    old = resend.accepted[0]["id"]
    tell(house, mail, "email.failed", old, **NO_QUOTA)
    house.settle()
    return task, mail, old


def test_it_goes_out_after_the_reset_under_its_approval_and_a_new_key(
    real: House, resend: FakeResend
) -> None:
    task, mail, old = given_up(real, resend)
    assert real.fresh(task).status is TaskStatus.SENDING
    assert [asked.dedup_key for asked in real.escalations()] == ["quota:2026-03-03"]
    real.wait(hours=14)
    assert len(resend.requests) == 1

    real.wait(hours=2)

    assert len(resend.accepted) == 2
    assert len({sent["idempotency_key"] for sent in resend.accepted}) == 2
    again = real.fresh(mail)
    assert (again.status, again.given_up_ids) == (DeliveryStatus.SENT, [old])
    assert again.provider_message_id == resend.accepted[1]["id"]
    assert real.fresh(task).status is TaskStatus.COMPLETED
    [leave] = real.all(Approval)
    assert leave.voided_at is None
    assert real.all(Contact)[0].status is ContactStatus.ACTIVE


def test_its_follow_ups_count_from_the_mail_that_left(real: House, resend: FakeResend) -> None:
    task, mail, _ = given_up(real, resend)

    real.wait(hours=16)

    [step] = real.follow_ups(task)
    sent_at = real.fresh(mail).sent_at
    assert sent_at
    assert step.status is FollowUpStatus.SCHEDULED
    assert (step.due_at - sent_at).total_seconds() == pytest.approx(24 * 3600, abs=3600)
    real.wait(days=9)
    assert [s.status for s in real.follow_ups(task)] == [FollowUpStatus.SENT] * 2
    assert len(resend.accepted) == 4


def test_a_follow_up_goes_out_once_more_too_and_the_next_one_after_it(
    real: House, resend: FakeResend
) -> None:
    task = real.a_sent_task()
    real.wait(days=1)
    [step, _] = real.follow_ups(task)
    [mail] = real.all(SentEmail, SentEmail.follow_up_id == step.id)
    tell(real, mail, "email.failed", resend.accepted[1]["id"], **NO_QUOTA)

    real.wait(days=5)

    assert [s.status for s in real.follow_ups(task)] == [FollowUpStatus.SENT] * 2
    assert len(resend.accepted) == 4


@pytest.mark.parametrize("type_", ["email.sent", "email.failed", "email.delivery_delayed"])
def test_what_is_still_told_of_the_old_try_changes_nothing(
    real: House, resend: FakeResend, type_: str
) -> None:
    task, mail, old = given_up(real, resend)

    tell(real, mail, type_, old, **NO_QUOTA)
    real.wait(hours=16)
    tell(real, mail, type_, old, **NO_QUOTA)
    real.wait(days=1)

    assert real.fresh(mail).status is DeliveryStatus.SENT
    assert real.fresh(task).status is TaskStatus.COMPLETED
    assert real.fresh(mail).provider_message_id == resend.accepted[1]["id"]


def test_if_it_was_delivered_after_all_it_is_not_sent_again(
    real: House, resend: FakeResend
) -> None:
    task, mail, old = given_up(real, resend)

    tell(real, mail, "email.delivered", old)
    real.wait(hours=20)

    assert len(resend.requests) == 1
    assert real.fresh(mail).status is DeliveryStatus.DELIVERED
    assert real.fresh(task).status is TaskStatus.COMPLETED


def waits_for_the_mail_before(house: House, step: FollowUp) -> tuple[str, timedelta]:
    with house.tx() as tx:
        found = why_not.about_follow_up(tx, step.id, settings=house.settings)
    [why] = [each for each in found if each.rule == "mail_before"]
    assert why.until
    return why.detail, why.until - house.clock.now


def test_a_step_at_the_gate_waits_for_the_turn_of_the_mail_before_or_for_people(
    real: House, resend: FakeResend
) -> None:
    task = real.a_sent_task()
    real.run(workspaces.stop_sending, reason="Wait.")
    real.skip(days=1)
    [step] = real.follow_ups(task)
    assert step.status is FollowUpStatus.SENDING
    [first, _] = real.sent(task)
    tell(real, first, "email.failed", resend.accepted[0]["id"], **NO_QUOTA)
    real.run(workspaces.resume_sending, reason="Go on.")
    real.settle()

    detail, length = waits_for_the_mail_before(real, step)
    assert "sent once more" in detail
    assert length > timedelta(hours=1), "it is not asked about before that one had its turn"

    real.run(approvals.withdraw, draft_id=first.draft_id)
    real.skip(days=2)
    detail, length = waits_for_the_mail_before(real, step)
    assert ("a person" in detail, length) == (True, timedelta(days=1))
    assert len(resend.requests) == 1


def test_who_answered_meanwhile_does_not_get_it(real: House, resend: FakeResend) -> None:
    task, _, _ = given_up(real, resend)
    real.run(contacts.record_reply, contact_id=task.contact_id, text="Hello.")

    real.wait(days=2)

    assert len(resend.requests) == 1


def test_a_cancelled_task_stays_cancelled(real: House, resend: FakeResend) -> None:
    task, _, _ = given_up(real, resend)
    real.run(tasks.cancel, task_id=task.id)

    real.wait(days=2)

    assert len(resend.requests) == 1
    assert real.fresh(task).status is TaskStatus.CANCELLED


def test_a_report_before_the_agent_heard_of_the_mail_ends_the_same(
    real: House, resend: FakeResend
) -> None:
    task = real.a_drafted_task()
    real.approve(task)
    real.take_turns()
    real.make_calls()
    tell(real, real.sent(task)[0], "email.failed", resend.accepted[0]["id"], **NO_QUOTA)

    real.wait(hours=17)

    assert len(resend.accepted) == 2
    assert real.fresh(task).status is TaskStatus.COMPLETED
    assert len(real.follow_ups(task)) == 1


def test_a_provider_that_gives_it_up_again_and_again_is_a_persons_to_look_at(
    real: House, resend: FakeResend
) -> None:
    task, mail, _ = given_up(real, resend)
    for _ in range(3):
        real.wait(days=1)
        tell(real, mail, "email.failed", resend.accepted[-1]["id"], **NO_QUOTA)

    real.wait(days=3)

    assert len(resend.accepted) == 4
    assert real.fresh(task).error_code == "MAIL_GIVEN_UP"


def test_it_takes_a_place_under_the_caps_of_the_day_that_it_goes_out_on(
    real: House, resend: FakeResend
) -> None:
    given_up(real, resend)

    real.wait(hours=16)

    assert len(resend.accepted) == 2
    [sender] = real.all(Sender)
    assert sender.days == {"2026-03-02": 0, "2026-03-03": 1}


def test_a_first_mail_written_anew_is_followed_up_like_any(real: House, resend: FakeResend) -> None:
    task = real.a_sent_task()
    tell(real, real.sent(task)[0], "email.failed", resend.accepted[0]["id"])
    real.settle()
    assert [s.status for s in real.follow_ups(task)] == [FollowUpStatus.CANCELLED]
    real.wait(minutes=5)

    real.run(drafts.edit, draft_id=real.draft(task).id, body="Another text.")
    real.approve(task)
    real.wait(days=5)

    assert [s.status for s in real.follow_ups(task)] == [FollowUpStatus.SENT] * 2
    assert real.fresh(task).status is TaskStatus.ESCALATED


def test_a_follow_up_that_a_person_cancelled_is_not_planned_again_by_a_new_try(
    real: House, resend: FakeResend
) -> None:
    task = real.a_sent_task()
    real.wait(minutes=5)
    real.run(follow_ups.cancel, follow_up_id=real.follow_ups(task)[0].id)
    tell(real, real.sent(task)[0], "email.failed", resend.accepted[0]["id"], **NO_QUOTA)

    real.wait(days=9)

    assert len(resend.accepted) == 2
    assert [s.status for s in real.follow_ups(task)] == [FollowUpStatus.CANCELLED]


def test_rejected_before_the_new_try_it_takes_its_follow_ups_with_it(
    real: House, resend: FakeResend
) -> None:
    task, _, _ = given_up(real, resend)
    draft = real.draft(task)
    real.run(approvals.withdraw, draft_id=draft.id)

    real.run(drafts.reject, draft_id=draft.id)

    assert real.fresh(task).status is TaskStatus.CANCELLED
    assert [s.status for s in real.follow_ups(task)] == [FollowUpStatus.CANCELLED]


def test_tried_again_after_it_arrived_all_the_same_it_is_taken_for_sent(
    real: House, resend: FakeResend
) -> None:
    task = real.a_sent_task()
    [mail], [sent] = real.sent(task), resend.accepted
    tell(real, mail, "email.failed", sent["id"])
    tell(real, mail, "email.delivered", sent["id"])
    assert real.fresh(task).status is TaskStatus.FAILED

    real.run(tasks.retry, task_id=task.id)
    real.settle()

    assert real.fresh(task).status is TaskStatus.COMPLETED
    assert len(resend.accepted) == 1
