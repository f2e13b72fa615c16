"""A person about whom every table has something to say, in words that can be searched for."""

import psycopg
import sqlalchemy as sa

from runtime.db import Transaction
from runtime.desk import changing, contacts, drafts, messages, repeats, research, tasks
from runtime.mail import delivery, replies, reports
from runtime.mail.replies import Heard
from runtime.models import (
    AgentKind,
    Contact,
    Escalation,
    EscalationKind,
    InboundEmail,
    InboundStatus,
    SentEmail,
    Task,
    new_id,
)
from tests.fakes.webhooks import body
from tests.house import House

NAME, EMAIL, OLD_EMAIL = "Quirina Zobel", "q.zobel@example.org", "quirina@old.example"
ELSEWHERE = "zobel@elsewhere.example"
WORDS = (
    *("Quirina", "Zobel", EMAIL, OLD_EMAIL, "quirina@"),
    *("Zobelworks", "Chiefess", "walnut", "Persimmon", "Gooseberry", "Marzipan", "Tamarind"),
    *("Elderflower", "Kumquat", "Rhubarb", "Fennel", "Saffron", ELSEWHERE),
)
"""What must not be found once she is erased; each stands in at least one row before."""


def a_known_person(house: House) -> tuple[Contact, Task]:
    """Return somebody who was written to, answered, moved, and was talked about."""
    house.follow_up_settings(waits=["PT2S"], businessDaysOnly=False)
    contact = house.a_contact(
        email=OLD_EMAIL,
        name=NAME,
        company="Zobelworks",
        title="Chiefess",
        notes="Likes walnut.",
        source="Elderflower fair",
        country="PT",
    )
    task = house.a_drafted_task(contact=contact, instruction=f"Ask {NAME} about Persimmon.")
    draft = house.draft(task)
    house.run(drafts.reject, draft_id=draft.id, feedback="Say Gooseberry, please.")
    house.settle()
    house.approve(task)
    house.settle()
    house.wait(seconds=10)
    _say_more(house, contact, task)
    house.run(research.add_page, url="https://zobelworks.example/Saffron", contact_id=contact.id)
    house.run(
        tasks.assign,
        agent_id=house.agent(AgentKind.RESEARCH).id,
        contact_id=contact.id,
        instruction="Find out about Saffron.",
    )
    house.settle()
    house.run(contacts.record_reply, contact_id=contact.id, text="Marzipan, no thanks.")
    house.planning_settings(replyUnansweredDays=1)
    house.an_opportunity(contact=contact, title="Rhubarb deal", notes="Fennel, perhaps.")
    house.wait(days=1, seconds=10)
    house.run(changing.change, contact_id=contact.id, changes={"email": EMAIL})
    house.a_drafted_task(contact=contact, instruction="Tamarind again.")
    return house.fresh(contact), house.fresh(task)


def _say_more(house: House, contact: Contact, task: Task) -> None:
    mail = house.sent(task)[0]
    told = reports.read(body(mail, "email.delivery_delayed", at=house.clock.now))
    agent = house.agent(AgentKind.OUTREACH).id
    house.run(messages.send, agent_id=agent, text=f"Mind you,\n{EMAIL} is\n{OLD_EMAIL}.")
    house.settle()
    with house.tx() as tx:
        assert delivery.take(tx, "msg_1", told)
        _a_mail_of_theirs(tx, contact, mail)
        repeats.once(tx, "createContact", f"add {EMAIL}", {}, lambda: {"id": str(contact.id)})
        tx.add(
            Escalation(
                workspace_id=house.workspace_id,
                id=new_id(),
                kind=EscalationKind.QUESTION,
                reason="Kumquat?",
                dedup_key="question:1",
                contact_id=contact.id,
                created_at=house.clock.now,
            )
        )
        tx.execute(
            sa.text("SELECT log_agent_activity('lead.found', :s, '{}')"),
            {"s": f"Found <{OLD_EMAIL}>."},
        )


def _a_mail_of_theirs(tx: Transaction, contact: Contact, mail: SentEmail) -> None:
    """Keep an answer from another address of theirs than we know them by."""
    row = tx.insert(
        InboundEmail,
        id=new_id(),
        provider_email_id="1",
        status=InboundStatus.ATTACHED,
        kind="human",
        sender=ELSEWHERE,
        named=[ELSEWHERE],
        subject="Rhubarb",
        text="Fennel.",
        reason=f"it is {NAME}'s.",
        contact_id=contact.id,
        sent_email_id=mail.id,
        received_at=tx.now,
        created_at=tx.now,
    )
    replies.keep(tx, contact, Heard(kind="human", text="Fennel.", sent=mail, inbound=row))


def found(owner_url: str, house: House, word: str) -> list[str]:
    """Return each column, of every table there is, that holds a word in this workspace."""
    with psycopg.connect(owner_url) as owner:
        owner.execute("SELECT set_config('app.workspace', %s, false)", (str(house.workspace_id),))
        columns = owner.execute(
            "SELECT c.table_name, c.column_name FROM information_schema.columns AS c"
            " WHERE c.table_schema = 'public' AND c.table_name <> 'alembic_version'"
            " AND (c.data_type IN ('text', 'jsonb', 'json', 'character varying', 'ARRAY'))"
        ).fetchall()
        return [
            f"{table}.{column}"
            for table, column in columns
            if owner.execute(
                f'SELECT 1 FROM "{table}" WHERE "{column}"::text ILIKE %s LIMIT 1',  # noqa: S608 - names out of the catalogue
                (f"%{word}%",),
            ).fetchone()
        ]
