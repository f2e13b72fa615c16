"""What leaves the house: every part of a letter that no writer wrote."""

from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from runtime import seals
from runtime.clock import FakeClock
from runtime.db import Database
from runtime.desk import agents, drafts, tasks
from runtime.errors import Refused
from runtime.mail import envelope, tokens
from runtime.models import (
    AgentKind,
    Contact,
    DeliveryStatus,
    Draft,
    SentEmail,
    Task,
    TaskStatus,
    Workspace,
)
from tests.fakes import FakeResend
from tests.house import House, text_of

Build = Callable[..., House]

LINKED = {
    "public_url": "https://house.test",
    "email_reply_domain": "answers.house.test",
    "postal_address": "House Ltd\n1 Engine Way, London",
    "email_from": "Ada <ada@house.test>",
}
REAL = {"resend_api_key": "re_test_key_1", "allow_email_sending": True}


@pytest.fixture
def build(db: Database, fake_clock: FakeClock, tmp_path: Path) -> Build:
    return lambda **settings: House(db, fake_clock, tmp_path, **settings)


@pytest.fixture
def resend() -> Iterator[FakeResend]:
    with FakeResend() as fake:
        yield fake


def only_mail(house: House) -> EmailMessage:
    [mail] = house.mails()
    return mail


def receipt(house: House, task: Task) -> dict[str, Any]:
    [sent] = house.sent(task)
    return {check["rule"]: check for check in sent.receipt}


def preview(house: House, draft: Draft) -> dict[str, Any]:
    with house.tx() as tx:
        return envelope.previews(tx, [draft.id], house.settings)[draft.id]


def token(house: House, draft: Draft, purpose: str) -> str:
    with house.tx() as tx:
        return tokens.token(tx, draft.id, purpose)


def test_without_any_setting_a_mail_leaves_at_once_and_says_how_to_get_no_more(
    house: House,
) -> None:
    task = house.a_sent_task()

    mail = only_mail(house)
    assert text_of(mail).splitlines()[-3:] == [
        "-- ",
        "To get no more mail from us, answer with “unsubscribe”.",
        "Rapport",
    ]
    assert mail["List-Unsubscribe"] == "<mailto:rapport@example.com?subject=unsubscribe>"
    assert mail["List-Unsubscribe-Post"] is None
    assert mail["Reply-To"] is None
    assert "there is no link" in receipt(house, task)["unsubscribe"]["detail"]


def test_every_way_back_names_this_very_mail(build: Build) -> None:
    house = build(**LINKED)
    task = house.a_sent_task()

    mail, draft = only_mail(house), house.draft(task)
    away, back = (token(house, draft, why) for why in (tokens.UNSUBSCRIBE, tokens.REPLY))
    link = f"https://house.test/unsubscribe/{away}"
    assert mail["List-Unsubscribe"] == (
        f"<{link}>, <mailto:unsubscribe+{away}@answers.house.test?subject=unsubscribe>"
    )
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert str(mail["Reply-To"]) == f"reply+{back}@answers.house.test"
    assert seals.named(away) == seals.named(back) == draft.id
    assert text_of(mail).splitlines()[-5:] == [
        "-- ",
        f"To get no more mail from us, open this page: {link}",
        "Ada",
        "House Ltd",
        "1 Engine Way, London",
    ]
    assert "by a link" in receipt(house, task)["unsubscribe"]["detail"]


def test_the_page_and_the_text_are_one_mail_and_the_draft_is_neither(build: Build) -> None:
    house = build(**LINKED)
    task = house.a_drafted_task(instruction="Tell them of https://house.test/pilot <today> & ask.")
    house.approve(task)
    house.settle()

    mail = only_mail(house)
    page = text_of(mail, "html")
    assert mail.get_content_type() == "multipart/alternative"
    assert '<a href="https://house.test/pilot">https://house.test/pilot</a>' in page
    assert "&lt;today&gt; &amp; ask" in page
    assert "/unsubscribe/" in page
    assert "To get no more mail" not in house.draft(task).body
    assert "To get no more mail" not in house.sent(task)[0].body


def test_an_approver_sees_what_the_reader_will_see(build: Build) -> None:
    house = build(**LINKED)
    task = house.a_drafted_task()

    shown = preview(house, house.draft(task))
    house.approve(task)
    house.settle()

    mail = only_mail(house)
    assert text_of(mail).rstrip("\n") == shown["text"]
    assert text_of(mail, "html") == shown["html"]
    assert mail["Subject"] == shown["subject"]
    assert str(mail["From"]) == shown["sender"]
    assert str(mail["Reply-To"]) == shown["reply_to"]


def test_a_preview_of_what_left_stays_what_left(build: Build) -> None:
    house = build(**LINKED)
    task = house.a_sent_task()
    before = preview(house, house.draft(task))

    house.settings = house.settings.model_copy(update={"postal_address": "Elsewhere"})

    assert preview(house, house.draft(task)) == before


def test_a_person_who_pastes_the_whole_preview_sends_one_footer(build: Build) -> None:
    house = build(**LINKED)
    task = house.a_drafted_task()
    pasted = preview(house, house.draft(task))["text"]

    edited = house.run(drafts.edit, draft_id=house.draft(task).id, body=f"{pasted}\n")
    house.approve(task)
    house.settle()

    assert "To get no more mail" not in edited.body
    text = text_of(only_mail(house))
    assert text.count("To get no more mail from us") == 1
    assert token(house, edited, tokens.UNSUBSCRIBE) in text


def test_a_reply_address_with_a_name_is_an_address_in_the_header(build: Build) -> None:
    house = build(email_reply_to="Team, all <team+a@house.test>".replace(",", ""))
    house.a_sent_task()

    mail = only_mail(house)
    assert mail["List-Unsubscribe"] == "<mailto:team+a@house.test?subject=unsubscribe>"
    assert str(mail["Reply-To"]) == "Team all <team+a@house.test>"


def test_a_letter_that_lost_its_footer_or_its_header_does_not_pass(house: House) -> None:
    for spoil in ("headers", "text"):
        task = house.a_drafted_task()
        house.approve(task)
        house.take_turns()
        with house.tx() as tx:
            draft = house.draft(task)
            whole = envelope.envelope(tx, draft, house.settings)
            whole[spoil] = {} if spoil == "headers" else draft.body
            mail = tx.insert(SentEmail, **_row(house, task, draft), envelope=whole)
        house.settle()

        assert not receipt(house, task)["unsubscribe"]["passed"]
        assert house.fresh(mail).status is DeliveryStatus.BLOCKED
    assert house.mails() == []


def _row(house: House, task: Task, draft: Draft) -> dict[str, Any]:
    return {
        "task_id": task.id,
        "contact_id": task.contact_id,
        "draft_id": draft.id,
        "to": draft.to,
        "subject": draft.subject,
        "body": draft.body,
        "status": DeliveryStatus.BLOCKED,
        "transport": "sandbox",
        "idempotency_key": f"test-{draft.id}",
        "created_at": house.clock.now,
    }


def test_a_mail_in_doubt_from_a_former_release_goes_again_as_the_same_bytes(
    build: Build, resend: FakeResend
) -> None:
    """Its envelope has no page and no footer, and its key is known with that content."""
    house = build(resend_api_url=resend.url, **REAL)
    task = house.a_drafted_task()
    house.approve(task)
    resend.fail_next("500")
    house.settle()
    with house.tx() as tx:
        mail = tx.scalars(sa.select(SentEmail)).one()
        old = dict(mail.envelope or {}) | {"text": mail.body}
        del old["html"]
        mail.envelope = old

    house.wait(minutes=1)

    [sent] = resend.accepted
    assert house.sent(task)[0].status is DeliveryStatus.SENT
    assert sent["text"] == house.draft(task).body
    assert "html" not in sent


def test_fields_become_the_contacts_words_before_anybody_approves(house: House) -> None:
    house.run(
        agents.update,
        agent_id=house.agent(AgentKind.OUTREACH).id,
        settings={AgentKind.OUTREACH: {"signature": "Yours\n{{ SENDER }}"}},
    )
    contact = house.a_contact(name="Grace Hopper", company="Engines Ltd")
    task = house.a_drafted_task(
        contact=contact, instruction="Invite {{First_Name}} of {{company}} to the pilot."
    )

    assert "invite Grace of Engines Ltd to the pilot" in house.draft(task).body
    assert house.draft(task).body.endswith("Yours\nRapport")
    edited = house.run(
        drafts.edit,
        draft_id=house.draft(task).id,
        subject="For {{company}}",
        body="Dear {{ name }},\n\nhello.\n\n{{sender}}",
        sender="Ada",
    )
    assert edited.subject == "For Engines Ltd"
    assert edited.body == "Dear Grace Hopper,\n\nhello.\n\nAda"


@pytest.mark.parametrize("gap", ["{{company}}", "{{nickname}}"])
def test_a_field_without_words_is_refused_where_it_is_written(house: House, gap: str) -> None:
    task = house.a_drafted_task()
    outreach = house.agent(AgentKind.OUTREACH).id
    draft = house.draft(task)
    commands: list[tuple[Any, dict[str, Any], str]] = [
        (drafts.edit, {"draft_id": draft.id, "body": f"At {gap}."}, "body"),
        (drafts.edit, {"draft_id": draft.id, "subject": f"At {gap}"}, "subject"),
        (drafts.reject, {"draft_id": draft.id, "feedback": f"Name {gap}."}, "feedback"),
        (
            tasks.assign,
            {"agent_id": outreach, "contact_id": task.contact_id, "instruction": f"Ask {gap}."},
            "instruction",
        ),
    ]
    if gap == "{{nickname}}":
        signature = {AgentKind.OUTREACH: {"signature": gap}}
        commands.append(
            (agents.update, {"agent_id": outreach, "settings": signature}, "outreach.signature")
        )
    for command, fields, at in commands:
        with pytest.raises(Refused) as refused:
            house.run(command, **fields)

        assert (refused.value.reason_code, refused.value.field) == ("MERGE_FIELD", at)
        assert gap in refused.value.message


def test_a_field_that_lost_its_value_meanwhile_stops_the_task_and_writes_nothing(
    house: House,
) -> None:
    contact = house.a_contact(company="Engines Ltd")
    task = house.a_task(contact=contact, instruction="Write about {{company}}.")
    with house.tx() as tx:
        tx.get_one(Contact, (house.workspace_id, contact.id)).company = None

    house.settle()

    stopped = house.fresh(task)
    assert (stopped.status, stopped.error_code) == (TaskStatus.FAILED, "MERGE_FIELD")
    assert "{{company}} has no value" in (stopped.error_message or "")
    assert house.all(Draft) == []


@pytest.mark.parametrize(
    "subject",
    ["Hi\rBcc: x@evil.test", "Hi\u2028x", "Hi\x00", "\u202eih", "=?utf-8?q?=0ABcc:x?=", "a\u200bb"],
    ids=ascii,
)
def test_a_subject_that_is_not_what_it_looks_like_is_refused_at_the_edit(
    house: House, subject: str
) -> None:
    task = house.a_drafted_task()

    with pytest.raises(Refused) as refused:
        house.run(drafts.edit, draft_id=house.draft(task).id, subject=subject)

    assert refused.value.field == "subject"


def test_a_name_from_before_it_was_checked_gets_into_no_greeting(house: House) -> None:
    contact = house.a_contact()
    with house.tx() as tx:
        tx.get_one(Contact, (house.workspace_id, contact.id)).name = "\u202eeciL see www.evil.test"
    task = house.a_drafted_task(contact=contact)

    assert house.draft(task).body.startswith("Hello,")


def test_a_workspace_without_a_sender_name_signs_with_its_own(build: Build) -> None:
    house = build(email_from="ada@house.test")
    house.a_sent_task()

    with house.tx() as tx:
        name = tx.get_one(Workspace, house.workspace_id).name
    assert text_of(only_mail(house)).splitlines()[-1] == name
