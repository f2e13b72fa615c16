"""Follow-ups go into the thread of the mails before them, as far as anybody can name those."""

from typing import Any

import orjson
import pytest

from runtime.desk import drafts
from runtime.mail import delivery, reports, threads
from runtime.models import Call, CallKind, DeliveryStatus, Draft, SentEmail, Task, TaskStatus
from tests.fakes import FakeResend
from tests.fakes.webhooks import body
from tests.house import House
from tests.runtime.conftest import Build


@pytest.fixture
def real(build: Build) -> House:
    """A house that may send real mail, to the fake."""
    house = build()
    house.follow_up_settings(waits=["PT1H"])
    return house


def newest(house: House) -> Draft:
    return max(house.all(Draft), key=lambda draft: (draft.created_at, draft.version))


def named(resend: FakeResend, which: int) -> str:
    return f"<{resend.accepted[which]['id']}@mail.test>"


def line(house: House, task: Task, which: int = 1) -> str:
    [check] = [c for c in house.sent(task)[which].receipt if c["rule"] == "thread"]
    assert check["passed"]
    return str(check["detail"])


def threading(mail: dict[str, Any]) -> set[str]:
    return {"In-Reply-To", "References"} & set(mail["headers"])


def test_the_whole_sequence_is_one_thread_in_the_readers_mail_program(house: House) -> None:
    house.follow_up_settings(waits=["PT1H", "PT1H", "PT1H"])
    task = house.a_sent_task()
    house.wait(hours=4)

    mails = house.mails()
    ids = [str(mail["Message-ID"]) for mail in mails]
    first = str(mails[0]["Subject"])
    assert len(set(ids)) == 4
    assert [sent.message_id for sent in house.sent(task)] == ids
    assert [str(mail["Subject"]) for mail in mails[1:]] == [f"Re: {first}"] * 3
    assert mails[0]["In-Reply-To"] is mails[0]["References"] is None
    for n in (1, 2, 3):
        assert mails[n]["In-Reply-To"] == ids[n - 1]
        assert str(mails[n]["References"]).split() == ids[:n]
        assert "thread of the mails before" in line(house, task, n)


def test_the_approver_sees_the_subject_that_continues_the_thread(house: House) -> None:
    house.follow_up_settings(waits=["PT1H"], requireApproval=True)
    task = house.a_drafted_task()
    house.run(drafts.edit, draft_id=house.draft(task).id, subject="RE: re: The pilot")
    house.approve(task)
    house.wait(hours=1)

    assert newest(house).subject == "Re: The pilot"


def test_a_subject_that_a_person_changed_begins_a_thread_of_its_own(house: House) -> None:
    house.follow_up_settings(waits=["PT1H", "PT1H"], requireApproval=True)
    task = house.a_sent_task()
    house.wait(hours=1)
    house.run(drafts.edit, draft_id=newest(house).id, subject="Something else")
    house.run(drafts.reject, draft_id=newest(house).id, feedback="Shorter, please.")
    house.settle()
    assert newest(house).subject == "Something else"
    approve_newest(house)
    house.wait(hours=1)
    approve_newest(house)
    house.settle()

    _, second, third = house.mails()
    assert second["In-Reply-To"] is second["References"] is None
    assert "a thread of its own" in line(house, task)
    assert str(third["Subject"]) == "Re: Something else"
    assert third["References"] == second["Message-ID"]


def approve_newest(house: House) -> None:
    draft = newest(house)
    house.run(drafts.approve, draft_id=draft.id, fingerprint=draft.fingerprint)
    house.settle()


def test_a_subject_without_its_re_is_still_the_same_thread(house: House) -> None:
    house.follow_up_settings(waits=["PT1H"], requireApproval=True)
    house.a_sent_task()
    house.wait(hours=1)
    first = str(house.mails()[0]["Subject"])
    house.run(drafts.edit, draft_id=newest(house).id, subject=first.upper())
    approve_newest(house)

    assert house.mails()[1]["In-Reply-To"] == house.mails()[0]["Message-ID"]


def test_resend_is_asked_what_the_mail_before_is_known_by_just_before_the_next_leaves(
    real: House, resend: FakeResend
) -> None:
    task = real.a_sent_task()
    assert resend.looks == []
    real.wait(hours=1)

    first = resend.accepted[0]
    assert [look.path for look in resend.looks] == [f"/emails/{first['id']}"]
    assert real.sent(task)[0].message_id == named(resend, 0)
    assert resend.accepted[1]["headers"]["In-Reply-To"] == named(resend, 0)
    assert resend.accepted[1]["headers"]["References"] == named(resend, 0)
    assert resend.accepted[1]["subject"] == f"Re: {first['subject']}"


def test_a_report_that_names_the_mail_spares_the_question(real: House, resend: FakeResend) -> None:
    task = real.a_sent_task()
    tell(real, real.sent(task)[0], message_id="<from-the-carrier@mail.test>")
    tell(real, real.sent(task)[0], message_id="<another@mail.test>")
    real.wait(hours=1)

    assert resend.looks == []
    assert resend.accepted[1]["headers"]["In-Reply-To"] == "<from-the-carrier@mail.test>"


@pytest.mark.parametrize("odd", [None, 7, "", "two words@x", "<a@b>\r\nBcc: x", f"<{'a' * 300}@b>"])
def test_a_report_with_an_odd_name_names_nothing(real: House, odd: object) -> None:
    task = real.a_sent_task()
    told = reports.read(
        body(real.sent(task)[0], "email.sent", at=real.clock.now).replace(
            b'"subject"', b'"message_id":' + orjson.dumps(odd) + b',"subject"'
        )
    )

    assert told.known_as is None


def tell(house: House, mail: SentEmail, *, message_id: str) -> None:
    raw = body(mail, "email.delivered", at=house.clock.now)
    told = reports.read(
        raw.replace(b'"subject"', f'"message_id":"{message_id}","subject"'.encode())
    )
    with house.tx() as tx:
        assert delivery.take(tx, f"msg_{message_id}", told)


@pytest.mark.parametrize(
    "troubles",
    [["unnamed", "unnamed"], ["429:30"], ["500", "html:502"], ["drop"]],
    ids=lambda troubles: troubles[0],
)
def test_a_question_that_fails_for_now_is_asked_again_and_nothing_has_left(
    real: House, resend: FakeResend, troubles: list[str]
) -> None:
    task = real.a_sent_task()
    resend.fail_looks(*troubles)
    real.wait(hours=2)

    assert len(resend.looks) == len(troubles) + 1
    assert len(resend.requests) == len(resend.accepted) == 2
    assert resend.accepted[1]["headers"]["In-Reply-To"] == named(resend, 0)
    assert real.events("call.postponed") == ["call.postponed"] * len(troubles)
    assert real.sent(task)[1].status is DeliveryStatus.SENT


@pytest.mark.parametrize(
    ("troubles", "why"),
    [
        (["404"], "not known to the provider"),
        (["restricted"], "API key"),
        (["unnamed"] * 6, "not got its Message-ID"),
    ],
    ids=["unknown", "a key that may only send", "never named"],
)
def test_a_mail_before_that_nobody_can_name_stops_nothing_and_the_receipt_says_so(
    real: House, resend: FakeResend, troubles: list[str], why: str
) -> None:
    task = real.a_sent_task()
    resend.fail_looks(*troubles)
    real.wait(hours=3)

    assert len(resend.looks) == len(troubles)
    assert threading(resend.accepted[1]) == set()
    assert "goes without a thread" in line(real, task)
    assert why in line(real, task)


def test_a_retry_asks_nothing_again_and_sends_the_same_bytes(
    real: House, resend: FakeResend
) -> None:
    task = real.a_sent_task()
    resend.fail_next("drop")
    real.wait(hours=1)
    tell(real, real.sent(task)[0], message_id="<told-later@mail.test>")
    real.wait(hours=1)

    assert len(resend.looks) == 1
    assert len(resend.requests) == 3
    assert resend.requests[1].body == resend.requests[2].body
    assert len(resend.accepted) == 2


def test_nobody_is_asked_about_a_mail_that_the_gate_would_not_let_out(
    real: House, resend: FakeResend
) -> None:
    real.a_sent_task()
    real.settings = real.settings.model_copy(update={"allow_email_sending": False})
    real.wait(hours=1)

    assert resend.looks == []
    assert len(resend.accepted) == 1


def test_the_question_is_asked_in_no_transaction(
    real: House, resend: FakeResend, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = real.a_sent_task()
    held: list[int] = []
    ask = type(real.mailer).message_id

    def asked(mailer: Any, provider_message_id: str) -> str | None:
        held.append(real.db.engine.pool.checkedout())  # type: ignore[attr-defined]
        return ask(mailer, provider_message_id)

    monkeypatch.setattr(type(real.mailer), "message_id", asked)
    real.wait(hours=1)

    assert held == [0]
    assert len(real.sent(task)) == 2


def test_a_call_that_was_lost_while_asking_sends_nothing_of_its_own(
    real: House, resend: FakeResend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The task is cancelled while Resend is asked: the answer finds nothing to be done."""
    task = real.a_sent_task()
    ask = type(real.mailer).message_id

    def asked(mailer: Any, provider_message_id: str) -> str | None:
        with real.tx() as tx:
            for call in [c for c in real.all(Call) if c.kind is CallKind.SEND_EMAIL]:
                tx.get_one(Call, (real.workspace_id, call.id)).fence += 1
        return ask(mailer, provider_message_id)

    monkeypatch.setattr(type(real.mailer), "message_id", asked)
    real.clock.advance(hours=1)
    real.settle()

    assert len(resend.accepted) == 1
    assert real.fresh(task).status is TaskStatus.COMPLETED


def test_a_long_chain_keeps_its_first_and_its_latest() -> None:
    ids = [f"<{n:03}-{'x' * 60}@mail.test>" for n in range(21)]

    kept = threads._chain(ids).split()

    assert len(" ".join(kept)) <= 900
    assert kept[0] == ids[0]
    assert kept[1:] == ids[-len(kept) + 1 :]


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("<a@b>", "<a@b>"),
        (" a@b \n", "<a@b>"),
        ("<a b@c>", None),
        ("<a@b>, <c@d>", None),
        ("<ä@b>", None),
        ("", None),
        ("nobody", None),
    ],
)
def test_a_message_id_is_one_whole_name_or_none(text: str, known: str | None) -> None:
    assert threads.spelled(text) == known
