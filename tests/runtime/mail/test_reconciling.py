"""Nobody knows whether a mail left: the provider is looked to, and then a person."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from runtime.desk import contacts, enrolling, why_not, workspaces
from runtime.mail import envelope
from runtime.models import (
    Call,
    CallKind,
    CallStatus,
    DeliveryStatus,
    EscalationKind,
    FollowUpStatus,
    SentEmail,
    Task,
    TaskStatus,
)
from tests.fakes import FakeResend
from tests.fakes.mailers import Around
from tests.fakes.server import Reply
from tests.house import House
from tests.runtime.conftest import Build


@pytest.fixture
def real(build: Build) -> House:
    """A house that sends real mail, tries each once, and asks the fake."""
    house = build()
    house.outreach_settings(maxAttempts=1)
    return house


def lost(house: House, resend: FakeResend, fault: str = "drop", **fields: Any) -> Task:
    """Return a task whose mail was handed over once, and whose answer was lost."""
    task = house.a_drafted_task(**fields)
    house.approve(task)
    resend.fail_next(fault)
    house.settle()
    return house.fresh(task)


def text_as_sent(house: House, task: Task) -> str:
    """Return the text that a task's draft leaves as, footer and all."""
    with house.tx() as tx:
        draft = house.draft(task)
        return str(envelope.previews(tx, [draft.id], house.settings)[draft.id]["text"])


def look_ups(house: House) -> list[CallStatus]:
    return [call.status for call in house.all(Call, Call.kind == CallKind.RECONCILE)]


def questions(house: House) -> list[EscalationKind]:
    return [asked.kind for asked in house.escalations()]


@pytest.mark.parametrize("tags", [True, False])
def test_a_mail_found_in_the_providers_list_is_settled_as_sent(
    real: House, resend: FakeResend, *, tags: bool
) -> None:
    real.follow_up_settings(waits=["P1D"])
    resend.shows_tags = tags

    task = lost(real, resend)

    [mail] = real.sent(task)
    assert (mail.status, task.status) == (DeliveryStatus.SENT, TaskStatus.COMPLETED)
    assert mail.provider_message_id == resend.accepted[0]["id"]
    assert [s.status for s in real.follow_ups(task)] == [FollowUpStatus.SCHEDULED]
    assert (questions(real), look_ups(real)) == ([], [CallStatus.DONE])
    assert len(resend.requests) == 1


def test_a_mail_not_found_is_tried_again_under_its_key_once_the_list_would_show_it(
    real: House, resend: FakeResend
) -> None:
    task = lost(real, resend, "reset")
    assert resend.accepted == []
    assert real.sent(task)[0].status is DeliveryStatus.UNKNOWN
    real.wait(minutes=14)
    assert len(resend.requests) == 1

    real.wait(minutes=2)

    assert len(resend.accepted) == 1
    assert len({request.headers["idempotency-key"] for request in resend.requests}) == 1
    assert real.fresh(task).status is TaskStatus.COMPLETED
    assert questions(real) == []


def test_a_mail_missing_from_the_list_that_did_leave_is_still_one_mail(
    real: House, resend: FakeResend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list is wrong; the key is not."""
    empty = Reply(200, {"object": "list", "has_more": False, "data": []})
    monkeypatch.setattr(resend, "_look_up", lambda *_: empty)

    task = lost(real, resend)
    real.wait(minutes=20)

    assert len(resend.requests) == 2
    assert len(resend.accepted) == 1
    assert real.sent(task)[0].provider_message_id == resend.accepted[0]["id"]


def test_a_mail_that_never_arrives_is_a_persons_question_in_the_end(
    real: House, resend: FakeResend
) -> None:
    task = lost(real, resend, "reset")
    resend.fail_next(*["reset"] * 20)

    real.wait(hours=15)

    assert real.fresh(task).error_code == "OUTCOME_UNKNOWN"
    assert questions(real) == [EscalationKind.OUTCOME_UNKNOWN]
    assert "did not show it" in (real.fresh(task).error_message or "")
    assert len({request.headers["idempotency-key"] for request in resend.requests}) == 1
    assert len(resend.requests) == 5


def test_a_key_that_may_only_send_cannot_look_and_says_so(real: House, resend: FakeResend) -> None:
    resend.listing = "restricted"

    task = lost(real, resend)

    assert questions(real) == [EscalationKind.OUTCOME_UNKNOWN]
    assert "full access" in (task.error_message or "")
    assert len(resend.looks) == 1


def test_a_list_that_fails_is_read_again_before_anybody_is_asked(
    real: House, resend: FakeResend
) -> None:
    resend.listing = "500"
    task = lost(real, resend)
    assert questions(real) == []
    resend.listing = None

    real.wait(minutes=1)

    assert real.fresh(task).status is TaskStatus.COMPLETED


def test_a_list_that_always_fails_ends_on_a_persons_desk_and_nothing_is_sent_again(
    real: House, resend: FakeResend
) -> None:
    resend.listing = "503"
    lost(real, resend)

    real.wait(hours=3)

    assert questions(real) == [EscalationKind.OUTCOME_UNKNOWN]
    assert len(resend.requests) == 1


def test_of_two_mails_that_may_be_it_neither_is_taken_for_it(
    real: House, resend: FakeResend
) -> None:
    contact = real.a_contact()
    task = real.a_drafted_task(contact=contact)
    draft = real.draft(task)
    for number in range(2):
        alike = {"to": [draft.to], "subject": draft.subject, "text": text_as_sent(real, task)}
        resend._accept(f"another program's {number}", {"from": "x@example.com", **alike})
    real.approve(task)
    resend.fail_next("reset")

    real.settle()

    assert questions(real) == [EscalationKind.OUTCOME_UNKNOWN]
    assert "More than one" in (real.fresh(task).error_message or "")


def test_our_tag_tells_it_from_others_with_the_same_words(real: House, resend: FakeResend) -> None:
    resend.shows_tags = True
    task = real.a_drafted_task()
    draft = real.draft(task)
    alike = {"to": [draft.to], "subject": draft.subject, "text": draft.body}
    resend._accept("another", {**alike, "tags": [{"name": "draft", "value": "another"}]})
    real.approve(task)
    resend.fail_next("drop")

    real.settle()

    assert real.sent(task)[0].provider_message_id == resend.accepted[1]["id"]


@pytest.mark.parametrize(
    "other",
    [
        {"to": ["somebody@example.net"]},
        {"to": "PERSON"},
        {"subject": "Another subject"},
        {"text": "Other words."},
        {"created_at": "2026-03-02 06:00:00+00:00"},
        {"created_at": "sometime"},
        {"id": "../keys"},
    ],
)
def test_a_mail_that_differs_in_anything_is_another(
    real: House, resend: FakeResend, other: dict[str, Any]
) -> None:
    task = real.a_drafted_task()
    draft = real.draft(task)
    resend._accept("another", {"to": [draft.to], "subject": draft.subject, "text": draft.body})
    if other.get("to") == "PERSON":
        other = {"to": [draft.to, "second@example.net"]}
    resend.accepted[0].update(other)
    real.approve(task)
    resend.fail_next("reset")

    real.settle()

    assert real.sent(task)[0].status is DeliveryStatus.UNKNOWN
    assert questions(real) == []


def test_a_mail_that_is_known_as_another_of_ours_is_not_taken_for_it(
    real: House, resend: FakeResend
) -> None:
    real.follow_up_settings(waits=[])
    real.run(workspaces.update, settings={"contactGapDays": 0})
    contact = real.a_contact()
    first = real.a_sent_task(contact=contact)
    second = real.a_drafted_task(contact=contact)
    subject, text = real.sent(first)[0].subject, resend.accepted[0]["text"]
    assert (real.draft(second).subject, text_as_sent(real, second)) == (subject, text)
    real.approve(second)
    resend.fail_next("reset")

    real.settle()

    assert real.sent(second)[0].status is DeliveryStatus.UNKNOWN


def test_two_in_doubt_with_the_same_words_are_not_told_apart_by_words(
    real: House, resend: FakeResend, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if two tasks had begun to write to one contact, which their enrolment prevents.
    monkeypatch.setattr(enrolling, "make_room", lambda *_args, **_how: None)
    real.run(workspaces.update, settings={"contactGapDays": 0})
    contact = real.a_contact()
    resend.listing = "500"
    tasks = [lost(real, resend, fault, contact=contact) for fault in ("drop", "reset")]
    resend.listing = None

    real.wait(minutes=2)

    assert [real.sent(task)[0].status for task in tasks] == [DeliveryStatus.UNKNOWN] * 2
    assert questions(real) == [EscalationKind.OUTCOME_UNKNOWN] * 2


def test_the_list_is_read_page_by_page_back_to_the_try(real: House, resend: FakeResend) -> None:
    task = real.a_drafted_task()
    real.approve(task)
    real.take_turns()
    resend.fail_next("drop")
    real.make_calls()
    for number in range(250):
        resend._accept(f"later {number}", {"to": ["x@example.net"], "subject": "-", "text": "-"})

    real.settle()

    assert real.fresh(task).status is TaskStatus.COMPLETED
    lists = [request.path for request in resend.looks if "?" in request.path]
    assert len(lists) == 3
    assert all("limit=100" in path for path in lists)


def test_a_list_of_an_odd_shape_is_no_list(
    real: House, resend: FakeResend, monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes: Iterator[Any] = iter(
        [[], {}, {"data": 7, "has_more": False}, {"data": [7, {}]}, None, "x"]
    )
    monkeypatch.setattr(resend, "_look_up", lambda *_: Reply(200, next(shapes, {})))

    lost(real, resend)
    real.wait(hours=3)

    assert questions(real) == [EscalationKind.OUTCOME_UNKNOWN]
    assert len(resend.requests) == 1


def test_a_reply_meanwhile_forbids_the_second_try_though_the_list_is_empty(
    real: House, resend: FakeResend
) -> None:
    task = lost(real, resend, "reset")
    real.run(contacts.record_reply, contact_id=task.contact_id, text="Hello.")

    real.wait(hours=2)

    assert len(resend.requests) == 1
    assert questions(real) == [EscalationKind.OUTCOME_UNKNOWN]


def test_another_account_is_not_asked_about_a_mail_of_the_old_one(
    real: House, resend: FakeResend
) -> None:
    task = real.a_drafted_task()
    real.approve(task)
    real.take_turns()
    resend.fail_next("drop")
    real.make_calls()
    key = SecretStr("re_test_key_2")
    real.settings = real.settings.model_copy(update={"resend_api_key": key})

    real.settle()

    assert resend.looks == []
    assert questions(real) == [EscalationKind.OUTCOME_UNKNOWN]


def test_while_it_is_looked_for_why_not_says_so(real: House, resend: FakeResend) -> None:
    task = lost(real, resend, "reset")

    with real.tx() as tx:
        [reason] = why_not.about_task(tx, task.id, settings=real.settings)

    assert reason.rule == "reconciling"
    assert reason.until == real.clock.now + timedelta(minutes=15)


def test_a_sandbox_mail_is_found_by_its_file(house: House) -> None:
    class Mute(Around):
        def send(self, mail: Any) -> Any:
            self.inside.send(mail)
            raise RuntimeError("the answer is lost")

    house.mailer = Mute(house.mailer)
    house.outreach_settings(maxAttempts=1)

    task = house.a_sent_task()

    assert task.status is TaskStatus.COMPLETED
    assert house.all(SentEmail)[0].provider_message_id
