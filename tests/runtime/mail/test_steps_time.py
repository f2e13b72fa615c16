"""A step's time: counted, drawn once, frozen by a pause, moved by a calendar, and late."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from runtime.desk import agents as desk_agents
from runtime.desk import drafts, follow_ups, why_not, workspaces
from runtime.errors import Refused
from runtime.mail import timing
from runtime.models import AgentKind, Draft, Event, FollowUp, FollowUpStatus, Task, Workspace
from tests.house import House

WINDOW = {"windowStart": "09:00", "windowEnd": "17:00"}


def sent(house: House, *, country: str | None = None, **contact: Any) -> Task:
    """Return a task whose first mail left now, to somebody in this country."""
    person = house.a_contact(**contact)
    with house.tx() as tx:
        tx.execute(sa.text("UPDATE contacts SET country = :c"), {"c": country})
    return house.a_sent_task(contact=person)


def step_of(house: House, task: Task) -> FollowUp:
    return house.follow_ups(task)[-1]


def on(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def draft_of(house: House, step: FollowUp) -> Draft:
    return house.all(Draft, Draft.follow_up_id == step.id)[-1]


def approve(house: House, step: FollowUp) -> None:
    draft = draft_of(house, step)
    house.run(drafts.approve, draft_id=draft.id, fingerprint=draft.fingerprint)


def test_a_step_says_which_days_it_skipped_and_by_whose_calendar(house: House) -> None:
    house.clock.now = on("2026-04-02 10:00")
    house.follow_up_settings(waits=["P1D"])
    task = sent(house, country="DE", timezone="Europe/Berlin")

    step = step_of(house, task)

    assert step.due_at == on("2026-04-07 10:00")
    assert (step.timezone, step.timezone_source) == ("Europe/Berlin", "contact")
    assert step.calendar == "DE, the contact's country"
    assert {"day": "2026-04-06", "why": "Easter Monday"} in step.skipped
    [event] = house.all(Event, Event.type == "follow_up.scheduled")
    assert "Skipped: Good Friday (2026-04-03), Easter Monday (2026-04-06)." in event.summary
    assert event.summary.endswith("Calendar: DE, the contact's country.")
    with house.tx() as tx:
        [reason] = why_not.about_follow_up(tx, step.id, settings=house.settings)
    assert "Skipped: Good Friday (2026-04-03)" in reason.detail


def test_without_a_country_the_workspaces_counts_and_without_that_weekends(house: House) -> None:
    house.clock.now = on("2026-04-02 10:00")
    house.follow_up_settings(waits=["P1D"])
    unknown = step_of(house, sent(house))
    house.run(workspaces.update, settings={"country": "de"})
    ours = step_of(house, sent(house))
    strange = step_of(house, sent(house, country="XX"))

    assert (unknown.due_at, unknown.calendar) == (
        on("2026-04-03 10:00"),
        "no country known: weekends only",
    )
    assert unknown.timezone_source == "workspace"
    assert (ours.due_at, ours.calendar) == (
        on("2026-04-07 10:00"),
        "DE, the workspace's country",
    )
    assert strange.calendar == "no calendar of XX is known: weekends only"


def test_a_minute_is_drawn_once_inside_the_window(house: House) -> None:
    house.follow_up_settings(waits=["P1D"], **WINDOW)
    steps = [step_of(house, sent(house)) for _ in range(6)]

    for step in steps:
        assert on("2026-03-03 09:00") <= step.due_at < on("2026-03-03 16:55")
        assert step.due_at.second == 0
        assert step.drawn == timing.draw(house.workspace_id, step.task_id, 1)
    assert len({step.due_at for step in steps}) > 1, "they do not all meet at its opening"
    house.run(workspaces.update, settings={"closures": [{"from": "2026-03-03", "name": "Moving"}]})
    moved = [house.fresh(step) for step in steps]
    assert [step.due_at for step in moved] == [s.due_at + timedelta(days=1) for s in steps]
    house.run(workspaces.update, settings={"closures": []})
    assert [house.fresh(step).due_at for step in steps] == [step.due_at for step in steps]


def test_without_a_window_the_time_on_the_wall_is_kept(house: House) -> None:
    house.follow_up_settings(waits=["P1D"])

    assert step_of(house, sent(house)).due_at == house.clock.now + timedelta(days=1)


def test_closures_move_what_is_scheduled_and_nothing_else(house: House) -> None:
    house.follow_up_settings(waits=["P3D"])
    counted, chosen, paused = (step_of(house, sent(house)) for _ in range(3))
    thursday = on("2026-03-05 12:00")
    house.run(follow_ups.reschedule, follow_up_id=chosen.id, due_at=thursday)
    house.run(follow_ups.pause, follow_up_id=paused.id)

    closures = [{"from": "2026-03-04", "to": "2026-03-05", "name": "Company retreat"}]
    house.run(workspaces.update, settings={"closures": closures})

    assert house.fresh(counted).due_at == on("2026-03-09 09:00")
    assert house.fresh(chosen).due_at == thursday, "a person's choice stands"
    assert house.fresh(paused).due_at == paused.due_at
    [event] = house.all(Event, Event.type == "follow_up.replanned")
    assert event.data["due_before"] == counted.due_at.isoformat()
    assert "Company retreat (2026-03-04)" in event.summary
    [said] = house.all(Event, Event.type == "workspace.updated")
    assert said.summary.endswith("1 scheduled follow-ups moved.")
    house.wait(days=10)
    left = {mail.follow_up_id: mail.sent_at for t in house.all(Task) for mail in house.sent(t)}
    assert left[counted.id] == on("2026-03-09 09:00")
    assert left[chosen.id] == thursday


def test_another_zone_moves_the_window_of_those_who_have_none_of_their_own(house: House) -> None:
    house.follow_up_settings(waits=["P1D"], **WINDOW)
    ours = step_of(house, sent(house))
    theirs = step_of(house, sent(house, timezone="America/New_York"))

    house.run(workspaces.update, timezone="Asia/Tokyo")

    moved = house.fresh(ours)
    assert moved.due_at == ours.due_at - timedelta(hours=9)
    assert (moved.timezone, moved.timezone_source) == ("Asia/Tokyo", "workspace")
    assert house.fresh(theirs).due_at == theirs.due_at


def test_a_pause_freezes_the_business_time_that_is_left(house: House) -> None:
    house.clock.now = on("2026-03-05 10:00")  # a Thursday
    house.follow_up_settings(waits=["P2D"])
    step = step_of(house, sent(house))
    assert step.due_at == on("2026-03-09 10:00")
    house.wait(days=1)
    house.run(follow_ups.pause, follow_up_id=step.id, reason="On holiday.")
    paused = house.fresh(step)
    assert (paused.paused_by, paused.paused_at, paused.reason) == (
        house.who,
        house.clock.now,
        "On holiday.",
    )
    assert paused.remaining == timedelta(days=1), "of Friday and Monday, not of the weekend"

    house.wait(days=13)  # long past its time: a Thursday
    house.run(follow_ups.resume, follow_up_id=step.id)
    house.settle()

    assert house.fresh(step).due_at == on("2026-03-20 10:00")
    assert len(house.mails()) == 1, "resuming sends nothing at once"
    assert (house.fresh(step).paused_by, house.fresh(step).remaining) == (None, None)


def test_a_resumed_step_goes_into_its_window(house: House) -> None:
    house.clock.now = on("2026-03-02 16:00")
    house.follow_up_settings(waits=["P1D"], **WINDOW)
    step = step_of(house, sent(house))
    house.run(follow_ups.pause, follow_up_id=step.id)
    house.clock.now = step.due_at.replace(hour=23)

    house.run(follow_ups.resume, follow_up_id=step.id)

    assert 9 <= house.fresh(step).due_at.hour < 17


def test_a_chosen_day_survives_a_pause_while_it_is_ahead(house: House) -> None:
    house.clock.now = on("2026-03-02 10:00")
    house.follow_up_settings(waits=["P1D"], **WINDOW)
    ahead, passed = (step_of(house, sent(house)) for _ in range(2))
    sunday, thursday = on("2026-03-15 11:11"), on("2026-03-05 11:11")
    for step, day in ((ahead, sunday), (passed, thursday)):
        house.run(follow_ups.reschedule, follow_up_id=step.id, due_at=day)
        house.run(follow_ups.pause, follow_up_id=step.id)
    house.clock.now = on("2026-03-06 20:00")  # a Friday, past its hours

    for step in (ahead, passed):
        house.run(follow_ups.resume, follow_up_id=step.id)

    assert (house.fresh(ahead).due_at, house.fresh(ahead).chosen_by) == (sunday, house.who)
    assert house.fresh(passed).due_at.date() == date(2026, 3, 9), "the next of its hours"
    assert house.fresh(passed).chosen_by is None
    house.clock.now = sunday
    house.settle()
    assert house.fresh(ahead).status is FollowUpStatus.SENT


def test_what_is_late_outside_its_hours_moves_to_its_place_in_the_next_ones(house: House) -> None:
    house.follow_up_settings(waits=["P1D"], **WINDOW)
    steps = [step_of(house, sent(house)) for _ in range(3)]
    house.clock.now = on("2026-03-06 20:00")  # the house was down until Friday evening

    house.settle()

    moved = [house.fresh(step) for step in steps]
    assert [s.due_at for s in moved] == [step.due_at + timedelta(days=6) for step in steps]
    assert [s.overdue_since for s in moved] == [step.due_at for step in steps]
    assert len(house.events("follow_up.replanned")) == 3
    house.wait(days=3)
    assert [house.fresh(s).executed_at for s in steps] == [s.due_at for s in moved]


@pytest.mark.parametrize(("days", "asks"), [(14, False), (18, True)])
def test_what_is_late_by_more_than_ten_business_days_asks_first(
    house: House, days: int, asks: bool
) -> None:
    house.follow_up_settings(waits=["P1D"])
    step = step_of(house, sent(house))
    house.clock.advance(days=days)
    house.settle()

    assert (house.fresh(step).status is FollowUpStatus.AWAITING_APPROVAL) is asks
    if asks:
        late = house.fresh(step)
        assert late.reason
        assert late.reason.endswith("is it still wanted?")
        with house.tx() as tx:
            [reason] = why_not.about_follow_up(tx, step.id, settings=house.settings)
        assert "is it still wanted?" in reason.detail
        approve(house, step)
        house.settle()
        assert house.fresh(step).status is FollowUpStatus.SENT


def test_a_text_that_a_person_must_read_is_written_a_business_day_ahead(house: House) -> None:
    house.follow_up_settings(waits=["P3D"], requireApproval=True)
    house.clock.now = on("2026-03-04 10:00")  # Wednesday: due on Monday, written on Friday
    step = step_of(house, sent(house))
    house.wait(days=1, hours=23)
    assert house.fresh(step).status is FollowUpStatus.SCHEDULED

    house.wait(hours=1)

    assert house.fresh(step).status is FollowUpStatus.AWAITING_APPROVAL
    approve(house, step)
    house.settle()
    with house.tx() as tx:
        [reason] = why_not.about_follow_up(tx, step.id, settings=house.settings)
    assert (reason.rule, reason.until) == ("scheduled", step.due_at)
    house.wait(days=7)
    assert house.fresh(step).executed_at == step.due_at, "approved early, it goes when it is due"
    assert house.events("approval.overdue") == []


def test_what_is_not_approved_in_time_is_reminded_of_once_and_goes_in_hours(house: House) -> None:
    house.follow_up_settings(waits=["P1D"], requireApproval=True, **WINDOW)
    step = step_of(house, sent(house))
    house.wait(days=1, hours=13)  # Tuesday evening
    assert house.fresh(step).status is FollowUpStatus.AWAITING_APPROVAL
    assert house.events("approval.overdue") == ["approval.overdue"]
    with house.tx() as tx:
        reason, *_ = why_not.about_follow_up(tx, step.id, settings=house.settings)
    assert f"It was due at {step.due_at:%Y-%m-%d %H:%M} UTC." in reason.detail

    approve(house, step)
    house.settle()
    assert len(house.mails()) == 1, "not at once, at night"
    house.wait(days=1)

    assert house.fresh(step).executed_at == step.due_at + timedelta(days=1)


def test_a_step_written_ahead_waits_for_its_day_when_no_approval_is_asked_any_more(
    house: House,
) -> None:
    house.follow_up_settings(waits=["P3D"], requireApproval=True)
    step = step_of(house, sent(house))
    house.follow_up_settings(waits=["P3D"], requireApproval=False)

    house.wait(days=2)
    assert house.fresh(step).status is FollowUpStatus.SCHEDULED
    house.wait(days=1)

    assert house.fresh(step).status is FollowUpStatus.AWAITING_APPROVAL, "other settings"


def test_agents_that_rested_over_the_due_time_do_not_send_at_night(house: House) -> None:
    house.follow_up_settings(waits=["P1D"], **WINDOW)
    step = step_of(house, sent(house))
    agent_id = house.agent(AgentKind.FOLLOW_UP).id
    house.run(desk_agents.pause, agent_id=agent_id)
    house.clock.now = on("2026-03-07 03:00")
    house.run(desk_agents.resume, agent_id=agent_id)

    house.settle()

    assert len(house.mails()) == 1
    assert house.fresh(step).due_at.date() == date(2026, 3, 9)


REFUSED = [
    ({"country": "Germany"}, "settings.country"),
    ({"country": "ZZ"}, "settings.country"),
    ({"dailyCap": 0}, "settings.dailyCap"),
    ({"dailyCap": "many"}, "settings.dailyCap"),
    ({"burst": 0}, "settings.burst"),
    ({"secondsPerMail": 0}, "settings.secondsPerMail"),
    ({"contactGapDays": -1}, "settings.contactGapDays"),
    ({"contactTouches": 0}, "settings.contactTouches"),
    ({"lateAfterDays": 0}, "settings.lateAfterDays"),
    ({"closures": [{"from": "2026-13-01", "name": "x"}]}, "settings.closures.0.from"),
    (
        {"closures": [{"from": "2026-12-24", "to": "2026-12-01", "name": "x"}]},
        "settings.closures.0",
    ),
    ({"closures": [{"from": "2026-12-24", "name": ""}]}, "settings.closures.0.name"),
    ({"closures": [{"from": 5, "name": "x"}]}, "settings.closures.0.from"),
    ({"closures": [{"from": "2026-01-01", "to": "2027-06-01", "name": "x"}]}, "settings"),
]


@pytest.mark.parametrize(("given", "field"), REFUSED)
def test_a_pace_that_makes_no_sense_is_refused_by_its_field(
    house: House, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        house.run(workspaces.update, settings=given)

    assert refused.value.field == field
    assert house.all(Workspace)[0].settings == {}
