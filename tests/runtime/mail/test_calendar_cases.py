"""When is the next mail due?  A table to be read by whoever sells, not only by whoever codes.

Sent and due are times on the wall where the reader lives.  ``country`` is whose holidays
count (none: not known, weekends only), ``window`` the hours in which a follow-up may leave
(any: at any hour).  No minute is drawn here: a time on the wall is kept as far as it may be.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from runtime.crm.calendars import Calendar, Closure
from runtime.crm.team import FollowUpSettings
from runtime.mail.window import Due, planned

CASES = """
sent at             | wait   | zone                | country | window      | due
- - an ordinary week
Mon 2026-03-02 09:00 | P3D    | Europe/Berlin       | none    | any         | Thu 2026-03-05 09:00
Wed 2026-03-04 16:30 | P3D    | Europe/Berlin       | none    | any         | Mon 2026-03-09 16:30
Fri 2026-03-06 20:00 | PT2S   | Europe/Berlin       | DE      | any         | Fri 2026-03-06 20:00
- - Easter: two holidays and a weekend do not count
Thu 2026-04-02 10:00 | P1D    | Europe/Berlin       | DE      | any         | Tue 2026-04-07 10:00
Wed 2026-04-01 10:00 | P3D    | Europe/Berlin       | DE      | 09:00-17:00 | Wed 2026-04-08 10:00
Thu 2026-04-02 10:00 | P1D    | America/New_York    | US      | any         | Fri 2026-04-03 10:00
- - holidays on a Monday
Fri 2026-05-22 11:00 | P1D    | America/New_York    | US      | any         | Tue 2026-05-26 11:00
Fri 2026-05-22 11:00 | P1D    | Europe/London       | GB      | any         | Tue 2026-05-26 11:00
- - a holiday of one state only is not known
Fri 2026-10-02 11:00 | P1D    | Australia/Sydney    | AU      | any         | Mon 2026-10-05 11:00
- - across the end of the year
Wed 2026-12-23 15:00 | P2D    | Europe/Berlin       | DE      | any         | Mon 2026-12-28 15:00
Thu 2026-12-31 15:00 | P1D    | Europe/Berlin       | DE      | any         | Mon 2027-01-04 15:00
Thu 2026-12-31 15:00 | P1D    | Europe/Berlin       | none    | any         | Fri 2027-01-01 15:00
Mon 2029-12-31 08:00 | P1D    | America/Santiago    | CL      | any         | Wed 2030-01-02 08:00
- - leap day
Mon 2028-02-28 12:00 | P1D    | Europe/Berlin       | DE      | any         | Tue 2028-02-29 12:00
Tue 2028-02-29 12:00 | P1D    | Europe/Berlin       | DE      | any         | Wed 2028-03-01 12:00
- - weekends on other days
Thu 2026-06-04 10:00 | P1D    | Asia/Riyadh         | SA      | any         | Sun 2026-06-07 10:00
Thu 2026-06-04 10:00 | P1D    | Asia/Riyadh         | none    | any         | Fri 2026-06-05 10:00
Thu 2026-02-26 10:00 | P1D    | Asia/Jerusalem      | IL      | any         | Sun 2026-03-01 10:00
Sat 2026-02-14 10:00 | P1D    | Asia/Shanghai       | CN      | any         | Tue 2026-02-24 10:00
- - clocks put forward and back, north and south
Fri 2026-03-27 02:30 | P1D    | Europe/Berlin       | none    | any         | Mon 2026-03-30 02:30
Thu 2026-10-22 09:00 | P2D    | Europe/Berlin       | none    | any         | Mon 2026-10-26 09:00
Fri 2026-03-06 17:00 | P1D    | America/New_York    | US      | 09:00-17:30 | Mon 2026-03-09 17:00
Fri 2026-10-30 17:00 | P1D    | America/New_York    | US      | 09:00-17:30 | Mon 2026-11-02 17:00
Fri 2026-10-02 08:59 | P1D    | Australia/Sydney    | none    | 09:00-17:00 | Mon 2026-10-05 09:00
Thu 2026-04-02 09:00 | P2D    | Australia/Sydney    | AU      | any         | Wed 2026-04-08 09:00
Fri 2026-09-04 00:30 | P1D    | America/Santiago    | CL      | any         | Mon 2026-09-07 00:30
Fri 2026-04-03 23:30 | P1D    | America/Santiago    | CL      | any         | Mon 2026-04-06 23:30
- - half hours
Fri 2026-08-14 17:45 | P1D    | Asia/Kolkata        | IN      | 10:00-18:00 | Mon 2026-08-17 17:45
Thu 2026-10-01 18:10 | P1D    | Asia/Kolkata        | IN      | 10:00-18:00 | Tue 2026-10-06 10:00
- - a window of the day
Mon 2026-03-02 18:00 | P1D    | Europe/Berlin       | DE      | 09:00-17:00 | Wed 2026-03-04 09:00
Thu 2026-03-05 18:00 | P1D    | Europe/Berlin       | DE      | 09:00-17:00 | Mon 2026-03-09 09:00
Mon 2026-03-02 06:00 | P1D    | Europe/Berlin       | DE      | 09:00-17:00 | Tue 2026-03-03 09:00
- - a window across midnight: its night belongs to the business day on which it opens
Mon 2026-03-02 23:00 | P1D    | Europe/Berlin       | DE      | 22:00-06:00 | Tue 2026-03-03 23:00
Tue 2026-03-03 02:00 | P1D    | Europe/Berlin       | DE      | 22:00-06:00 | Wed 2026-03-04 02:00
Mon 2026-03-02 12:00 | P1D    | Europe/Berlin       | DE      | 22:00-06:00 | Tue 2026-03-03 22:00
Fri 2026-03-06 02:00 | P1D    | Europe/Berlin       | DE      | 22:00-06:00 | Sat 2026-03-07 02:00
Sat 2026-03-07 02:00 | P1D    | Europe/Berlin       | DE      | 22:00-06:00 | Tue 2026-03-10 02:00
Thu 2026-04-02 23:00 | P1D    | Europe/Berlin       | DE      | 22:00-06:00 | Tue 2026-04-07 23:00
Sat 2026-03-28 02:30 | P1D    | Europe/Berlin       | none    | 22:00-06:00 | Tue 2026-03-31 02:30
Sat 2026-03-07 02:00 | PT2H   | Europe/Berlin       | DE      | 22:00-06:00 | Sat 2026-03-07 04:00
Sat 2026-03-07 05:00 | PT2H   | Europe/Berlin       | DE      | 22:00-06:00 | Sat 2026-03-07 22:00
"""


def rows() -> list[tuple[str, ...]]:
    lines = [line for line in CASES.strip().splitlines()[1:] if "|" in line]
    return [tuple(cell.strip() for cell in line.split("|")) for line in lines]


def moment(text: str, zone: ZoneInfo) -> datetime:
    """Return the time; the day of the week in the table is checked, as people read that."""
    weekday, _, rest = text.partition(" ")
    local = datetime.fromisoformat(rest).replace(tzinfo=zone)
    assert local.strftime("%a") == weekday, f"{rest} is no {weekday}"
    return local.astimezone(UTC)


def due(sent: datetime, wait: str, zone: ZoneInfo, calendar: Calendar, window: str) -> Due:
    opens, _, closes = window.partition("-")
    hours = {} if window == "any" else {"windowStart": opens, "windowEnd": closes}
    settings = FollowUpSettings.model_validate({"businessDaysOnly": True, **hours})
    return planned(sent, wait, settings, zone, calendar)


@pytest.mark.parametrize("row", rows(), ids=" | ".join)
def test_a_mail_is_due_when_the_table_says(row: tuple[str, ...]) -> None:
    sent, wait, zone, country, window, expected = row
    where = ZoneInfo(zone)
    calendar = Calendar() if country == "none" else Calendar(country, "of the table")
    seconds = 2 if wait == "PT2S" else 0

    found = due(moment(sent, where), wait, where, calendar, window).at

    assert found.astimezone(where).strftime("%a %Y-%m-%d %H:%M:%S") == f"{expected}:{seconds:02}"


def test_the_days_that_did_not_count_are_named_with_their_reason() -> None:
    zone = ZoneInfo("Europe/Berlin")
    closed = (Closure(date(2026, 4, 7), date(2026, 4, 8), "Moving house"),)

    found = due(
        moment("Thu 2026-04-02 10:00", zone), "P1D", zone, Calendar("DE", "DE", closed), "any"
    )

    assert found.at == moment("Thu 2026-04-09 10:00", zone)
    assert [(day.day, why) for day, why in found.skipped] == [
        (3, "Good Friday"),
        (4, "Saturday"),
        (5, "Sunday"),
        (6, "Easter Monday"),
        (7, "Moving house"),
        (8, "Moving house"),
    ]


def test_a_country_without_a_calendar_has_weekends() -> None:
    assert Calendar().why_closed(date(2026, 12, 25)) is None
    assert Calendar().why_closed(date(2026, 12, 26)) == "Saturday"
