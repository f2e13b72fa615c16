"""Everything about a person is in their export, and every column of words is known."""

import json
from datetime import date
from typing import Any

import orjson
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from runtime.crm import dossier, traces
from runtime.crm.traces import TRACES
from runtime.desk import follow_ups
from runtime.errors import NotFound
from runtime.mail import postponing, replies
from runtime.mail.replies import Heard
from runtime.models import (
    TENANT,
    Base,
    Confidence,
    Contact,
    InboundEmail,
    InboundStatus,
    MatchedBy,
    new_id,
)
from tests.house import House
from tests.runtime.desk.people import EMAIL, NAME, OLD_EMAIL, WORDS, a_known_person

NOBODYS = {
    *("workspaces", "access_tokens", "agents", "agent_past_settings"),
    *("event_counters", "senders", "push_subscriptions"),
}
"""Tables that hold nothing about a contact."""

NO_WORDS = {
    *("fingerprint", "digest", "idempotency_key", "provider_message_id", "svix_id"),
    *("dedup_key", "type", "sender", "recipient", "actor", "writer", "transport", "kind"),
    *("decided_by", "approved_by", "resolved_by", "error_code", "operation", "source", "name"),
    *("timezone", "timezone_source", "calendar", "skipped", "known", "finding", "rule"),
    *("message_id", "provider_email_id", "author", "by", "chosen_by", "paused_by", "settled_by"),
    *("added_by", "found_by", "withdrawn_by", "worded_by"),
}
"""Columns of text that say nothing about a person: hashes, keys, our own words, our people."""


def test_every_table_is_either_in_the_traces_or_about_nobody() -> None:
    known = {Base.metadata.tables[trace.model.__tablename__].name for trace in TRACES}
    tenants = {t.name for t in Base.metadata.sorted_tables if TENANT in t.info}

    assert tenants - known == NOBODYS, "say in runtime/crm/traces.py where a person is in it"


@pytest.mark.parametrize("trace", TRACES, ids=lambda trace: trace.name)
def test_every_column_of_words_is_named(trace: Any) -> None:
    columns = sa.inspect(trace.model).column_attrs
    texts = {
        column.key
        for column in columns
        if isinstance(column.columns[0].type, sa.Text | JSONB)
        or type(column.columns[0].type) is sa.String
    }

    assert texts - set(trace.words) <= NO_WORDS, "say whether it is erased, in traces.py"


def test_an_address_that_a_mail_came_from_is_a_persons() -> None:
    """Under the name of a column that says of a message which agent wrote it."""
    words = {trace.name: trace.words for trace in TRACES}

    assert "sender" in words["replies"]
    assert "sender" in words["inboundEmails"]


def test_an_export_holds_every_table_with_every_word(house: House) -> None:
    contact, task = a_known_person(house)
    with house.tx() as tx:
        whole = dossier.about(tx, contact.id)

    assert whole.keys() == {"exportedAt", "workspace", "contact"} | {
        trace.name for trace in TRACES if trace.name != "contacts"
    }
    empty = {name for name, rows in whole.items() if not rows}
    assert empty <= {"suppressions", "timers"}
    text = orjson.dumps(whole).decode()
    assert [word for word in (*WORDS, NAME, EMAIL, OLD_EMAIL) if word not in text] == []
    assert {t["id"] for t in whole["tasks"]} >= {str(task.id)}


def test_its_keys_are_plain_and_stable(house: House) -> None:
    contact = house.a_contact(email=EMAIL, name=NAME, country="PT", lawful_basis="consent")
    with house.tx() as tx:
        itself = dossier.about(tx, contact.id)["contact"]

    moment = f"{house.clock.now:%Y-%m-%dT%H:%M:%S}"
    assert itself["createdAt"].startswith(moment)
    assert itself["createdAt"].endswith("Z")
    assert (itself["email"], itself["lawfulBasis"], itself["status"]) == (
        *(EMAIL, "CONSENT"),
        "ACTIVE",
    )
    assert "workspaceId" not in itself


def test_nothing_about_anybody_else_is_in_it(house: House) -> None:
    contact = house.a_contact()
    other = house.a_contact(name="Somebody Else")
    house.a_sent_task(contact=other)
    house.a_sent_task(contact=contact)
    with house.tx() as tx:
        text = orjson.dumps(dossier.about(tx, contact.id)).decode()

    assert "Somebody Else" not in text
    assert other.email not in text


def test_another_workspace_exports_nothing_of_it(house: House, other_house: House) -> None:
    contact = house.a_contact()
    with pytest.raises(NotFound), other_house.tx() as tx:
        dossier.about(tx, contact.id)


def test_an_export_is_plain_json_whatever_state_things_are_in(house: House) -> None:
    contact = house.a_contact()
    [step] = house.follow_ups(house.a_sent_task(contact=contact))[:1]
    with house.tx() as tx:
        locked = tx.get_one(Contact, (tx.workspace_id, contact.id))
        postponing.postpone(tx, locked, date(2026, 3, 20), actor="Ada")
    house.run(follow_ups.pause, follow_up_id=step.id)

    with house.tx() as tx:
        whole = json.loads(json.dumps(dossier.about(tx, contact.id)))

    assert whole["contact"]["awayUntil"] == "2026-03-23"
    assert whole["followUps"][0]["remaining"].startswith("P")


def _a_reply_from(house: House, contact: Contact, sender: str, **heard: Any) -> None:
    with house.tx() as tx:
        row = tx.insert(
            InboundEmail,
            id=new_id(),
            provider_email_id=str(new_id()),
            status=InboundStatus.ATTACHED,
            kind="human",
            sender=sender,
            subject="",
            text="",
            reason="",
            contact_id=contact.id,
            received_at=tx.now,
            created_at=tx.now,
        )
        replies.keep(tx, contact, Heard(text="", inbound=row, **({"kind": "human"} | heard)))


OWN, SOMEBODYS = "own@example.net", "somebodys@example.net"


@pytest.mark.parametrize(
    "heard",
    [
        {"kind": "bounce"},
        {"kind": "automatic"},
        {"matched_by": MatchedBy.MESSAGE_ID, "confidence": Confidence.MEDIUM},
    ],
    ids=["a mail server", "a machine", "a colleague"],
)
def test_who_else_writes_in_a_thread_is_not_the_person(house: House, heard: Any) -> None:
    contact, other = house.a_contact(), house.a_contact()
    _a_reply_from(house, contact, OWN, matched_by=MatchedBy.REPLY_TOKEN)
    _a_reply_from(house, contact, SOMEBODYS, **heard)
    _a_reply_from(house, other, SOMEBODYS, **heard)

    with house.tx() as tx:
        assert traces.person(tx, contact).emails == {contact.email, OWN}
        shown = dossier.about(tx, contact.id)["inboundEmails"]
    assert {row["contactId"] for row in shown} == {str(contact.id)}


def test_an_address_that_is_another_contacts_by_now_is_theirs(house: House) -> None:
    contact, other = house.a_contact(), house.a_contact()
    _a_reply_from(house, contact, other.email)

    with house.tx() as tx:
        assert traces.person(tx, contact).emails == {contact.email}
