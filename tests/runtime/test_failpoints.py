"""Who listens hears of each failpoint that is passed, and may raise there."""

from collections.abc import Iterator

import pytest

from runtime import failpoints


@pytest.fixture(autouse=True)
def nobody_listens_afterwards() -> Iterator[None]:
    yield
    failpoints.listen(None)


def test_a_listener_hears_of_each_failpoint_until_it_is_taken_away() -> None:
    heard: list[str] = []
    failpoints.listen(heard.append)

    failpoints.pass_by("call.claimed")
    failpoints.pass_by("call.admitted")
    failpoints.listen(None)
    failpoints.pass_by("call.finished")

    assert heard == ["call.claimed", "call.admitted"]


def test_what_a_listener_raises_is_raised_where_the_failpoint_stands() -> None:
    def die(_name: str) -> None:
        raise SystemExit

    failpoints.listen(die)

    with pytest.raises(SystemExit):
        failpoints.pass_by("call.claimed")
