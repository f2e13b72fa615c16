"""Durations: what people write is read exactly, or refused with the way out."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime import durations
from runtime.backoff import FLOOR, full_jitter
from runtime.errors import Refused


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("PT2S", timedelta(seconds=2)),
        ("PT0.5S", timedelta(milliseconds=500)),
        ("P3D", timedelta(days=3)),
        ("P1W", timedelta(weeks=1)),
        ("P1DT2H3M4S", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("PT36H", timedelta(hours=36)),
    ],
)
def test_a_duration_is_read(text: str, length: timedelta) -> None:
    assert durations.parse(text) == length


@pytest.mark.parametrize(
    "text",
    [
        *("", "P", "PT", "3", "3d", "P3", "P1M", "P1Y", "P-1D", "-P1D", "PT1H1H", "P1DT", " P1D"),
        *("PT2S ", "pt2s", "P1D2H", "PT1.5H", "P٣D", "P99999D", "PT1,5S", 3, None, ["P1D"]),
    ],
)
def test_what_is_no_duration_is_refused_by_its_field(text: object) -> None:
    with pytest.raises(Refused) as refused:
        durations.parse(text, field="waits")

    assert (refused.value.reason_code, refused.value.field) == ("INVALID_DURATION", "waits")
    assert "P3D" in refused.value.message


@given(st.integers(0, int(durations.LONGEST / timedelta(milliseconds=1))))
def test_a_duration_is_written_as_it_is_read(milliseconds: int) -> None:
    length = timedelta(milliseconds=milliseconds)

    assert durations.parse(durations.text(length)) == length


@given(
    st.integers(1, 1000),
    st.floats(0.01, 10),
    st.floats(1, 1000),
    st.none() | st.floats(0, 100_000),
)
def test_the_wait_before_the_next_try_is_bounded_and_never_shorter_than_asked(
    attempt: int, base: float, cap: float, after: float | None
) -> None:
    seconds = full_jitter(attempt, base=base, cap=cap, after=after)

    assert seconds >= FLOOR
    assert seconds >= (after or 0)
    assert seconds <= max(FLOOR, cap, (after or 0) + 1.25)


def test_the_wait_grows_and_is_spread() -> None:
    drawn = [[full_jitter(n, base=1, cap=60) for _ in range(200)] for n in (1, 4, 10)]

    assert [max(waits) <= top for waits, top in zip(drawn, (1, 8, 60), strict=True)] == [True] * 3
    assert all(len(set(waits)) > 100 for waits in drawn)
    assert sum(drawn[0]) < sum(drawn[1]) < sum(drawn[2])
