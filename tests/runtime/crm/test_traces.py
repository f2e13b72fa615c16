"""Everything about a person is in their export, and every column of words is known."""

from typing import Any

import orjson
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from runtime.crm import dossier
from runtime.crm.traces import TRACES
from runtime.errors import NotFound
from runtime.models import TENANT, Base
from tests.house import House
from tests.runtime.desk.people import EMAIL, NAME, OLD_EMAIL, WORDS, a_known_person

NOBODYS = {
    *("workspaces", "access_tokens", "agents", "agent_past_settings"),
    *("event_counters", "senders"),
}
"""Tables that hold nothing about a contact."""

NO_WORDS = {
    *("fingerprint", "digest", "idempotency_key", "provider_message_id", "svix_id"),
    *("dedup_key", "type", "sender", "recipient", "actor", "writer", "transport", "kind"),
    *("decided_by", "approved_by", "resolved_by", "error_code", "operation", "source", "name"),
    *("timezone", "timezone_source", "calendar", "skipped", "known", "finding", "rule"),
    *("message_id", "provider_email_id", "author", "by", "chosen_by", "paused_by", "settled_by"),
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
