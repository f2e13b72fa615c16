"""What counts as an answer, for which mail, and what is not counted at all."""

from datetime import UTC, datetime, timedelta

import pytest

from runtime.desk import erasing
from runtime.insight import counting
from runtime.insight.counting import Counts
from runtime.models import AgentKind, Contact, DeliveryStatus
from tests.house import House
from tests.runtime.insight.planted import Mail, S, Said, plant, span

NOW = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def counted(house: House, found: list[Mail], replies: list[Said]) -> Counts:
    """Return the numbers of the forty days before now."""
    plant(house, found, replies)
    with house.tx() as tx:
        whole = span(house, NOW - 40 * DAY, NOW)
        return counting.count(tx, whole)[None, None].counts


@pytest.mark.parametrize(
    ("kinds", "replied", "positive"),
    [
        (["human"], 1, 0),
        (["positive"], 1, 1),
        (["question", "positive", "negative"], 1, 1),
        (["automatic"], 0, 0),
        (["out_of_office"], 0, 0),
        (["bounce"], 0, 0),
        (["unsubscribe"], 0, 0),
        (["out_of_office", "neutral"], 1, 0),
    ],
)
def test_a_conversation_has_one_answer_and_only_a_persons_words_are_one(
    house: House, kinds: list[str], replied: int, positive: int
) -> None:
    replies = [Said(NOW - 9 * DAY, kind=kind, mail=0) for kind in kinds]
    counts = counted(house, [Mail(NOW - 10 * DAY)], replies)
    assert (counts.replied, counts.positive) == (replied, positive)


def test_an_answer_counts_for_the_mail_it_answers_and_on_the_day_that_left(house: House) -> None:
    found = [Mail(NOW - 12 * DAY), Mail(NOW - 8 * DAY, step=1)]
    plant(house, found, [Said(NOW - 7 * DAY, mail=0)])
    with house.tx() as tx:
        sums = counting.count(tx, span(house, NOW - 40 * DAY, NOW))
    day = (NOW - 12 * DAY).date()
    assert sums[day, AgentKind.OUTREACH].counts.replied == 1
    assert sums[None, AgentKind.FOLLOW_UP].counts.replied == 0
    assert sums[None, None].counts.reached == 1


def test_sandbox_mail_is_never_counted_with_real_mail(house: House) -> None:
    found = [Mail(NOW - 3 * DAY, sandbox=True), Mail(NOW - 2 * DAY, task=1, sandbox=True)]
    found.append(Mail(NOW - DAY, task=2, status=S.BOUNCED))
    assert counted(house, found, []) == Counts(sent=1, bounced=1)
    with house.tx() as tx:
        whole = span(house, NOW - 40 * DAY, NOW, sandbox=True)
        assert counting.count(tx, whole)[None, None].counts == Counts(2, 2, 0, 2, begun=2)
        assert counting.mails(tx, whole) == 2


@pytest.mark.parametrize("status", [S.BLOCKED, S.SENDING, S.FAILED, S.UNKNOWN])
def test_what_the_provider_did_not_take_is_not_sent(house: House, status: DeliveryStatus) -> None:
    assert counted(house, [Mail(NOW - DAY, status=status)], []) == Counts()


@pytest.mark.parametrize(
    ("hours_later", "replied_to"),
    [(-1, None), (1, 0), (25, 0), (49, 2)],
)
def test_an_answer_to_no_named_mail_is_one_to_the_last_that_did_not_come_back(
    house: House, hours_later: int, replied_to: int | None
) -> None:
    begin = NOW - 9 * DAY
    found = [Mail(begin), Mail(begin + DAY, 0, 1, S.BOUNCED), Mail(begin + 2 * DAY, 0, 2)]
    plant(house, found, [Said(begin + timedelta(hours=hours_later))])
    with house.tx() as tx:
        days = [
            counting.count(tx, span(house, mail.at, mail.at + DAY))[None, None].counts.replied
            for mail in found
        ]
    assert days == [int(n == replied_to) for n in range(3)]


def test_the_erased_stay_in_the_numbers(house: House) -> None:
    plant(house, [Mail(NOW - 9 * DAY)], [Said(NOW - 8 * DAY, mail=0, kind="positive")])
    with house.tx() as tx:
        whole = span(house, NOW - 40 * DAY, NOW)
        before = counting.count(tx, whole)[None, None].counts
    [contact] = house.all(Contact)
    house.run(
        erasing.erase, contact_id=contact.id, confirm_email=contact.email, reason="Asked for it."
    )
    with house.tx() as tx:
        assert counting.count(tx, whole)[None, None].counts == before
        assert before == Counts(1, 1, 0, 1, 1, 1, 1, 1, 1)
