"""Quiet hours are a person's wall clock, also in the nights when it is moved."""

from datetime import UTC, datetime

import pytest

from runtime.push.quiet import Quiet


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


NIGHT, NOON = ("22:00", "07:00"), ("12:00", "13:00")


@pytest.mark.parametrize(
    ("hours", "moment", "until"),
    [
        (NIGHT, "2026-01-15 20:59:59", "2026-01-15 20:59:59"),
        (NIGHT, "2026-01-15 21:00", "2026-01-16 06:00"),
        (NIGHT, "2026-01-16 02:00", "2026-01-16 06:00"),
        (NIGHT, "2026-01-16 06:00", "2026-01-16 06:00"),
        (NOON, "2026-01-15 10:59", "2026-01-15 10:59"),
        (NOON, "2026-01-15 11:30", "2026-01-15 12:00"),
        (NOON, "2026-01-15 12:00", "2026-01-15 12:00"),
        # In summer the same wall clock is an hour earlier.
        (NIGHT, "2026-07-15 20:30", "2026-07-16 05:00"),
        # The nights of 29 March, which is an hour shorter, and 25 October.
        (NIGHT, "2026-03-28 21:30", "2026-03-29 05:00"),
        (NIGHT, "2026-10-24 20:30", "2026-10-25 06:00"),
        # An end that this night has not: three o'clock comes at once after two.
        (("01:00", "02:30"), "2026-03-29 00:30", "2026-03-29 01:30"),
        # An end that this night has twice.
        (("02:00", "02:30"), "2026-10-25 00:10", "2026-10-25 00:30"),
        (("02:00", "02:30"), "2026-10-25 01:10", "2026-10-25 01:30"),
    ],
)
def test_one_may_speak_again_when_they_end(hours: tuple[str, str], moment: str, until: str) -> None:
    assert Quiet.of(*hours, "Europe/Berlin").until(at(moment)) == at(until)


def test_without_quiet_hours_one_may_always_speak() -> None:
    moment = at("2026-01-15 03:00")

    assert Quiet.of(None, None, "UTC").until(moment) == moment
