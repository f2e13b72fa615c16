"""A follow-up shows where its time comes from, who paused it, and whether it is overdue."""

from datetime import UTC, datetime

from runtime.desk import follow_ups
from tests.graphql_api.door import Caller
from tests.house import House

TIMES = (
    "{ followUps { nodes { timezone timezoneSource calendar skippedDays overdue pausedAt pausedBy "
    "} } }"
)


def test_it_shows_its_calendar_its_zone_and_who_paused_it(owner: Caller, house: House) -> None:
    house.clock.now = datetime(2026, 4, 2, 10, tzinfo=UTC)
    owner.do("updateWorkspace", {"settings": {"country": "DE"}}, "workspace { id }")
    house.follow_up_settings(waits=["P1D"])
    task = house.a_sent_task(contact=house.a_contact(timezone="Europe/Berlin"))
    house.run(follow_ups.pause, follow_up_id=house.follow_ups(task)[0].id)

    [shown] = owner.ask(TIMES)["followUps"]["nodes"]

    assert shown == {
        "timezone": "Europe/Berlin",
        "timezoneSource": "contact",
        "calendar": "DE, the workspace's country",
        "skippedDays": [
            "2026-04-03: Good Friday",
            "2026-04-04: Saturday",
            "2026-04-05: Sunday",
            "2026-04-06: Easter Monday",
        ],
        "overdue": False,
        "pausedAt": "2026-04-02T10:00:00Z",
        "pausedBy": "Ada",
    }


def test_what_nobody_decided_on_in_time_is_overdue(owner: Caller, house: House) -> None:
    house.follow_up_settings(waits=["P1D"], requireApproval=True)
    house.a_sent_task()
    assert owner.ask(TIMES)["followUps"]["nodes"][0]["overdue"] is False

    house.wait(days=1, hours=1)

    assert owner.ask(TIMES)["followUps"]["nodes"][0]["overdue"] is True
