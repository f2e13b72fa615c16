"""How long the outside asks us to wait, in each of its dialects."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from runtime import clock
from scheduler.integrations.waiting import LONGEST, google_duration, retry_after, until_midnight


@pytest.fixture(autouse=True)
def _nine_o_clock() -> Iterator[None]:
    clock.use(clock.FakeClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC)))
    yield
    clock.use(None)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"retry-after": " 0.5 "}, 0.5),
        ({"Retry-After": "Mon, 02 Mar 2026 09:01:00 GMT"}, 60),
        ({"Retry-After": "Mon, 02 Mar 2026 08:00:00 GMT"}, 0),
        ({"Ratelimit-Reset": "3"}, 3),
        ({"Retry-After": "2", "ratelimit-reset": "9"}, 2),
        ({"Retry-After": "999999999"}, LONGEST),
        ({"Retry-After": "-1"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": ""}, None),
        ({}, None),
    ],
)
def test_a_header_that_can_be_read_is_honoured_and_any_other_was_not_said(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert retry_after(headers) == seconds


@pytest.mark.parametrize(
    ("said", "seconds"), [("12.5s", 12.5), ("0s", 0), ("12", None), (12, None), ("s", None)]
)
def test_google_writes_seconds_with_an_s(said: object, seconds: float | None) -> None:
    assert google_duration(said) == seconds


def test_midnight_is_nearer_on_the_night_the_clocks_go_forward() -> None:
    clock.use(clock.FakeClock(datetime(2026, 3, 8, 8, 0, tzinfo=UTC)))

    assert until_midnight("America/Los_Angeles") == 23 * 3600
