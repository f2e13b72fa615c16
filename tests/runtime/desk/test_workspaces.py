"""The workspace's switches: its name, its zone, and the one that stops all its mail."""

from typing import Any

import pytest

from runtime.desk import follow_ups, workspaces
from runtime.errors import Refused
from runtime.models import Call, CallKind, CallStatus, Event, FollowUp, Task, TaskStatus, Workspace
from tests.house import House


def stop(house: House, reason: str = "A wrong list.") -> None:
    house.run(workspaces.stop_sending, reason=reason)


def resume(house: House) -> None:
    house.run(workspaces.resume_sending, reason="The list is right.")


def approved(house: House) -> Task:
    task = house.a_drafted_task()
    house.approve(task)
    house.take_turns()
    return task


def workspace(house: House) -> Workspace:
    return house.all(Workspace)[0]


def test_while_sending_is_stopped_mails_wait_and_nothing_is_lost(house: House) -> None:
    tasks = [house.a_drafted_task() for _ in range(3)]
    stop(house)
    for task in tasks:
        house.approve(task)

    house.wait(minutes=10)  # more looks than a mail has tries
    house.skip(hours=5)

    assert house.mails() == []
    assert {house.fresh(task).status for task in tasks} == {TaskStatus.SENDING}
    assert "A wrong list." in str(house.sent(tasks[0])[0].receipt)
    resume(house)
    house.settle()
    assert len(house.mails()) == 3
    assert {house.fresh(task).status for task in tasks} == {TaskStatus.COMPLETED}


def test_resuming_lets_mails_come_to_the_gate_at_once_not_at_their_next_look(house: House) -> None:
    approved(house)
    stop(house)
    house.settle()
    [call] = house.all(Call, Call.kind == CallKind.SEND_EMAIL)
    assert call.available_at > house.clock.now

    resume(house)
    house.settle()

    assert len(house.mails()) == 1
    assert house.all(Event, Event.type == "sending.resumed")[0].data["waiting"] == 1


def test_resuming_hurries_no_call_that_waits_for_something_else(house: House) -> None:
    task = approved(house)
    stop(house)
    with house.tx() as tx:
        call = tx.get_one(
            Call, (house.workspace_id, house.all(Call, Call.status == CallStatus.PLANNED)[0].id)
        )
        call.available_at = later = house.clock.now.replace(hour=23)

    resume(house)
    house.settle()

    assert house.sent(task) == []
    assert house.all(Call, Call.status == CallStatus.PLANNED)[0].available_at == later


def test_stopping_changes_no_schedule(house: House) -> None:
    house.follow_up_settings(waits=["PT1H", "PT1H"], businessDaysOnly=False)
    task = house.a_sent_task()
    due = house.follow_ups(task)[0].due_at
    stop(house)
    house.wait(hours=1, minutes=1)
    house.skip(hours=2)
    assert len(house.mails()) == 1
    assert [step.due_at for step in house.all(FollowUp)] == [due]

    resume(house)
    house.settle()

    assert len(house.mails()) == 2
    first, second = house.follow_ups(task)
    assert first.executed_at == house.clock.now
    assert (second.due_at - house.clock.now).total_seconds() == 3600


def test_a_stop_is_recorded_with_who_and_why_and_once(house: House) -> None:
    stop(house)
    stop(house)

    [event] = house.all(Event, Event.type == "sending.stopped")
    assert event.actor == house.who
    assert event.data == {"reason": "A wrong list."}
    assert workspace(house).sending_stopped
    assert workspace(house).sending_stopped_reason == "A wrong list."


def test_another_reason_for_a_stop_takes_the_first_ones_place(house: House) -> None:
    stop(house)
    stop(house, "The domain is blocked.")

    assert workspace(house).sending_stopped_reason == "The domain is blocked."
    assert len(house.events("sending.stopped")) == 2


def test_resuming_what_is_not_stopped_changes_nothing(house: House) -> None:
    resume(house)

    assert not workspace(house).sending_stopped
    assert house.events("sending") == []


@pytest.mark.parametrize("command", [workspaces.stop_sending, workspaces.resume_sending])
@pytest.mark.parametrize("reason", ["", " \n", "x" * 501, "two\nlines", "a\x00b"])
def test_a_switch_is_not_turned_without_a_reason(house: House, command: Any, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        house.run(command, reason=reason)

    assert refused.value.field == "reason"
    assert not workspace(house).sending_stopped


def test_another_zone_moves_nothing_that_is_due_on_the_same_day_there(house: House) -> None:
    task = house.a_sent_task()
    before = house.follow_ups(task)[0].due_at

    house.run(workspaces.update, timezone="asia/tokyo", name="  Sales  " + str(task.id))

    assert workspace(house).timezone == "Asia/Tokyo"
    assert workspace(house).name == f"Sales  {task.id}"
    assert house.follow_ups(task)[0].due_at == before
    [event] = house.all(Event, Event.type == "workspace.updated")
    assert event.summary == "Ada changed the workspace's name, timezone."


def test_an_update_that_changes_nothing_is_no_event(house: House) -> None:
    house.run(workspaces.update)
    house.run(workspaces.update, name=workspace(house).name, timezone="UTC", settings={})

    assert house.events("workspace.updated") == []


def test_a_name_is_taken_once(house: House, other_house: House) -> None:
    taken = workspace(other_house).name

    with pytest.raises(Refused) as refused:
        house.run(workspaces.update, name=taken, timezone="Asia/Tokyo")

    assert (refused.value.field, refused.value.reason_code) == ("name", "NAME_TAKEN")
    assert workspace(house).timezone == "UTC", "all or nothing"


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"name": " "}, "name", "EMPTY"),
        ({"name": "x" * 101}, "name", "TOO_LONG"),
        ({"name": "a\nb"}, "name", "REFUSED"),
        ({"timezone": "Mars/Olympus"}, "timezone", "INVALID_TIMEZONE"),
        ({"settings": {"colour": "red"}}, "settings.colour", "INVALID_SETTING"),
        ({"settings": {"colour": None}}, "settings.colour", "INVALID_SETTING"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(
    house: House, given: dict[str, Any], field: str, code: str
) -> None:
    before = workspace(house)

    with pytest.raises(Refused) as refused:
        house.run(workspaces.update, **given)

    assert (refused.value.field, refused.value.reason_code) == (field, code)
    assert (workspace(house).name, workspace(house).settings) == (before.name, {})


def test_a_refused_setting_is_told_what_there_is_to_set(house: House) -> None:
    with pytest.raises(
        Refused, match=r"colour: there is no such setting; known are .*bounceStop.*burst.*fourEyes"
    ):
        house.run(workspaces.update, settings={"colour": "red"})


def test_a_step_moved_during_a_stop_waits_for_its_new_time(house: House) -> None:
    house.follow_up_settings(waits=["PT1H"], businessDaysOnly=False)
    task = house.a_sent_task()
    stop(house)
    [step] = house.follow_ups(task)
    house.run(follow_ups.reschedule, follow_up_id=step.id, due_at=house.clock.now.replace(hour=20))
    house.wait(hours=2)
    resume(house)
    house.settle()
    assert len(house.mails()) == 1

    house.wait(hours=12)

    assert len(house.mails()) == 2
