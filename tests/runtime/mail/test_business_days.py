"""What was due on a working day and is late waits for the next one at the gate."""

from datetime import timedelta

from runtime.desk import follow_ups
from runtime.models import FollowUpStatus
from tests.house import House


def test_a_follow_up_that_an_outage_made_late_does_not_leave_on_a_weekend(house: House) -> None:
    house.follow_up_settings(waits=["P4D"])
    task = house.a_sent_task()
    [step] = house.follow_ups(task)
    assert step.due_at.strftime("%A") == "Friday"

    house.clock.now = step.due_at + timedelta(days=1)
    house.settle()
    assert len(house.mails()) == 1
    house.wait(days=2)

    [late] = house.sent(task)[1:]
    assert late.sent_at == step.due_at + timedelta(days=3)
    assert late.sent_at.strftime("%A") == "Monday"


def test_a_follow_up_that_a_person_moved_to_a_weekend_leaves_then(house: House) -> None:
    house.follow_up_settings(waits=["P4D"])
    task = house.a_sent_task()
    [step] = house.follow_ups(task)
    saturday = step.due_at + timedelta(days=1)
    house.run(follow_ups.reschedule, follow_up_id=step.id, due_at=saturday)

    house.wait(days=6)

    assert house.sent(task)[1].sent_at == saturday


def test_a_wait_of_hours_ends_on_a_weekend_too(house: House) -> None:
    house.follow_up_settings(waits=["PT2H"])
    house.clock.now += timedelta(days=5)
    task = house.a_sent_task()

    house.wait(hours=3)

    assert [step.status for step in house.follow_ups(task)] == [FollowUpStatus.SENT]
