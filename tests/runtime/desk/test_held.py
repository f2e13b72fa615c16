"""Mails held while real sending is off: released in their order, and never in a burst."""

from datetime import timedelta

import pytest

from runtime.desk import approvals, contacts, held, tasks, workspaces
from runtime.errors import Refused
from runtime.mail.held import Release
from runtime.models import (
    DeliveryStatus,
    Draft,
    Event,
    FollowUpStatus,
    SentEmail,
    Task,
    TaskStatus,
)
from scheduler import integrations
from tests.fakes import FakeResend
from tests.house import House
from tests.runtime.conftest import Build

GAP = timedelta(seconds=60)
"""Between two released mails, as a workspace is born."""


@pytest.fixture
def off(build: Build) -> House:
    """A house with a key, where real sending is off."""
    return build(allow_email_sending=False)


def switch(house: House, *, on: bool) -> None:
    house.settings = house.settings.model_copy(update={"allow_email_sending": on})
    house.mailer = integrations.mailer(house.settings)


def a_held_task(house: House) -> Task:
    task = house.a_drafted_task()
    house.approve(task)
    house.settle()
    assert house.fresh(task).status is TaskStatus.BLOCKED
    return task


def preview(house: House) -> Release:
    return house.db.run(house.workspace_id, lambda tx: held.preview(tx, settings=house.settings))


def release(house: House, count: int) -> Release:
    done: Release = house.run(held.release, expected_count=count, settings=house.settings)
    return done


def times(house: House, tasks_: list[Task]) -> list[float]:
    """Return when each task's mail left, in seconds after the release."""
    start = house.all(Event, Event.type == "emails.released")[0].at
    mails = [house.sent(task)[-1] for task in tasks_]
    assert all(mail.sent_at for mail in mails)
    return [(mail.sent_at - start).total_seconds() for mail in mails if mail.sent_at]


def test_turning_sending_on_releases_nothing_by_itself(off: House, resend: FakeResend) -> None:
    task = a_held_task(off)
    switch(off, on=True)
    off.wait(days=2)

    assert resend.requests == []
    assert off.fresh(task).status is TaskStatus.BLOCKED


def test_released_mails_leave_in_their_order_one_at_a_time(off: House, resend: FakeResend) -> None:
    held_tasks = [a_held_task(off) for _ in range(4)]
    switch(off, on=True)

    seen = preview(off)
    now = off.clock.now
    assert seen == Release(4, now, now + 3 * GAP)
    assert resend.requests == []
    assert release(off, 4) == seen
    off.settle()
    assert len(resend.requests) == 1
    assert {off.fresh(task).status for task in held_tasks[1:]} == {TaskStatus.SENDING}
    off.wait(hours=1)

    gap = GAP.total_seconds()
    assert times(off, held_tasks) == [0, gap, 2 * gap, 3 * gap]
    assert len(resend.requests) == 4
    assert {off.fresh(task).status for task in held_tasks} == {TaskStatus.COMPLETED}
    assert preview(off) == Release(0)


def test_a_preview_changes_nothing_and_tells_no_times_while_sending_is_off(off: House) -> None:
    a_held_task(off)
    before = off.events()

    assert preview(off) == Release(1)

    assert off.events() == before


def test_with_nothing_held_there_is_nothing_to_release(house: House) -> None:
    house.a_drafted_task()

    assert preview(house) == Release(0)
    assert release(house, 0) == Release(0)
    assert house.events("emails.released") == []


@pytest.mark.parametrize("count", [-1, 0, 1, 3, 2_000_000_000])
def test_another_number_than_the_preview_said_is_refused(off: House, count: int) -> None:
    held_tasks = [a_held_task(off) for _ in range(2)]
    switch(off, on=True)

    with pytest.raises(Refused, match="2 mails are held now") as refused:
        release(off, count)

    assert (refused.value.field, refused.value.reason_code) == ("expectedCount", "COUNT_CHANGED")
    off.wait(hours=1)
    assert {off.fresh(task).status for task in held_tasks} == {TaskStatus.BLOCKED}


def test_a_second_release_finds_the_count_changed(off: House, resend: FakeResend) -> None:
    a_held_task(off)
    switch(off, on=True)
    release(off, 1)

    with pytest.raises(Refused) as refused:
        release(off, 1)

    assert refused.value.reason_code == "COUNT_CHANGED"
    off.wait(hours=1)
    assert len(resend.requests) == 1


def test_while_sending_is_off_nothing_is_released(off: House) -> None:
    task = a_held_task(off)

    with pytest.raises(Refused, match="ALLOW_EMAIL_SENDING") as refused:
        release(off, 1)

    assert refused.value.reason_code == "SENDING_OFF"
    assert off.fresh(task).status is TaskStatus.BLOCKED


def test_while_the_workspace_is_stopped_nothing_is_released(off: House) -> None:
    a_held_task(off)
    switch(off, on=True)
    off.run(workspaces.stop_sending, reason="x")

    assert preview(off) == Release(1)
    with pytest.raises(Refused, match="stopped in this workspace"):
        release(off, 1)


def test_only_what_wants_nothing_but_leave_is_held(off: House) -> None:
    withdrawn, suppressed, replied, cancelled = (a_held_task(off) for _ in range(4))
    off.run(approvals.withdraw, draft_id=off.draft(withdrawn).id)
    off.run(contacts.suppress, contact_id=suppressed.contact_id, reason="x")
    off.run(contacts.record_reply, contact_id=replied.contact_id, text="Hello.")
    off.run(tasks.cancel, task_id=cancelled.id)
    with off.tx() as tx:  # two reasons: leave alone would not let it out
        other = off.draft(a_task := a_held_task(off))
        mail = tx.get_one(SentEmail, (off.workspace_id, off.sent(a_task)[0].id))
        mail.receipt = [{"rule": "recipient", "passed": False, "detail": "x"}, *mail.receipt]
    switch(off, on=True)

    assert off.fresh(other).status == "APPROVED"
    assert preview(off) == Release(0)


def test_the_gate_has_its_say_about_a_released_mail(off: House, resend: FakeResend) -> None:
    first, second = a_held_task(off), a_held_task(off)
    switch(off, on=True)
    release(off, 2)
    off.settle()
    off.run(contacts.suppress, contact_id=second.contact_id, reason="They called.")
    off.wait(hours=1)

    assert len(resend.requests) == 1
    assert off.fresh(first).status is TaskStatus.COMPLETED
    assert off.fresh(second).status is TaskStatus.CANCELLED


def test_turned_off_again_the_rest_is_held_again(off: House, resend: FakeResend) -> None:
    held_tasks = [a_held_task(off) for _ in range(3)]
    switch(off, on=True)
    release(off, 3)
    off.settle()
    switch(off, on=False)
    off.wait(hours=1)

    assert len(resend.requests) == 1
    assert {off.fresh(task).status for task in held_tasks[1:]} == {TaskStatus.BLOCKED}
    switch(off, on=True)
    release(off, 2)
    off.wait(hours=1)
    assert len(resend.requests) == 3


def test_a_released_mail_can_be_withdrawn_before_its_turn(off: House, resend: FakeResend) -> None:
    a_held_task(off)
    second = a_held_task(off)
    switch(off, on=True)
    release(off, 2)
    off.settle()
    off.run(approvals.withdraw, draft_id=off.draft(second).id)
    off.wait(hours=1)

    assert len(resend.requests) == 1
    assert off.fresh(second).status is TaskStatus.AWAITING_APPROVAL


def held_steps(house: House, zones: list[str | None], *, hours: int = 2) -> list[Task]:
    """Return tasks whose first follow-up is held, with readers in these zones."""
    switch(house, on=True)
    sent = []
    for zone in zones:
        sent.append(house.a_sent_task(contact=house.a_contact(timezone=zone)))
        house.clock.advance(1)  # each has its place in the order
    switch(house, on=False)
    house.wait(hours=hours)
    for task in sent:
        assert house.follow_ups(task)[0].status is FollowUpStatus.BLOCKED
    switch(house, on=True)
    return sent


def test_held_follow_ups_are_released_too(off: House, resend: FakeResend) -> None:
    off.follow_up_settings(waits=["PT1H"], businessDaysOnly=False)
    sent = held_steps(off, [None, None])
    release(off, 2)
    off.settle()
    assert [off.follow_ups(task)[0].status for task in sent] == [
        FollowUpStatus.SENT,
        FollowUpStatus.SENDING,
    ]
    off.wait(minutes=5)

    assert times(off, sent) == [0, GAP.total_seconds()]
    assert len(resend.requests) == 4


def test_released_follow_ups_do_not_meet_at_the_opening_of_their_window(off: House) -> None:
    off.follow_up_settings(
        waits=["PT1H"], businessDaysOnly=False, windowStart="09:00", windowEnd="17:00"
    )
    sent = held_steps(off, [None, None, "Asia/Tokyo"], hours=24)
    off.wait(hours=11)  # 20:00 in UTC, 05:00 in Tokyo
    seen = preview(off)
    release(off, 3)
    off.wait(days=1)

    mails = [off.sent(task)[-1] for task in sent]
    assert {mail.status for mail in mails} == {DeliveryStatus.SENT}
    first, second, tokyo = (mail.sent_at for mail in mails)
    assert first
    assert second
    assert tokyo
    assert (first.hour, first.minute) == (9, 0)
    assert second - first == GAP
    assert tokyo == first - timedelta(hours=9), "not behind those whose morning is later"
    assert (seen.first_at, seen.last_at) == (tokyo, second)


def test_what_does_not_fit_into_a_window_has_its_turn_in_the_next_one(off: House) -> None:
    off.follow_up_settings(
        waits=["PT1H"], businessDaysOnly=False, windowStart="09:00", windowEnd="09:01"
    )
    sent = held_steps(off, [None, None, None], hours=24)
    release(off, 3)
    off.wait(days=3)

    day = timedelta(days=1).total_seconds()
    # All three were due as the window opened: which of them goes first is nobody's promise.
    assert sorted(times(off, sent)) == [0, day, 2 * day]


def test_what_a_day_has_no_room_for_is_released_on_the_next(off: House, resend: FakeResend) -> None:
    off.follow_up_settings(waits=[])
    off.run(workspaces.update, settings={"dailyCap": 2})
    held_tasks = [a_held_task(off) for _ in range(4)]
    switch(off, on=True)
    now, day = off.clock.now, timedelta(days=1)

    assert preview(off) == Release(4, now, now + day + GAP)
    release(off, 4)
    off.wait(days=2)

    gap, later = GAP.total_seconds(), day.total_seconds()
    assert times(off, held_tasks) == [0, gap, later, later + gap]


def test_a_released_follow_up_does_not_leave_on_a_closed_day(off: House) -> None:
    off.follow_up_settings(waits=["P4D"])
    [task] = held_steps(off, [None], hours=24 * 5)  # due on Friday, released on Saturday
    seen = preview(off)
    release(off, 1)
    off.wait(days=3)

    assert seen.first_at
    assert seen.first_at.strftime("%A") == "Monday"
    assert off.sent(task)[-1].sent_at == seen.first_at


def test_a_follow_up_whose_leave_ended_meanwhile_waits_for_a_person(off: House) -> None:
    off.follow_up_settings(waits=["PT1H"], businessDaysOnly=False)
    [task] = held_steps(off, [None])
    off.follow_up_settings(waits=["PT2H"])
    release(off, 1)
    off.settle()

    assert off.follow_ups(task)[0].status is FollowUpStatus.AWAITING_APPROVAL
    assert off.all(Draft, Draft.follow_up_id.is_not(None))[0].status == "PENDING"


def test_a_release_is_recorded_with_who_and_how_many(off: House) -> None:
    a_held_task(off)
    a_held_task(off)
    switch(off, on=True)
    done = release(off, 2)

    [event] = off.all(Event, Event.type == "emails.released")
    assert (event.actor, event.data["count"]) == (off.who, 2)
    assert done.last_at
    assert event.data["last_at"] == done.last_at.isoformat()
    assert len(off.events("task.released")) == 2
