"""How long drafts wait is measured where a person decided, and only there."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from runtime.desk import drafts
from runtime.insight import decisions
from runtime.insight.decisions import Waits
from runtime.models import AgentKind, Draft
from tests.house import House
from tests.runtime.insight.planted import span


def waits(house: House) -> dict[AgentKind | None, Waits]:
    now = house.clock.now
    with house.tx() as tx:
        return decisions.waits(tx, span(house, now - timedelta(days=9), now + timedelta(days=1)))


def opened(house: House) -> Sequence[Draft]:
    now = house.clock.now
    whole = span(house, now - timedelta(days=9), now + timedelta(days=1))
    with house.tx() as tx:
        found: Sequence[Draft] = tx.scalars(sa.select(Draft).where(*decisions.rows(whole))).all()
        return found


def test_the_wait_is_from_writing_to_a_persons_word(house: House) -> None:
    for seconds in (10, 20, 60):
        task = house.a_drafted_task()
        house.clock.advance(seconds)
        house.approve(task)
    rejected = house.draft(house.a_drafted_task())
    house.clock.advance(30)
    house.run(drafts.reject, draft_id=rejected.id)
    house.a_drafted_task()

    found = waits(house)[None]

    assert (found.n, found.median) == (4, 25.0)
    assert found.p90 is not None
    assert 30 < found.p90 <= 60
    assert len(opened(house)) == 4


def test_leave_that_came_with_the_first_mails_is_no_decision(house: House) -> None:
    house.follow_up_settings(waits=["PT2S"], businessDaysOnly=False, requireApproval=False)
    task = house.a_drafted_task()
    house.clock.advance(40)
    house.approve(task)
    house.wait(minutes=1)

    assert len(house.all(Draft)) == 2
    assert waits(house)[None] == waits(house)[AgentKind.OUTREACH] == Waits(1, 40.0, 40.0)
    assert AgentKind.FOLLOW_UP not in waits(house)


def test_an_approval_that_was_taken_back_no_longer_counts(house: House) -> None:
    task = house.a_drafted_task()
    house.approve(task)
    house.run(drafts.edit, draft_id=house.draft(task).id, body="Another text.")
    assert waits(house)[None] == Waits()
    assert opened(house) == []


def test_a_text_that_was_corrected_by_hand_waited_since_it_was_first_written(
    house: House,
) -> None:
    task = house.a_drafted_task()
    house.clock.advance(3600)
    house.run(drafts.edit, draft_id=house.draft(task).id, body="Another text.")
    house.clock.advance(10)
    house.approve(task)
    assert waits(house)[None] == Waits(1, 3610.0, 3610.0)
