"""Mail that came in, as clients see it and decide about it."""

from typing import Any

from graphql_api import ids
from runtime.mail.inbound import question_key
from runtime.models import (
    Confidence,
    Contact,
    ContactStatus,
    Escalation,
    EscalationKind,
    InboundEmail,
    InboundStatus,
    MatchedBy,
    SentEmail,
    Task,
)
from tests.graphql_api.door import Caller
from tests.house import House

SHOWN = """id kind text subject from matchedBy confidence crossed needsReview returnsOn
    contact { id } sentEmail { id } inboundEmail { id status }"""


def suggested(house: House, number: int = 1, **fields: Any) -> InboundEmail:
    """Keep a mail that may be an answer, with the question whose it is."""
    mail = house.sent(house.a_sent_task())[0]
    with house.tx() as tx:
        given: dict[str, Any] = {
            "provider_email_id": f"{number}",
            "status": InboundStatus.SUGGESTED,
            "kind": "human",
            "sender": "eve@example.net",
            "subject": "Re: Hello",
            "text": "Yes.\n\nOn Monday you wrote:\n\nHello",
            "reason": "from an address nobody knows.",
            "contact_id": mail.contact_id,
            "sent_email_id": mail.id,
            "matched_by": MatchedBy.MESSAGE_ID,
            "confidence": Confidence.LOW,
            "received_at": tx.now,
            "created_at": tx.now,
        }
        row: InboundEmail = tx.insert(InboundEmail, **(given | fields))
        tx.flush()
        tx.insert(
            Escalation,
            kind=EscalationKind.QUESTION,
            reason="Whose is it?",
            dedup_key=question_key(row),
            created_at=tx.now,
        )
    return row


def task_of(house: House, row: InboundEmail) -> Task:
    [mail] = house.all(SentEmail, SentEmail.id == row.sent_email_id)
    return house.all(Task, Task.id == mail.task_id)[0]


def test_what_waits_for_a_person_is_listed(owner: Caller, house: House) -> None:
    row = suggested(house)
    suggested(house, 2, status=InboundStatus.UNMATCHED, contact_id=None, sent_email_id=None)

    query = """{ inboundEmails(status: [SUGGESTED]) { totalCount nodes { id from text reason
        matchedBy confidence contact { id } sentEmail { id } } } }"""
    found = owner.ask(query)["inboundEmails"]

    assert found["totalCount"] == 1
    [node] = found["nodes"]
    assert (node["id"], node["from"]) == (ids.encode("InboundEmail", row.id), "eve@example.net")
    assert node["contact"]["id"] == ids.encode("Contact", row.contact_id)


def test_an_attached_mail_is_a_reply_and_ends_what_is_open(owner: Caller, house: House) -> None:
    row = suggested(house)
    given = {"inboundEmailId": ids.encode("InboundEmail", row.id)}

    reply = owner.do("attachReply", given, f"reply {{ {SHOWN} }}")["reply"]

    assert (reply["text"], reply["from"], reply["kind"]) == ("Yes.", "eve@example.net", "human")
    assert (reply["matchedBy"], reply["confidence"]) == ("PERSON", "HIGH")
    assert reply["inboundEmail"]["status"] == "ATTACHED"
    [contact] = house.all(Contact, Contact.id == row.contact_id)
    assert contact.status is ContactStatus.REPLIED
    assert house.escalations() == []
    assert owner.refused("attachReply", given)["code"] == "CONFLICT"


def test_a_mail_of_another_contact_cannot_be_what_was_answered(owner: Caller, house: House) -> None:
    row = suggested(house)
    somebody = ids.encode("Contact", house.a_contact().id)
    given = {
        "inboundEmailId": ids.encode("InboundEmail", row.id),
        "contactId": somebody,
        "sentEmailId": ids.encode("SentEmail", row.sent_email_id),
    }

    error = owner.refused("attachReply", given)

    assert (error["code"], error["path"]) == ("NOT_FOUND", ["input", "sentEmailId"])


def test_a_dismissed_mail_is_put_aside_with_the_question(owner: Caller, house: House) -> None:
    row = suggested(house)
    given = {"inboundEmailId": ids.encode("InboundEmail", row.id), "reason": "Not theirs."}

    done = owner.do("dismissReply", given, "inboundEmail { status settledBy }")["inboundEmail"]

    who = owner.ask("{ viewer { name } }")["viewer"]["name"]
    assert done == {"status": "DISMISSED", "settledBy": who}
    assert house.escalations() == []


def test_a_machines_mail_that_was_an_answer_after_all_ends_what_is_open(
    owner: Caller, house: House
) -> None:
    row = suggested(house, kind="automatic")
    attached = owner.do(
        "attachReply",
        {"inboundEmailId": ids.encode("InboundEmail", row.id)},
        "reply { id kind }",
    )["reply"]
    assert attached["kind"] == "automatic"
    assert [f.status for f in house.follow_ups(task_of(house, row))] == ["SCHEDULED"]

    given = {"replyId": attached["id"], "kind": "question"}
    assert owner.do("reviewReply", given, "reply { kind }")["reply"] == {"kind": "question"}

    assert [f.status for f in house.follow_ups(task_of(house, row))] == ["CANCELLED"]
    error = owner.refused("reviewReply", given | {"kind": "nonsense"})
    assert error["path"] == ["input", "kind"]
