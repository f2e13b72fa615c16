"""Sending by the real SDKs to servers that misbehave: one mail a decision, whatever happens."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from runtime import outbox
from runtime.db import Database
from runtime.desk import contacts, drafts, escalations, follow_ups, tasks
from runtime.desk.escalations import EscalationAction
from runtime.errors import Conflict, Refused, Retry
from runtime.models import (
    AgentKind,
    Call,
    CallKind,
    CallStatus,
    DeliveryStatus,
    Draft,
    Escalation,
    EscalationKind,
    Event,
    FollowUpStatus,
    Task,
    TaskStatus,
)
from scheduler.integrations import Accepted, Mail
from tests.fakes import FakeGemini, FakeResend
from tests.fakes.mailers import Unlisted
from tests.house import House
from tests.runtime.conftest import Build


@pytest.fixture
def gemini() -> Iterator[FakeGemini]:
    with FakeGemini() as fake:
        yield fake


def send_call(house: House, task: Task) -> Call:
    """Return the newest call that sends a mail of this task."""
    return house.all(Call, Call.task_id == task.id, Call.kind == CallKind.SEND_EMAIL)[-1]


def keys(resend: FakeResend) -> list[str]:
    return [request.headers["idempotency-key"] for request in resend.requests]


def approved(house: House) -> Task:
    task = house.a_drafted_task()
    house.approve(task)
    return task


def doubtful(house: House, resend: FakeResend) -> Task:
    """Return a task whose mail left, but nobody knows: every answer was lost, the list closed."""
    house.outreach_settings(maxAttempts=2)
    task = approved(house)
    resend.listing = "restricted"
    resend.fail_next("drop", "drop")
    house.wait(minutes=10)
    return house.fresh(task)


def test_the_whole_story_is_one_mail_a_decision_each_under_its_own_key(
    build: Build, resend: FakeResend, gemini: FakeGemini
) -> None:
    house = build(gemini_api_key="AIzaTestKey123", gemini_api_endpoint=gemini.url)
    house.follow_up_settings(waits=["PT2S", "PT3S"])
    task = house.a_sent_task(contact=house.a_contact(email="grace@example.org"))
    start = house.sent(task)[0].sent_at

    house.wait(days=60)

    assert len(resend.requests) == len(resend.accepted) == len(set(keys(resend))) == 3
    assert {mail["to"][0] for mail in resend.accepted} == {"grace@example.org"}
    assert all(mail["headers"]["List-Unsubscribe"] for mail in resend.accepted)
    times = [sent.sent_at - start for sent in house.sent(task) if sent.sent_at and start]
    assert [time.total_seconds() for time in times] == [0, 2, 5]
    assert [sent.status for sent in house.sent(task)] == [DeliveryStatus.SENT] * 3
    known = [(mail["id"], mail["idempotency_key"]) for mail in resend.accepted]
    assert [(s.provider_message_id, s.idempotency_key) for s in house.sent(task)] == known
    assert [e.kind for e in house.all(Escalation)] == [EscalationKind.NO_ANSWER]
    assert {draft.writer for draft in house.all(Draft)} == {f"gemini:{house.settings.gemini_model}"}
    assert len({event.seq for event in house.all(Event)}) == house.all(Event)[-1].seq


def test_retry_after_is_shown_and_kept(real: House, resend: FakeResend) -> None:
    task = approved(real)
    resend.fail_next("429:30")
    real.settle()

    waiting = real.fresh(task)
    assert waiting.status is TaskStatus.SENDING
    assert waiting.error_code == "MAIL_RATE_LIMITED"
    assert waiting.retry_at
    assert waiting.retry_at >= real.clock.now + timedelta(seconds=30)
    assert "call.postponed" in real.events()
    real.wait(seconds=29)
    assert len(resend.requests) == 1
    real.wait(seconds=10)

    done = real.fresh(task)
    assert (done.status, done.retry_at, done.error_code) == (TaskStatus.COMPLETED, None, None)
    assert len(resend.accepted) == 1
    assert len(set(keys(resend))) == 1


class Away(Unlisted):
    """A transport that nobody can reach."""

    tried = 0

    def send(self, mail: Mail) -> Accepted:  # noqa: ARG002 - a mailer's signature
        self.tried += 1
        raise Retry("It cannot be reached.", code="MAIL_UNREACHABLE")


def test_the_waits_between_tries_grow_and_end(real: House, resend: FakeResend) -> None:
    real.outreach_settings(maxAttempts=4)
    task = approved(real)
    away, reached = Away(real.mailer), real.mailer
    real.mailer = away

    real.wait(hours=1)

    assert away.tried == 4
    assert real.fresh(task).status is TaskStatus.FAILED
    assert real.sent(task)[0].status is DeliveryStatus.FAILED
    real.mailer = reached
    real.run(tasks.retry, task_id=task.id)
    real.settle()
    assert real.fresh(task).status is TaskStatus.COMPLETED
    assert len(resend.accepted) == 1


def test_mails_that_must_be_handed_over_more_slowly_lose_no_try(
    real: House, resend: FakeResend
) -> None:
    real.outreach_settings(maxAttempts=2)
    task = approved(real)
    resend.fail_next(*["429:0"] * 10)

    real.wait(minutes=10)

    assert send_call(real, task).attempts == 1
    assert real.fresh(task).status is TaskStatus.COMPLETED


def test_an_answer_that_was_lost_is_asked_for_under_the_same_key(
    real: House, resend: FakeResend
) -> None:
    task = approved(real)
    resend.fail_next("drop", "500", "concurrent")

    real.wait(minutes=10)

    assert len(resend.requests) == 4
    assert len(set(keys(resend))) == 1
    assert len(resend.accepted) == 1
    assert len({str(request.body) for request in resend.requests}) == 1, "the same bytes"
    assert real.fresh(task).status is TaskStatus.COMPLETED
    assert real.escalations() == []


def test_what_nobody_knows_a_person_is_asked_and_nothing_is_tried_blindly(
    real: House, resend: FakeResend
) -> None:
    task = doubtful(real, resend)
    real.wait(days=10)

    assert len(resend.accepted) == 1
    assert len(resend.requests) == 2
    assert (task.status, task.error_code) == (TaskStatus.BLOCKED, "OUTCOME_UNKNOWN")
    assert real.sent(task)[0].status is DeliveryStatus.UNKNOWN
    [escalation] = real.escalations()
    assert escalation.kind is EscalationKind.OUTCOME_UNKNOWN
    assert escalation.sent_email_id == real.sent(task)[0].id


def test_what_is_unknown_is_neither_retried_nor_written_anew_nor_approved_again(
    real: House, resend: FakeResend
) -> None:
    """Each of these would be a second mail, were the first one out."""
    task = doubtful(real, resend)
    draft = real.draft(task)
    for command, fields in (
        (tasks.retry, {"task_id": task.id}),
        (drafts.edit, {"draft_id": draft.id, "body": "Something else."}),
        (drafts.approve, {"draft_id": draft.id, "fingerprint": draft.fingerprint}),
    ):
        with pytest.raises(Conflict):
            real.run(command, **fields)

    real.run(contacts.record_reply, contact_id=task.contact_id, text="I got it.")
    with pytest.raises(Conflict):
        real.run(drafts.approve, draft_id=draft.id, fingerprint=draft.fingerprint)
    real.wait(days=2)

    assert real.fresh(task).status is TaskStatus.BLOCKED
    assert len(resend.requests) == 2


def settle(house: House, action: EscalationAction) -> None:
    [escalation] = house.escalations()
    house.run(escalations.resolve, escalation_id=escalation.id, action=action)
    house.settle()


def test_settled_as_sent_the_story_goes_on_from_that_mail(real: House, resend: FakeResend) -> None:
    real.follow_up_settings(waits=["PT2S"])
    task = doubtful(real, resend)

    settle(real, EscalationAction.SENT)

    assert real.fresh(task).status is TaskStatus.COMPLETED
    assert real.sent(task)[0].status is DeliveryStatus.SENT
    assert len(real.follow_ups(task)) == 1
    real.wait(minutes=1)
    assert len(resend.accepted) == 2


def test_settled_as_not_sent_it_may_be_tried_again_under_the_same_key(
    real: House, resend: FakeResend
) -> None:
    task = doubtful(real, resend)

    settle(real, EscalationAction.NOT_SENT)
    assert real.fresh(task).error_code == "NOT_SENT"
    assert len(resend.requests) == 2
    real.run(tasks.retry, task_id=task.id)
    real.settle()

    assert real.fresh(task).status is TaskStatus.COMPLETED
    assert len(set(keys(resend))) == 1
    assert len(resend.accepted) == 1, "it had left after all, and the key knew"


@pytest.mark.parametrize("action", [EscalationAction.SENT, EscalationAction.NOT_SENT])
def test_a_task_cancelled_in_doubt_stays_cancelled_however_it_is_settled(
    real: House, resend: FakeResend, action: EscalationAction
) -> None:
    real.follow_up_settings(waits=["PT2S"])
    task = doubtful(real, resend)
    real.run(tasks.cancel, task_id=task.id)

    settle(real, action)
    real.wait(days=1)

    assert real.fresh(task).status is TaskStatus.CANCELLED
    assert real.follow_ups(task) == []
    assert len(resend.accepted) == 1


def test_an_unknown_outcome_is_settled_only_by_an_answer(real: House, resend: FakeResend) -> None:
    doubtful(real, resend)
    [escalation] = real.escalations()

    for action in (EscalationAction.CLOSE, EscalationAction.EXTEND):
        with pytest.raises(Refused) as refused:
            real.run(escalations.resolve, escalation_id=escalation.id, action=action, steps=1)
        assert refused.value.field == "action"

    settle(real, EscalationAction.SENT)
    with pytest.raises(Conflict) as conflict:
        real.run(escalations.resolve, escalation_id=escalation.id, action=EscalationAction.NOT_SENT)
    assert conflict.value.field == "escalationId"


def test_a_refusal_after_a_doubt_says_nothing_about_the_first_try(
    real: House, resend: FakeResend
) -> None:
    task = approved(real)
    resend.listing = "restricted"
    resend.fail_next("drop", "domain")

    real.wait(minutes=10)

    assert real.sent(task)[0].status is DeliveryStatus.UNKNOWN
    assert real.fresh(task).error_code == "OUTCOME_UNKNOWN"
    assert len(real.escalations()) == 1


def test_a_refusal_without_a_doubt_is_a_failure_and_the_mail_may_be_put_right(
    build: Build, resend: FakeResend
) -> None:
    """The next try leaves as the settings are then, not as they were."""
    house = build(email_from="Old <old@example.com>")
    task = approved(house)
    resend.fail_next("from")
    house.settle()
    assert house.fresh(task).status is TaskStatus.FAILED
    assert house.fresh(task).error_code == "MAIL_FROM_INVALID"
    assert "EMAIL_FROM" in (house.fresh(task).error_message or "")

    house.settings = house.settings.model_copy(update={"email_from": "New <new@example.com>"})
    house.run(tasks.retry, task_id=task.id)
    house.settle()

    assert [mail["from"] for mail in resend.accepted] == ["New <new@example.com>"]


def test_a_key_that_is_known_with_another_content_is_no_proof_that_nothing_left(
    real: House, resend: FakeResend
) -> None:
    task = approved(real)
    resend.fail_next("conflict")
    real.wait(minutes=20)

    assert real.sent(task)[0].status is DeliveryStatus.UNKNOWN
    assert [e.kind for e in real.escalations()] == [EscalationKind.OUTCOME_UNKNOWN]


def test_a_try_in_doubt_keeps_its_bytes_whatever_the_settings_say_now(
    real: House, resend: FakeResend
) -> None:
    approved(real)
    resend.fail_next("drop")
    real.settle()
    real.settings = real.settings.model_copy(update={"email_from": "New <new@example.com>"})

    real.wait(minutes=5)

    assert len(resend.requests) == 2
    assert len({str(request.body) for request in resend.requests}) == 1


def test_beyond_the_life_of_its_key_a_doubtful_mail_is_never_tried_again(
    real: House, resend: FakeResend
) -> None:
    task = approved(real)
    resend.listing = "restricted"
    resend.fail_next("drop")
    real.settle()
    real.clock.advance(seconds=outbox.KEY_LIVES.total_seconds() + 1)

    real.settle()

    assert len(resend.requests) == 1
    assert real.sent(task)[0].status is DeliveryStatus.UNKNOWN
    assert send_call(real, task).status is CallStatus.UNKNOWN


def test_a_mail_that_certainly_did_not_leave_may_wait_longer_than_a_key_lives(
    real: House, resend: FakeResend
) -> None:
    task = approved(real)
    resend.fail_next("429:86400", "429:86400")

    real.wait(days=3)

    assert real.fresh(task).status is TaskStatus.COMPLETED
    assert len(resend.accepted) == 1


def test_while_a_mail_is_in_doubt_its_task_cannot_be_cancelled(
    real: House, resend: FakeResend
) -> None:
    task = approved(real)
    resend.fail_next("drop")
    real.settle()

    with pytest.raises(Conflict) as conflict:
        real.run(tasks.cancel, task_id=task.id)
    with pytest.raises(Conflict):
        real.run(drafts.edit, draft_id=real.draft(task).id, body="Something else.")

    assert conflict.value.field == "taskId"
    real.wait(minutes=5)
    assert real.fresh(task).status is TaskStatus.COMPLETED


def test_a_reply_that_crosses_a_mail_in_doubt_ends_it_as_unknown(
    real: House, resend: FakeResend
) -> None:
    task = approved(real)
    resend.listing = "restricted"
    resend.fail_next("drop")
    real.settle()
    real.run(contacts.record_reply, contact_id=task.contact_id, text="Hello.")

    real.wait(minutes=5)

    assert len(resend.requests) == 1
    assert real.sent(task)[0].status is DeliveryStatus.UNKNOWN


def test_a_doubtful_follow_up_asks_a_person_and_goes_on_when_settled(
    real: House, resend: FakeResend
) -> None:
    real.follow_up_settings(waits=["PT2S", "PT2S"])
    task = real.a_sent_task()
    resend.listing = "restricted"
    resend.fail_next(*["drop"] * 6)
    real.wait(hours=2)
    [step] = real.follow_ups(task)
    assert step.status is FollowUpStatus.UNKNOWN
    with pytest.raises(Conflict):
        real.run(follow_ups.resume, follow_up_id=step.id)

    settle(real, EscalationAction.SENT)
    real.wait(hours=1)

    assert [s.status for s in real.follow_ups(task)] == [FollowUpStatus.SENT] * 2
    assert len(resend.accepted) == 3


def test_cancelling_a_step_just_as_it_leaves_ends_the_sequence(
    real: House, resend: FakeResend
) -> None:
    real.follow_up_settings(waits=["PT2S", "PT2S"])
    task = real.a_sent_task()
    real.clock.advance(2)
    real._fire_timers()
    for _ in range(2):
        real.take_turns()
        real.make_calls()
    [step] = real.follow_ups(task)
    real.run(follow_ups.cancel, follow_up_id=step.id)

    real.wait(days=1)

    assert len(resend.accepted) == 2
    assert len(real.follow_ups(task)) == 1


@pytest.mark.parametrize("faults", [("max_tokens",) * 2, ("cut",) * 2, ("cut_whole",) * 2])
def test_a_text_that_was_cut_twice_is_never_stored(
    build: Build, resend: FakeResend, gemini: FakeGemini, faults: tuple[str, ...]
) -> None:
    house = build(gemini_api_key="AIzaTestKey123", gemini_api_endpoint=gemini.url)
    gemini.fail_next(*faults)

    task = house.a_drafted_task()

    assert house.all(Draft) == []
    assert (task.status, task.error_code) == (TaskStatus.FAILED, "WRITER_CUT")
    house.run(tasks.retry, task_id=task.id)
    house.settle()
    assert house.fresh(task).status is TaskStatus.AWAITING_APPROVAL


def test_a_busy_writer_is_asked_again_when_it_says(build: Build, gemini: FakeGemini) -> None:
    house = build(gemini_api_key="AIzaTestKey123", gemini_api_endpoint=gemini.url)
    gemini.fail_next("429:20", "503", "malformed")

    task = house.a_drafted_task()
    assert task.status is TaskStatus.WORKING
    assert task.retry_at
    assert task.retry_at >= house.clock.now + timedelta(seconds=20)
    house.wait(minutes=5)

    assert house.fresh(task).status is TaskStatus.AWAITING_APPROVAL
    assert house.fresh(task).retry_at is None


def test_no_secret_is_kept_in_any_row(
    build: Build, resend: FakeResend, gemini: FakeGemini, db: Database
) -> None:
    house = build(gemini_api_key="AIzaTestKey123", gemini_api_endpoint=gemini.url)
    resend.fail_next("key")
    gemini.fail_next("503")
    task = house.a_drafted_task()
    house.wait(minutes=5)
    house.approve(task)
    house.wait(minutes=5)

    shown = [str(vars(row)) for model in (Call, Event, Task) for row in house.all(model)]
    assert house.fresh(task).error_code == "MAIL_KEY_INVALID"
    assert not any("re_test_key_1" in row or "AIzaTestKey123" in row for row in shown)
    assert house.agent(AgentKind.OUTREACH).crash_count == 0
