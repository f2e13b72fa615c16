"""A rate says how sure one can be of it, and when it cannot be told."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.insight import counting
from runtime.insight.rates import SHARES, Rate, RateName, wilson
from runtime.models import AgentKind
from tests.house import House
from tests.runtime.insight.planted import Mail, S, Said, plant, span

NOW = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (3, 100, 0.0103, 0.0845),
        (10, 200, 0.0274, 0.0896),
        (2, 30, 0.0185, 0.2132),
        (0, 20, 0.0, 0.1611),
        (20, 20, 0.8389, 1.0),
    ],
)
def test_the_interval_is_wilsons(part: int, whole: int, low: float, high: float) -> None:
    assert [*wilson(part, whole)] == pytest.approx([low, high], abs=5e-5)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_lies_within_its_interval_and_the_interval_within_all_there_is(
    shares: tuple[int, int],
) -> None:
    part, whole = shares
    low, high = wilson(part, whole)
    assert 0.0 <= low <= part / whole <= high <= 1.0
    assert [1 - high, 1 - low] == pytest.approx([*wilson(whole - part, whole)])


def a_rate(part: int, whole: int, **more: object) -> Rate:
    given = {"young": 0, "judged_until": NOW} | more
    return Rate(RateName.REPLY, part, whole, **given)  # type: ignore[arg-type]


def test_a_sound_rate_needs_no_words() -> None:
    rate = a_rate(5, 20)
    assert (rate.value, rate.too_few, rate.why) == (0.25, False, None)


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (a_rate(0, 0), "No conversation that reached"),
        (Rate(RateName.BOUNCE, 0, 0, 0, NOW), "Nothing was sent"),
        (a_rate(0, 0, young=3), "younger than 14 days"),
        (a_rate(0, 30, unreported=True), "reported on none"),
    ],
)
def test_a_rate_that_cannot_be_told_says_why(rate: Rate, words: str) -> None:
    assert rate.value is None
    assert rate.bounds is None
    assert words in (rate.why or "")


def test_a_rate_of_few_is_told_and_marked() -> None:
    rate = a_rate(5, 19)
    assert rate.value == 5 / 19
    assert rate.too_few
    assert rate.why == "Of 19; below 20 a rate is too uncertain to tell anything."


def test_what_is_too_young_to_be_answered_does_not_press_the_rate(house: House) -> None:
    found = [Mail(NOW - age, task=n, status=S.DELIVERED) for n, age in enumerate(AGES)]
    house.clock.now = NOW
    plant(house, found, [Said(NOW - 10 * DAY, mail=0)])
    with house.tx() as tx:
        rates = counting.count(tx, span(house, NOW - 40 * DAY, NOW))[None, None].rates
    reply, delivered = rates[RateName.REPLY], rates[RateName.DELIVERED]
    assert (reply.numerator, reply.denominator, reply.young) == (1, 2, 3)
    assert (delivered.numerator, delivered.denominator, delivered.young) == (4, 4, 1)
    assert reply.judged_until == NOW - SHARES[RateName.REPLY].age


AGES = (20 * DAY, 14 * DAY + timedelta(seconds=1), 14 * DAY, 2 * DAY, timedelta(hours=1))


def test_mails_that_nobody_reported_on_have_no_delivery_rate(house: House) -> None:
    house.clock.now = NOW
    plant(house, [Mail(NOW - 20 * DAY, task=n) for n in range(3)])
    with house.tx() as tx:
        rates = counting.count(tx, span(house, NOW - 40 * DAY, NOW))[None, None].rates
    assert rates[RateName.DELIVERED].value is rates[RateName.BOUNCE].value is None
    assert "webhook" in (rates[RateName.BOUNCE].why or "")
    assert rates[RateName.REPLY].value == 0.0


def test_an_answer_is_no_report_of_the_providers(house: House) -> None:
    house.clock.now = NOW
    plant(house, [Mail(NOW - 20 * DAY, task=n) for n in range(30)], [Said(NOW - 9 * DAY, mail=0)])
    with house.tx() as tx:
        rates = counting.count(tx, span(house, NOW - 40 * DAY, NOW))[None, None].rates
    assert rates[RateName.DELIVERED].value is rates[RateName.BOUNCE].value is None
    assert "webhook" in (rates[RateName.DELIVERED].why or "")
    assert rates[RateName.REPLY].value == 1 / 30


def test_an_answer_counts_for_its_conversation_whichever_mail_brought_it(house: House) -> None:
    house.clock.now = NOW
    first = [Mail(NOW - 20 * DAY, task=n) for n in range(20)]
    later = [Mail(NOW - 13 * DAY, task=n, step=1) for n in range(20)]
    plant(house, first + later, [Said(NOW - 12 * DAY, mail=20 + n) for n in range(20)])
    for since in (NOW - 40 * DAY, NOW - 21 * DAY):  # however long the span is
        with house.tx() as tx:
            sums = counting.count(tx, span(house, since, NOW - 18 * DAY))
        reply = sums[None, None].rates[RateName.REPLY]
        assert (reply.numerator, reply.denominator, reply.young) == (20, 20, 0)
        assert sums[None, AgentKind.OUTREACH].rates[RateName.REPLY].numerator == 0
    with house.tx() as tx:
        sums = counting.count(tx, span(house, NOW - 40 * DAY, NOW))
    follow_up = sums[None, AgentKind.FOLLOW_UP].rates[RateName.REPLY]
    assert (follow_up.numerator, follow_up.denominator, follow_up.young) == (0, 0, 20)


def test_spans_side_by_side_add_up_to_the_span_of_both(house: House) -> None:
    house.clock.now = NOW
    begin = NOW - 42 * DAY
    first = [Mail(begin + n * DAY, task=n) for n in range(28)]
    later = [Mail(begin + (n + 5) * DAY, task=n, step=1) for n in range(28)]
    plant(house, first + later, [Said(begin + (n + 9) * DAY, mail=28 + n) for n in range(0, 28, 4)])
    with house.tx() as tx:
        weeks = [span(house, begin + 7 * n * DAY, begin + 7 * (n + 1) * DAY) for n in range(6)]
        parts = [counting.count(tx, week)[None, None].rates[RateName.REPLY] for week in weeks]
    # Every fourth was answered, though many an answer was to a follow-up of the week after.
    assert [(part.numerator, part.denominator) for part in parts[:4]] == [
        *((2, 7), (2, 7), (2, 7), (1, 7)),
    ]
    with house.tx() as tx:
        whole = counting.count(tx, span(house, begin, NOW))[None, None].rates[RateName.REPLY]
    assert (whole.numerator, whole.denominator) == (7, 28)


def test_a_conversation_whose_mails_all_came_back_did_not_begin(house: House) -> None:
    house.clock.now = NOW
    found = [
        Mail(NOW - 20 * DAY, task=0, status=S.BOUNCED),
        Mail(NOW - 20 * DAY, task=1, status=S.BOUNCED),
        Mail(NOW - 12 * DAY, task=1, step=1),
        Mail(NOW - 20 * DAY, task=2, status=S.BOUNCED),
    ]
    plant(house, found, [Said(NOW - 19 * DAY, mail=3, contact=2)], contacts=3)
    with house.tx() as tx:
        sums = counting.count(tx, span(house, NOW - 40 * DAY, NOW - 15 * DAY))[None, None]
    reply = sums.rates[RateName.REPLY]
    assert (reply.numerator, reply.denominator) == (1, 2)


@pytest.mark.parametrize(("days", "answered"), [(13, 1), (15, 0)])
def test_every_conversation_is_looked_at_for_equally_long(
    house: House, days: int, answered: int
) -> None:
    house.clock.now = NOW
    begin = NOW - 30 * DAY
    plant(house, [Mail(begin)], [Said(begin + days * DAY, mail=0, kind="positive")])
    with house.tx() as tx:
        sums = counting.count(tx, span(house, NOW - 40 * DAY, NOW))[None, None]
    assert sums.rates[RateName.REPLY].numerator == answered
    assert sums.rates[RateName.POSITIVE].numerator == answered
    assert sums.counts.replied == sums.counts.positive == 1
