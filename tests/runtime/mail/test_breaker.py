"""Too much comes back: all mail stops, and only a person lets it out again."""

import itertools
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from runtime.crm.workspaces import WorkspaceSettings, here
from runtime.db import Transaction
from runtime.desk import workspaces
from runtime.errors import Refused
from runtime.mail import breaker, delivery, reports
from runtime.mail.breaker import BreakerState, Reading
from runtime.models import DeliveryStatus, Draft, Event, SentEmail, TaskStatus, Workspace, new_id
from tests.fakes import FakeResend
from tests.fakes.webhooks import body, bounce
from tests.house import House

_numbers = itertools.count(1)


@pytest.mark.parametrize(
    ("sent", "hard", "complaints", "recently", "state"),
    [
        (0, 0, 0, 0, "QUIET"),
        (49, 2, 0, 2, "QUIET"),
        (49, 10, 0, 2, "QUIET"),
        (50, 1, 0, 0, "WARNING"),
        (100, 1, 0, 0, "QUIET"),
        (100, 2, 0, 2, "WARNING"),
        (100, 3, 0, 0, "STOPPED"),
        (20, 3, 0, 3, "STOPPED"),
        (3, 3, 0, 3, "STOPPED"),
        (10_000, 3, 0, 3, "STOPPED"),
        (50, 0, 1, 0, "WARNING"),
        (49, 0, 1, 0, "QUIET"),
        (3000, 0, 1, 0, "QUIET"),
        (3000, 0, 2, 0, "STOPPED"),
        (4001, 0, 2, 0, "QUIET"),
        (10, 0, 2, 0, "STOPPED"),
    ],
)
def test_what_a_reading_calls_for(
    sent: int, hard: int, complaints: int, recently: int, state: str
) -> None:
    reading = Reading(datetime.now(UTC), sent, hard, complaints, recently)

    found, why = breaker.judge(reading, WorkspaceSettings())

    assert found is BreakerState(state)
    assert bool(why) is (found is not BreakerState.QUIET)


def mails(house: House, count: int, **fields: object) -> list[SentEmail]:
    """Return rows of really sent mails, made from one that was sent by the whole way."""
    [first] = house.sent(house.a_sent_task())
    kept = {
        column.key: getattr(first, column.key)
        for column in SentEmail.__table__.columns
        if column.key not in ("to_address", "workspace_id", "receipt", "envelope")
    }
    with house.tx() as tx:
        more = [
            tx.insert(
                SentEmail,
                **{
                    **kept,
                    "to": f"reader{next(_numbers)}@example.org",
                    "id": new_id(),
                    "draft_id": _a_draft(tx, first),
                    "idempotency_key": f"made-{next(_numbers)}",
                    "provider_message_id": f"made-{next(_numbers)}",
                    **fields,
                },
            )
            for _ in range(count - 1)
        ]
    return [first, *more]


def _a_draft(tx: Transaction, first: SentEmail) -> uuid.UUID:
    one = tx.get_one(Draft, (tx.workspace_id, first.draft_id))
    kept = {
        column.key: getattr(one, column.key)
        for column in Draft.__table__.columns
        if column.key not in ("to_address", "workspace_id", "id", "version")
    }
    id_ = new_id()
    tx.insert(Draft, **{**kept, "to": one.to, "id": id_, "version": next(_numbers) + 100})
    return id_


def tell(house: House, mail: SentEmail, kind: str) -> None:
    more = bounce("Permanent") if kind == "email.bounced" else {}
    raw = body(house.fresh(mail), kind, at=house.clock.now, **more)
    told, svix_id = reports.read(raw), f"msg_{next(_numbers)}"
    assert house.db.run(house.workspace_id, lambda tx: delivery.take(tx, svix_id, told))


def workspace(house: House) -> Workspace:
    with house.tx() as tx:
        return here(tx)


def look(house: House) -> tuple[BreakerState, Reading]:
    with house.tx() as tx:
        return breaker.look(tx, here(tx))


def test_three_bounces_among_few_mails_stop_everything_until_a_person_says_why(
    real: House, resend: FakeResend
) -> None:
    sent = mails(real, 5)
    waiting = real.a_drafted_task()
    for mail in sent[:2]:
        tell(real, mail, "email.bounced")
    assert not workspace(real).sending_stopped

    tell(real, sent[2], "email.bounced")
    real.approve(waiting)
    real.wait(minutes=2)

    stopped = workspace(real)
    assert stopped.sending_stopped
    assert "3 of the last 20 mails came back for good" in (stopped.sending_stopped_reason or "")
    assert len(resend.requests) == 1
    [event] = real.all(Event, Event.type == "sending.stopped")
    assert event.actor == "breaker"
    [asked] = [e for e in real.escalations() if e.dedup_key.startswith("breaker:stopped")]
    assert "resumeSending" in asked.reason
    receipt = real.sent(waiting)[0].receipt
    assert any("breaker" in check["detail"] for check in receipt if not check["passed"])
    assert look(real)[0] is BreakerState.STOPPED

    real.run(workspaces.resume_sending, reason="The list was an old one; it is thrown away.")
    real.settle()

    assert real.fresh(waiting).status is TaskStatus.COMPLETED
    assert look(real)[0] is BreakerState.QUIET
    assert real.fresh(asked).resolved_by == real.who


def test_after_it_was_put_back_only_what_was_sent_since_counts(real: House) -> None:
    old = mails(real, 6)
    for mail in old[:3]:
        tell(real, mail, "email.bounced")
    real.clock.advance(60)
    real.run(workspaces.resume_sending, reason="Seen to.")
    real.clock.advance(60)

    for mail in old[3:5]:
        tell(real, mail, "email.bounced")
    assert not workspace(real).sending_stopped
    for mail in mails(real, 3, sent_at=real.clock.now):
        tell(real, mail, "email.bounced")

    assert workspace(real).sending_stopped


def test_it_warns_once_and_stops_at_its_limit(real: House) -> None:
    # Far apart, so that no three are among the last twenty.
    sent = mails(real, 100)
    with real.tx() as tx:
        for number, mail in enumerate(sent):
            row = tx.get_one(SentEmail, (tx.workspace_id, mail.id))
            row.sent_at = real.clock.now - timedelta(minutes=number)

    for number in (0, 25, 50):
        assert not workspace(real).sending_stopped
        tell(real, sent[number], "email.bounced")

    assert real.events("sending.") == ["sending.warned", "sending.stopped"]
    reason = workspace(real).sending_stopped_reason or ""
    assert "3 of 100 mails came back for good (3.00 %); the limit is 3.0 %" in reason


def test_two_complaints_stop_it_and_each_is_told_to_a_person(real: House) -> None:
    sent = mails(real, 60)
    for mail in sent[:2]:
        tell(real, mail, "email.complained")

    assert workspace(real).sending_stopped
    kinds = sorted(asked.dedup_key.split(":")[0] for asked in real.escalations())
    assert kinds == ["breaker", "breaker", "complained", "complained"]


def test_what_left_long_ago_or_only_for_the_sandbox_has_no_rate(real: House, house: House) -> None:
    long_ago = real.clock.now - timedelta(days=8)
    old = mails(real, 60, sent_at=long_ago)
    for mail in old[1:3]:
        tell(real, mail, "email.complained")
    assert not workspace(real).sending_stopped
    assert look(real)[1].sent == 1

    for mail in mails(house, 6)[:5]:
        tell(house, mail, "email.bounced")
    assert not workspace(house).sending_stopped


def test_bounces_reported_at_the_same_time_are_all_counted(real: House) -> None:
    sent = mails(real, 8)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda mail: tell(real, mail, "email.bounced"), sent[:3]))

    assert workspace(real).sending_stopped


def test_a_person_who_stops_it_meanwhile_does_not_make_the_breaker_forget(real: House) -> None:
    sent = mails(real, 5)
    real.run(workspaces.stop_sending, reason="A wrong list.")
    for mail in sent[:3]:
        tell(real, mail, "email.bounced")

    assert workspace(real).breaker_tripped_at
    real.run(workspaces.resume_sending, reason="Seen to.")
    assert workspace(real).breaker_since == real.clock.now


@pytest.mark.parametrize(
    "setting", [{"bounceStopPercent": 4}, {"complaintStopPercent": 0.08}, {"bounceWarnPercent": 0}]
)
def test_its_limits_cannot_be_laxer_than_the_providers(
    real: House, setting: dict[str, float]
) -> None:
    with pytest.raises(Refused) as refused:
        real.run(workspaces.update, settings=setting)

    assert refused.value.field == f"settings.{next(iter(setting))}"


def test_a_stricter_limit_is_kept(real: House) -> None:
    real.run(workspaces.update, settings={"bounceStopPercent": 1.5})
    sent = mails(real, 60)

    tell(real, sent[0], "email.bounced")

    assert real.fresh(sent[0]).status is DeliveryStatus.BOUNCED
    assert workspace(real).sending_stopped
