"""The pace of real mail: caps that hold under many workers, gaps, and whose turn it is."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from runtime.crm.pace_settings import PaceSettings
from runtime.desk import contacts, escalations, why_not, workspaces
from runtime.desk import tasks as desk_tasks
from runtime.desk.escalations import EscalationAction
from runtime.errors import Unknown
from runtime.mail import pace
from runtime.mail.pace import Pace
from runtime.mail.places import Places, any_time
from runtime.models import (
    Call,
    CallKind,
    CallStatus,
    Contact,
    Priority,
    Sender,
    SentEmail,
    Task,
    TaskStatus,
)
from scheduler import performing
from scheduler.integrations import Accepted, Mail
from tests.fakes import FakeResend
from tests.fakes.mailers import Unlisted
from tests.house import House

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def set_to(house: House, **settings: object) -> None:
    house.run(workspaces.update, settings=settings)


def approved(house: House, count: int, priority: Priority = Priority.NORMAL) -> list[Task]:
    """Return tasks whose mails are approved, and stand before the gate."""
    tasks = [house.a_task(priority=priority) for _ in range(count)]
    house.take_turns()
    house.make_calls()
    house.take_turns()
    for task in tasks:
        house.approve(task)
    house.take_turns()
    return tasks


def left(house: House) -> list[datetime]:
    return sorted(mail.sent_at for mail in house.all(SentEmail) if mail.sent_at)


def minutes(house: House, tasks: list[Task]) -> list[float]:
    mails = [house.sent(task)[0].sent_at for task in tasks]
    return [(at - NOW).total_seconds() / 60 for at in mails if at]


def waits(house: House, task: Task) -> dict[str, why_not.WhyNot]:
    with house.tx() as tx:
        found = why_not.about_task(tx, task.id, settings=house.settings)
    return {each.rule: each for each in found}


def test_some_may_leave_in_a_row_and_then_one_a_minute(real: House, resend: FakeResend) -> None:
    set_to(real, burst=3)
    tasks = approved(real, 6)
    real.settle()
    assert len(resend.requests) == 3
    binding = waits(real, tasks[3])
    assert list(binding) == ["burst"]
    assert binding["burst"].until == NOW + timedelta(minutes=1)
    assert "updateWorkspace" in str(binding["burst"].remedy)

    real.wait(minutes=10)

    assert minutes(real, tasks) == [0, 0, 0, 1, 2, 3], "in the order of their approval"


def test_what_a_day_has_no_room_for_goes_the_next_morning(real: House, resend: FakeResend) -> None:
    set_to(real, dailyCap=2)
    real.follow_up_settings(waits=[])
    tasks = approved(real, 5)
    real.settle()
    receipt = {check["rule"]: check for check in real.sent(tasks[2])[0].receipt}
    assert receipt["daily_cap"]["detail"].startswith("2 of at most 2 mails today, from rapport@")
    assert (receipt["daily_cap"]["passed"], receipt["ramp"]["passed"]) == (False, True)
    assert waits(real, tasks[4])["daily_cap"].until == NOW + timedelta(days=2)

    real.wait(days=3)

    assert left(real) == [
        NOW,
        NOW,
        NOW + timedelta(days=1),
        NOW + timedelta(days=1, minutes=1),
        NOW + timedelta(days=2),
    ]


def test_who_raises_a_cap_need_not_wait_for_the_next_day(real: House, resend: FakeResend) -> None:
    set_to(real, dailyCap=2, burst=2)
    real.follow_up_settings(waits=[])
    tasks = approved(real, 6)
    real.wait(minutes=5)
    assert len(resend.requests) == 2

    set_to(real, dailyCap=5)
    real.wait(minutes=30)

    assert minutes(real, tasks) == [0, 0, 5, 5, 6]
    assert waits(real, tasks[5])["daily_cap"].until == NOW + timedelta(days=1)


def test_a_mail_that_the_provider_turned_away_is_woken_by_no_limit(
    real: House, resend: FakeResend
) -> None:
    set_to(real, dailyCap=1)
    real.follow_up_settings(waits=[])
    tasks = approved(real, 2)
    real.settle()
    resend.fail_next("429")
    real.clock.advance(days=1)
    real.make_calls()
    [call] = real.all(Call, Call.task_id == tasks[1].id, Call.status == CallStatus.PLANNED)
    assert call.error_code

    set_to(real, dailyCap=9)

    assert real.fresh(call).available_at == call.available_at


def test_a_setting_that_no_mail_waits_for_wakes_none(real: House, resend: FakeResend) -> None:
    set_to(real, dailyCap=1)
    approved(real, 2)
    real.settle()
    [waiting] = real.all(Call, Call.status == CallStatus.PLANNED)

    set_to(real, lateAfterDays=20)

    assert real.fresh(waiting).available_at == waiting.available_at
    assert len(resend.requests) == 1


def test_many_workers_at_once_never_exceed_a_cap(real: House, resend: FakeResend) -> None:
    set_to(real, dailyCap=5, burst=100)
    approved(real, 16)
    claimed = performing.claim(real.hands, real.workspace_id, real._due_calls())
    assert len(claimed) == 16

    with ThreadPoolExecutor(8) as workers:
        list(workers.map(lambda call: performing.perform(real.hands, call), claimed))
    real.settle()

    assert len(resend.requests) == 5
    [sender] = real.all(Sender)
    assert sender.days == {"2026-03-02": 5}


def test_a_mail_does_not_come_to_the_gate_at_every_slot(real: House, resend: FakeResend) -> None:
    set_to(real, burst=1)
    tasks = approved(real, 12)
    real.wait(minutes=30)

    assert minutes(real, tasks) == list(range(12))
    visits = [call.fence for call in real.all(Call, Call.kind == CallKind.SEND_EMAIL)]
    assert max(visits) <= 2, "once to get its turn, once to take it"


def test_an_urgent_newcomer_goes_first(real: House, resend: FakeResend) -> None:
    set_to(real, burst=1)
    ordinary = approved(real, 4)
    real.settle()
    [urgent] = approved(real, 1, Priority.URGENT)
    real.wait(minutes=30)

    assert minutes(real, [urgent]) == [1]
    assert minutes(real, ordinary) == [0, 2, 3, 4]


def test_a_retry_of_a_mail_in_doubt_waits_for_no_cap_and_counts_once(
    real: House, resend: FakeResend
) -> None:
    set_to(real, dailyCap=1, burst=1)
    [task] = approved(real, 1)
    resend.fail_next("drop")
    real.settle()
    real.wait(minutes=30)

    assert real.fresh(task).status is TaskStatus.COMPLETED
    assert [sender.days for sender in real.all(Sender)] == [{"2026-03-02": 1}]
    assert real.sent(task)[0].receipt[-3]["rule"] == "pace"


def test_a_mail_that_did_not_leave_gives_its_place_back(real: House, resend: FakeResend) -> None:
    set_to(real, dailyCap=1)
    refused, other = approved(real, 2)
    resend.fail_next("422")
    real.settle()

    assert real.fresh(refused).status is TaskStatus.FAILED
    assert real.fresh(other).status is TaskStatus.COMPLETED
    [sender] = real.all(Sender)
    assert (sender.days, real.sent(refused)[0].reserved_at) == ({"2026-03-02": 1}, None)


def test_in_the_sandbox_nothing_binds_and_the_receipt_says_so(house: House) -> None:
    set_to(house, dailyCap=1, burst=1)
    tasks = approved(house, 3)
    house.settle()

    assert len(house.mails()) == 3
    checks = {check["rule"]: check for check in house.sent(tasks[2])[0].receipt}
    assert checks["pace"]["detail"].startswith("Sandbox: no cap, ramp, burst or gap binds")
    assert "daily_cap" not in checks
    assert house.all(Sender) == []


def test_two_tasks_do_not_write_to_one_contact_within_the_gap(
    real: House, resend: FakeResend
) -> None:
    real.clock.now = NOW + timedelta(days=3)  # a Thursday
    real.follow_up_settings(waits=[])
    contact = real.a_contact()
    real.a_sent_task(contact=contact)
    second = real.a_sent_task(contact=contact)
    assert len(resend.requests) == 1
    binding = waits(real, second)
    assert list(binding) == ["contact_gap"]
    assert binding["contact_gap"].until == NOW + timedelta(days=7), "Friday, then Monday"

    real.wait(days=4)

    assert len(resend.requests) == 2


def test_whoever_has_answered_is_written_to_without_a_gap(real: House, resend: FakeResend) -> None:
    contact = real.a_contact()
    real.a_sent_task(contact=contact)
    real.clock.advance(60)
    real.run(contacts.record_reply, contact_id=contact.id, text="Tell me more.")
    real.clock.advance(60)
    real.a_sent_task(contact=contact)

    assert len(resend.requests) == 2


def test_a_short_wait_is_never_lengthened_by_the_gap(real: House, resend: FakeResend) -> None:
    real.follow_up_settings(waits=["PT2S", "PT2S"])
    task = real.a_sent_task()
    real.wait(seconds=30)

    assert [mail.transport for mail in real.sent(task)] == ["resend"] * 3


def test_a_contact_gets_so_many_mails_a_month(real: House, resend: FakeResend) -> None:
    set_to(real, contactTouches=2, contactGapDays=0, draftLifetime="P60D")
    contact = real.a_contact()
    real.follow_up_settings(waits=[])
    for _ in range(2):
        real.a_sent_task(contact=contact)
        real.clock.advance(days=1)
    third = real.a_sent_task(contact=contact)

    assert len(resend.requests) == 2
    assert waits(real, third)["contact_touches"].until == NOW + timedelta(days=30)
    real.wait(days=28)
    assert len(resend.requests) == 3


def test_a_reader_elsewhere_is_none_of_the_contacts_mails(real: House) -> None:
    real.a_sent_task()
    task = real.a_sent_task()

    assert real.fresh(task).status is TaskStatus.COMPLETED
    assert len(real.all(Contact)) == 2


# What needs no database.


def paced(today: int = 0, busy: int = 0, ramp: int = 50, **limits: int) -> Pace:
    """Return the pace of a Monday at nine; ``busy``: minutes that are spoken for."""
    until = NOW + timedelta(minutes=busy)
    return Pace(
        "a@example.org",
        NOW,
        ZoneInfo("UTC"),
        PaceSettings.model_validate(limits),
        today,
        ramp,
        until,
    )


@pytest.mark.parametrize(
    ("now", "rank", "until"),
    [
        (paced(busy=10), 0, timedelta(minutes=1)),
        (paced(busy=10), 5, timedelta(minutes=6)),
        (paced(busy=4), 0, timedelta()),
        (paced(today=50), 0, timedelta(days=1)),
        (paced(today=50), 49, timedelta(days=1, minutes=49)),
        (paced(today=50), 50, timedelta(days=2)),
        (paced(today=48, busy=10), 2, timedelta(days=1)),
        (paced(today=50, daily_cap=5000, seconds_per_mail=3600), 20, timedelta(days=2, hours=5)),
    ],
)
def test_each_mail_gets_a_turn_of_its_own(now: Pace, rank: int, until: timedelta) -> None:
    assert now.free_at(rank) == NOW + until


@pytest.mark.parametrize(
    ("days", "ramp"),
    [
        ({}, 50),
        ({"2026-03-01": 20}, 50),
        ({"2026-03-01": 50}, 75),
        ({"2026-02-20": 75, "2026-03-01": 10}, 112),
        ({"2026-01-01": 1000}, 50),
        ({"2026-03-02": 1000}, 50),
    ],
)
def test_a_day_grows_by_half_of_the_best_of_the_last_month(days: dict[str, int], ramp: int) -> None:
    """However far the cap is raised: there is never a jump."""
    assert pace._ramp(days, date(2026, 3, 2), 50) == ramp


def test_ten_thousand_places_are_spread_over_days_and_quickly() -> None:
    def room(day: date) -> int:
        return 0 if day == NOW.date() else 50

    places = Places(NOW, timedelta(minutes=1), room, ZoneInfo("UTC"))
    moments = [places.take(any_time) for _ in range(10_000)]

    assert moments[0] == NOW + timedelta(days=1)
    assert len(set(moments)) == 10_000
    assert moments[-1] == NOW + timedelta(days=200, minutes=49)


def test_a_place_is_free_for_who_may_take_it_first() -> None:
    places = Places(NOW, timedelta(minutes=1), lambda _: 50, ZoneInfo("UTC"))
    later: Callable[[datetime], datetime] = lambda at: max(at, NOW + timedelta(minutes=5))  # noqa: E731

    assert [places.take(later), places.take(any_time), places.take(later)] == [
        NOW + timedelta(minutes=5),
        NOW,
        NOW + timedelta(minutes=6),
    ]


class Silent(Unlisted):
    """A transport that never answers."""

    def send(self, mail: Mail) -> Accepted:  # noqa: ARG002 - a mailer's signature
        raise Unknown("No answer.")


def test_a_mail_that_a_person_found_unsent_takes_a_new_place(
    real: House, resend: FakeResend
) -> None:
    [task] = approved(real, 1)
    mailer, real.mailer = real.mailer, Silent(real.mailer)
    real.wait(days=2)
    [asked] = real.escalations()
    real.mailer = mailer

    real.run(escalations.resolve, escalation_id=asked.id, action=EscalationAction.NOT_SENT)
    real.run(desk_tasks.retry, task_id=task.id)
    real.settle()

    assert len(resend.accepted) == 1
    [sender] = real.all(Sender)
    assert sender.days == {"2026-03-02": 0, "2026-03-04": 1}


def test_a_switch_thrown_while_a_mail_waits_for_its_sender_still_stops_it(
    real: House, resend: FakeResend
) -> None:
    real.settings = real.settings.model_copy(update={"public_url": "https://house.test"})
    approved(real, 1)
    with ThreadPoolExecutor(1) as pool, real.tx() as tx:
        pace.lock(tx, {"sender": real.settings.email_from})
        worker = pool.submit(real.make_calls)
        while not somebody_waits(real):
            assert not worker.done()
        real.run(workspaces.stop_sending, reason="Stop.")
        tx.rollback()
        assert worker.result() == 1

    assert resend.requests == []


def somebody_waits(house: House) -> bool:
    with house.tx() as tx:
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        return bool(tx.scalar(sa.text(waiting)))
