"""What each rule finds, at the edge of its threshold; a table that a salesperson can read."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from runtime.crm.pipeline import rules, thresholds
from runtime.crm.pipeline.facts import Deal, Mark, Person
from runtime.crm.pipeline.thresholds import SAMPLE_FLOOR, Thresholds
from runtime.crm.team import PlanningSettings
from runtime.models import ContactStatus, Priority, Stage

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LIMITS = thresholds.of(PlanningSettings(), [])
ADA = Person(uuid.uuid4(), "Ada Lovelace", ContactStatus.ACTIVE)
SECOND = timedelta(seconds=1)


def ago(**length: float) -> datetime:
    return NOW - timedelta(**length)


def mark(type_: str, at: datetime) -> Mark:
    return Mark(type_, uuid.uuid4(), at)


def a_deal(**facts: Any) -> Deal:
    """Return a deal that was touched an hour ago, so that no rule says anything of it."""
    quiet: dict[str, Any] = {
        "id": uuid.uuid4(),
        "title": "Two seats",
        "stage": Stage.CONTACTED,
        "stage_changed_at": ago(hours=1),
        "created_at": ago(days=90),
        "updated_at": ago(hours=1),
        "contact": ADA,
    }
    return Deal(**(quiet | facts))


def found(deal: Deal, limits: Thresholds = LIMITS, now: datetime = NOW) -> list[str]:
    return [finding.rule for finding in rules.find([deal], limits, now)]


GONE = replace(ADA, status=ContactStatus.BOUNCED)
GRACE = Person(uuid.uuid4(), "Grace Hopper", ContactStatus.ACTIVE)

EDGES: list[tuple[str, dict[str, Any], str]] = [
    ("nothing for fourteen days", {"stage_changed_at": ago(days=14)}, "no_touch"),
    (
        "a reply of two days ago",
        {"last_reply": mark("Reply", ago(days=2))},
        "reply_unanswered",
    ),
    ("a draft of three days ago", {"pending_draft": mark("Draft", ago(days=3))}, "stale_draft"),
    (
        "a meeting of two days ago",
        {"stage": Stage.MEETING, "stage_changed_at": ago(days=2), "updated_at": ago(days=2)},
        "meeting_without_note",
    ),
]


@pytest.mark.parametrize(("facts", "rule"), [e[1:] for e in EDGES], ids=[e[0] for e in EDGES])
def test_a_threshold_is_reached_to_the_second(facts: dict[str, Any], rule: str) -> None:
    deal = a_deal(**facts)

    assert found(deal) == [rule]
    assert found(deal, now=NOW - SECOND) == []


def test_a_quiet_deal_is_left_in_peace() -> None:
    assert found(a_deal()) == []


CASES: list[tuple[str, dict[str, Any], list[str]]] = [
    ("long silence, but a mail is on its way", {"busy": True}, []),
    ("long silence about nobody", {"contact": None}, []),
    ("long silence with somebody who unsubscribed", {"contact": GONE}, []),
    ("a mail of ours yesterday", {"last_mail": mark("SentEmail", ago(days=1))}, []),
    ("a mail of ours long ago", {"last_mail": mark("SentEmail", ago(days=20))}, ["no_touch"]),
    (
        "an old reply that was answered",
        {
            "last_reply": mark("Reply", ago(days=40)),
            "last_mail": mark("SentEmail", ago(days=30)),
        },
        ["no_touch"],
    ),
    (
        "an old reply that nobody answered is one matter, not two",
        {"last_reply": mark("Reply", ago(days=20))},
        ["reply_unanswered"],
    ),
    ("all follow-ups out", {"exhausted": mark("Task", ago(days=20))}, ["follow_ups_exhausted"]),
    (
        "all follow-ups out, then an answer, answered",
        {
            "exhausted": mark("Task", ago(days=20)),
            "last_reply": mark("Reply", ago(days=2, hours=1)),
            "last_mail": mark("SentEmail", ago(days=2)),
        },
        [],
    ),
    (
        "a dead address with a colleague",
        {
            "contact": GONE,
            "bounced_mail": mark("SentEmail", ago(days=1)),
            "colleagues": (GRACE,),
        },
        ["bounced_colleague"],
    ),
    (
        "a dead address with nobody else",
        {"contact": GONE, "bounced_mail": mark("SentEmail", ago(days=1))},
        [],
    ),
]


@pytest.mark.parametrize(("facts", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_what_is_found_in_an_old_deal(facts: dict[str, Any], expected: list[str]) -> None:
    old = {"stage_changed_at": ago(days=30), "updated_at": ago(days=30)}

    assert found(a_deal(**(old | facts))) == expected


@pytest.mark.parametrize(
    ("value", "next_step", "expected"),
    [
        (1000.0, None, ["high_value_idle"]),
        (999.99, None, []),
        (1000.0, "Call.", []),
        (None, None, []),
    ],
)
def test_a_big_deal_wants_a_next_step(
    value: float | None, next_step: str | None, expected: list[str]
) -> None:
    limits = thresholds.of(PlanningSettings(high_value=1000.0), [])

    assert found(a_deal(value=value, next_step=next_step), limits) == expected


def test_what_is_big_is_read_off_the_others_once_there_are_enough() -> None:
    values = [float(n) for n in range(1, SAMPLE_FLOOR)]
    few = [a_deal(value=value) for value in values]
    enough = [*few, a_deal(value=100.0)]

    assert thresholds.of(PlanningSettings(), few).high_value is None
    limits = thresholds.of(PlanningSettings(), enough)
    big = [f.deal.value for f in rules.find(enough, limits, NOW)]
    assert big == [7.0, 100.0]


def test_a_rule_that_is_off_says_nothing() -> None:
    limits = thresholds.of(PlanningSettings(rules_off=["no_touch"]), [])

    assert found(a_deal(stage_changed_at=ago(days=99)), limits) == []


def test_a_meeting_that_was_noted_is_no_matter() -> None:
    deal = a_deal(
        stage=Stage.MEETING, stage_changed_at=ago(days=5), updated_at=ago(days=4, hours=23)
    )

    assert found(deal) == []


def test_a_finding_says_why_shows_its_grounds_and_names_the_order() -> None:
    reply = mark("Reply", ago(days=3))

    [finding] = rules.find([a_deal(last_reply=reply)], LIMITS, NOW)

    assert "Ada Lovelace wrote on 2026-02-27" in finding.why
    assert finding.evidence[0]["id"] == str(reply.id)
    assert "Answer Ada Lovelace" in finding.instruction
    assert finding.priority is Priority.HIGH


def test_the_same_silence_is_the_same_finding_and_another_is_not() -> None:
    deal = a_deal(stage_changed_at=ago(days=30))
    first, again, later = (
        rules.find([each], LIMITS, NOW)[0].key
        for each in (deal, deal, replace(deal, stage_changed_at=ago(days=20)))
    )

    assert first == again != later
