"""A person is nudged once of what waits, at a decent time, and of nothing that is over."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from runtime import failpoints
from runtime.crm import escalations, tasks, tokens
from runtime.desk import contacts, drafts, nudges, workspaces
from runtime.desk import tasks as desk_tasks
from runtime.desk.nudges import Browser
from runtime.models import (
    Agent,
    AgentKind,
    AgentStatus,
    EscalationKind,
    Event,
    PushKind,
    PushSubscription,
    TaskStatus,
)
from runtime.push.outcomes import MOST_ATTEMPTS
from runtime.push.rounds import GATHER, LEASE
from scheduler.integrations.push import Pusher
from tests.fakes import FakePush
from tests.house import House
from tests.runtime.push.subscribers import Reached, anywhere, owner


def texts(shown: list[dict[str, str]]) -> list[str]:
    return [each["text"] for each in shown]


def test_drafts_that_come_together_are_one_notification(reached: Reached) -> None:
    browser = reached.subscribed()
    for _ in range(5):
        reached.house.a_drafted_task()
    reached.wait(minutes=2)

    [shown] = browser.shown
    assert shown | {"at": "", "tag": ""} == {
        "kind": "APPROVALS",
        "text": "5 drafts await approval.",
        "counts": {"APPROVALS": 5},
        "path": "/",
        "tag": "",
        "at": "",
    }
    assert reached.row.told_at is not None
    assert reached.row.last_error is None


def test_nothing_is_said_before_others_could_have_come(reached: Reached) -> None:
    browser = reached.subscribed()
    reached.house.a_drafted_task()
    reached.look()
    reached.house.clock.now += GATHER - timedelta(seconds=1)
    assert reached.look() == 0
    reached.house.clock.now += timedelta(seconds=1)

    assert reached.look() == 1
    assert texts(browser.shown) == ["1 draft awaits approval."]


def test_each_browser_is_told_of_its_own_kinds_alone(reached: Reached) -> None:
    answers = reached.subscribed(kinds=[PushKind.REPLIES])
    nothing = reached.subscribed(kinds=[])
    all_ = reached.subscribed()
    task = reached.house.a_sent_task()
    reached.house.run(contacts.record_reply, contact_id=task.contact_id, text="Secret words.")
    ask(reached.house)
    reached.wait(minutes=2)

    assert texts(answers.shown) == ["1 reply came in."]
    assert nothing.shown == []
    assert texts(all_.shown) == ["1 question waits for you. 1 reply came in."]
    [both] = all_.shown
    assert (both["kind"], both["path"]) == ("ESCALATIONS", "/")


def test_no_word_of_a_mail_and_no_address_is_in_it(reached: Reached) -> None:
    browser = reached.subscribed()
    contact = reached.house.a_contact(name="Grace Hopper", email="grace@example.org")
    reached.house.a_sent_task(contact=contact)
    reached.house.run(contacts.record_reply, contact_id=contact.id, text="Secret words.")
    ask(reached.house)
    reached.wait(minutes=2)

    said = json.dumps(browser.shown)
    assert browser.shown
    assert [word for word in ("Grace", "Hopper", "grace@", "Secret") if word in said] == []


def ask(house: House, key: str = "x") -> None:
    with house.tx() as tx:
        escalations.ask(tx, EscalationKind.QUESTION, "Grace?", dedup_key=key, actor="outreach")


def test_what_was_seen_to_meanwhile_is_not_told(reached: Reached) -> None:
    browser = reached.subscribed()
    task = reached.house.a_drafted_task()
    reached.look()
    reached.house.run(drafts.reject, draft_id=reached.house.draft(task).id)
    ask(reached.house)
    with reached.house.tx() as tx:
        escalations.settle(tx, "x", "Seen to.", by="Ada")
    reached.wait(minutes=2)

    assert browser.shown == []


def test_failures_are_told_while_they_are_some(reached: Reached) -> None:
    browser, house = reached.subscribed(kinds=[PushKind.FAILURES]), reached.house
    failed, retried = house.a_drafted_task(), house.a_drafted_task()
    house.run(workspaces.stop_sending, reason="Ada's own decision.")
    with house.tx() as tx:
        for task in (failed, retried):
            locked = tasks.wanted(tx, task.id)
            tasks.fail(tx, locked, TaskStatus.FAILED, "X", "It broke.", actor="outreach")
        agent = tx.get_one(Agent, (tx.workspace_id, house.agent(AgentKind.PLANNING).id))
        agent.status = AgentStatus.FAILED
        tx.record("agent.failed", "It crashed.", actor="planning", agent=agent)
    house.run(desk_tasks.retry, task_id=retried.id)
    reached.wait(minutes=2)

    assert texts(browser.shown) == ["2 failures need a look."]
    assert browser.shown[0]["path"].startswith("/activity?type=task.failed")


def test_what_one_did_oneself_is_no_news(reached: Reached) -> None:
    mine = reached.subscribed(reached.a_person(reached.house.who))
    others = reached.subscribed(reached.a_person("Bo"))
    contact = reached.house.a_contact()
    reached.house.run(contacts.record_reply, contact_id=contact.id, text="Yes.")
    reached.wait(minutes=2)

    assert mine.shown == []
    assert texts(others.shown) == ["1 reply came in."]


def test_a_subscription_begins_with_what_comes_after_it(reached: Reached) -> None:
    reached.house.a_drafted_task()
    browser = reached.subscribed()
    reached.wait(minutes=2)

    assert browser.shown == []


def test_after_a_downtime_nothing_old_is_told(reached: Reached) -> None:
    browser = reached.subscribed()
    reached.house.a_drafted_task()
    reached.house.clock.advance(minutes=16)
    reached.house.a_drafted_task()
    reached.wait(minutes=2)

    assert texts(browser.shown) == ["1 draft awaits approval."]


QUIET: dict[str, Any] = {"quiet_hours": ("22:00", "07:00"), "timezone": "Europe/Berlin"}
"""From 21:00 to 06:00 UTC, in winter."""


def test_quiet_hours_end_in_one_summary_of_what_still_waits(reached: Reached) -> None:
    browser, house = reached.subscribed(**QUIET), reached.house
    house.clock.now = house.clock.now.replace(hour=20, minute=59, second=50)
    house.a_drafted_task()
    reached.wait(hours=3)
    decided = house.a_drafted_task()
    ask(house)
    reached.wait(hours=3)
    house.run(drafts.reject, draft_id=house.draft(decided).id)
    reached.wait(hours=2, minutes=50)
    assert browser.shown == []
    reached.wait(minutes=30)

    assert texts(browser.shown) == ["1 question waits for you. 1 draft awaits approval."]


def test_after_a_downtime_over_the_end_of_the_quiet_hours_nothing_is_told(
    reached: Reached,
) -> None:
    browser, house = reached.subscribed(**QUIET), reached.house
    house.clock.now = house.clock.now.replace(hour=23)
    house.a_drafted_task()
    house.clock.advance(hours=7, minutes=16)
    reached.wait(minutes=2)

    assert browser.shown == []


def test_a_try_to_see_whether_it_works_comes_at_once_whatever_the_hour(reached: Reached) -> None:
    person = reached.a_person()
    browser = reached.subscribed(person, **QUIET)
    reached.house.clock.now = reached.house.clock.now.replace(hour=23)
    with reached.house.tx() as tx:
        nudges.test(tx, owner(person), reached.row.id)
    reached.look()
    reached.wait(minutes=2)

    assert [each["kind"] for each in browser.shown] == ["TEST"]


@pytest.mark.parametrize("status", ["404", "410"])
def test_a_browser_that_its_service_forgot_is_forgotten_and_that_is_told(
    reached: Reached, status: str
) -> None:
    reached.subscribed()
    reached.service.fail_next(status)
    reached.house.a_drafted_task()
    reached.wait(minutes=2)

    assert reached.house.all(PushSubscription) == []
    assert reached.house.events("push") == ["push.unsubscribed"]
    assert len(reached.service.requests) == 1


@pytest.mark.parametrize("fault", ["429", "500", "503:1"])
def test_a_busy_service_is_asked_again_and_told_once(reached: Reached, fault: str) -> None:
    browser = reached.subscribed()
    reached.service.fail_next(fault)
    reached.house.a_drafted_task()
    reached.wait(seconds=30)
    assert reached.row.last_error == f"PUSH_UNAVAILABLE: 127.0.0.1 answered {fault[:3]}."
    reached.house.a_drafted_task()
    reached.wait(minutes=5)

    assert texts(browser.shown)[0] in {"1 draft awaits approval.", "2 drafts await approval."}
    assert sum(each["counts"]["APPROVALS"] for each in browser.shown) == 2
    assert reached.row.last_error is None


def test_its_wish_to_wait_is_granted(reached: Reached) -> None:
    browser = reached.subscribed()
    reached.service.fail_next("429:120")
    reached.house.a_drafted_task()
    reached.wait(seconds=140)
    assert len(reached.service.requests) == 1
    reached.wait(seconds=30)

    assert len(browser.shown) == 1


def test_a_service_that_stays_busy_is_given_up_and_it_shows_why(reached: Reached) -> None:
    browser = reached.subscribed()
    reached.service.fail_next(*["503"] * MOST_ATTEMPTS)
    reached.house.a_drafted_task()
    reached.wait(minutes=10)

    assert len(reached.service.requests) == MOST_ATTEMPTS
    assert browser.shown == []
    assert reached.row.last_error == "PUSH_UNAVAILABLE: 127.0.0.1 answered 503."
    reached.house.a_drafted_task()
    reached.wait(minutes=2)
    assert texts(browser.shown) == ["1 draft awaits approval."]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("400", "PUSH_REFUSED"),
        ("403", "PUSH_REFUSED"),
        ("413", "PUSH_REFUSED"),
        ("moved", "PUSH_REFUSED"),
        ("silent", "PUSH_NO_ANSWER"),
        ("taken_in_silence", "PUSH_NO_ANSWER"),
    ],
)
def test_what_was_refused_or_may_have_arrived_is_not_told_again(
    reached: Reached, fault: str, code: str
) -> None:
    browser = reached.subscribed()
    reached.service.fail_next(fault)
    reached.house.a_drafted_task()
    reached.wait(minutes=5)

    assert len(reached.service.requests) == 1
    assert len(browser.shown) == (1 if fault == "taken_in_silence" else 0)
    assert (reached.row.last_error or "").startswith(code)


def test_a_service_that_always_refuses_is_asked_ever_more_rarely(reached: Reached) -> None:
    person = reached.a_person()
    browser = reached.subscribed(person)
    reached.service.fail_next(*["400"] * 5)
    asked = []
    for _ in range(12):
        reached.house.a_drafted_task()
        reached.wait(minutes=30)
        asked.append(len(reached.service.requests))

    assert asked == [1, 2, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5]
    assert reached.row.refusals == 5
    with reached.house.tx() as tx:  # as the dashboard does when it is opened
        nudges.update(tx, owner(person), reached.row.id, {})
    reached.wait(minutes=2)
    assert len(reached.service.requests) == 5
    reached.wait(hours=3)
    reached.house.a_drafted_task()
    reached.wait(minutes=2)
    assert len(browser.shown) == 1
    assert reached.row.refusals == 0


def test_what_is_told_to_the_old_address_of_a_browser_is_over_however_it_ends(
    reached: Reached,
) -> None:
    person = reached.a_person()
    reached.subscribed(person)
    reached.house.a_drafted_task()
    reached.look()
    reached.house.clock.now += GATHER
    new = reached.service.browser()

    def move(name: str) -> None:
        if name == "push.claimed":
            failpoints.listen(None)
            with reached.house.tx() as tx:
                nudges.move(
                    tx,
                    owner(person),
                    reached.row.id,
                    Browser(new.endpoint, **new.keys),
                    check=anywhere,
                )

    reached.service.fail_next("410")
    failpoints.listen(move)
    reached.look()

    assert reached.row.endpoint == new.endpoint
    reached.house.a_drafted_task()
    reached.wait(minutes=2)
    assert len(new.shown) == 1


def test_a_netrc_does_not_sign_in_our_place(
    reached: Reached, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login bo password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    browser = reached.subscribed()
    reached.house.a_drafted_task()
    reached.wait(minutes=2)

    assert len(browser.shown) == 1
    [request] = reached.service.requests
    assert request.headers["authorization"].startswith("vapid ")


def test_a_service_that_cannot_be_reached_is_tried_again(house: House, fake_clock: object) -> None:
    with FakePush() as gone:
        reached = Reached(house, gone)
        reached.subscribed()
    reached.house.a_drafted_task()
    reached.wait(seconds=30)

    assert reached.row.last_error == "PUSH_UNREACHABLE: 127.0.0.1 cannot be reached."
    assert reached.row.cursor < reached.house.all(Event)[-1].seq, "it is still to be told"


@pytest.mark.parametrize(("where", "shown"), [("push.claimed", 0), ("push.answered", 1)])
def test_a_worker_that_dies_over_a_nudge_leaves_it_told_once_at_most(
    reached: Reached, where: str, shown: int
) -> None:
    browser = reached.subscribed()
    reached.house.a_drafted_task()
    reached.look()
    reached.house.clock.now += GATHER

    def die(name: str) -> None:
        if name == where:
            raise SystemExit

    failpoints.listen(die)
    with pytest.raises(SystemExit):
        reached.look()
    failpoints.listen(None)
    assert reached.look() == 0, "it is claimed"
    reached.house.clock.now += LEASE
    reached.wait(minutes=2)

    assert len(browser.shown) == shown
    assert (reached.row.last_error or "").startswith("WORKER_LOST")
    reached.house.a_drafted_task()
    reached.wait(minutes=2)
    assert len(browser.shown) == shown + 1


def test_who_comes_back_too_late_changes_nothing(reached: Reached) -> None:
    reached.subscribed()
    reached.house.a_drafted_task()
    reached.look()
    reached.house.clock.now += GATHER

    def fall_asleep(name: str) -> None:
        if name == "push.answered":
            failpoints.listen(None)
            reached.house.clock.now += LEASE
            reached.look()

    failpoints.listen(fall_asleep)
    reached.look()

    assert (reached.row.last_error or "").startswith("WORKER_LOST")
    assert reached.row.telling_to is None


def test_a_revoked_token_forgets_its_browsers(reached: Reached) -> None:
    person = reached.a_person()
    browser = reached.subscribed(person)
    reached.house.a_drafted_task()
    with reached.house.tx() as tx:
        tokens.revoke(tx, person.token_id)
    reached.wait(minutes=2)

    assert browser.shown == []
    assert reached.house.all(PushSubscription) == []


def test_a_session_that_ended_is_silent_until_its_person_comes_back(reached: Reached) -> None:
    browser, house = reached.subscribed(reached.a_session()), reached.house
    house.clock.now += tokens.SESSION_LIVES
    house.a_drafted_task()
    reached.wait(hours=2)
    assert browser.shown == []
    again = reached.a_session()
    with house.tx() as tx:
        assert nudges.own_at(tx, owner(again), browser.endpoint)
    reached.subscribed(again, browser)
    house.a_drafted_task()
    reached.wait(minutes=2)

    assert texts(browser.shown) == ["1 draft awaits approval."]


def test_a_session_that_ended_long_ago_is_forgotten(reached: Reached) -> None:
    reached.subscribed(reached.a_session())
    reached.house.clock.now += tokens.SESSION_LIVES + timedelta(days=31)
    reached.house.a_drafted_task()
    reached.wait(minutes=2)

    assert reached.house.all(PushSubscription) == []


def test_a_browser_that_knows_another_key_is_not_called_and_it_shows_why(
    reached: Reached,
) -> None:
    reached.subscribed()
    with reached.house.tx() as tx:
        tx.execute(sa.update(PushSubscription).values(server_key="another"))
    reached.house.a_drafted_task()
    reached.wait(minutes=2)

    assert reached.service.requests == []
    assert (reached.row.last_error or "").startswith("OTHER_KEY")


def test_an_endpoint_that_is_no_service_any_more_is_not_called(reached: Reached) -> None:
    reached.subscribed()
    reached.pusher = Pusher(reached.house.settings)
    reached.house.a_drafted_task()
    reached.wait(minutes=2)

    assert reached.service.requests == []
    assert (reached.row.last_error or "").startswith("PUSH_STRANGE")


def test_two_workers_tell_it_once(reached: Reached) -> None:
    browser = reached.subscribed()
    reached.house.a_drafted_task()
    reached.look()
    reached.house.clock.now += GATHER

    def let_the_other(name: str) -> None:
        if name == "push.claimed":
            failpoints.listen(None)
            assert reached.look() == 0

    failpoints.listen(let_the_other)
    reached.look()

    assert len(browser.shown) == 1


def test_it_is_signed_for_its_service_alone_and_for_half_a_day(reached: Reached) -> None:
    reached.subscribed()
    reached.house.a_drafted_task()
    reached.wait(minutes=1)

    [claims] = reached.service.claims
    [request] = reached.service.requests
    assert claims["aud"] == reached.service.url
    assert claims["sub"] == "mailto:rapport@example.com"
    assert claims["exp"] <= (reached.house.clock.now + timedelta(hours=12)).timestamp()
    assert request.headers["ttl"] == "900"


def test_a_stranger_is_told_nothing(reached: Reached, other_house: House) -> None:
    browser = reached.subscribed()
    other_house.a_drafted_task()
    reached.wait(minutes=2)

    assert browser.shown == []
