"""An approver sees the whole mail, and what cannot be filled in is said in the answer."""

from graphql_api import ids
from tests.graphql_api.door import Caller
from tests.house import House, text_of

PREVIEW = """query ($id: ID!) { node(id: $id) { ... on Draft {
  body preview { subject text html from replyTo } } } }"""


def test_a_preview_is_the_mail_as_it_then_leaves(owner: Caller, house: House) -> None:
    task = house.a_drafted_task()
    draft = ids.encode("Draft", house.draft(task).id)

    shown = owner.ask(PREVIEW, id=draft)["node"]
    house.approve(task)
    house.settle()

    [mail] = house.mails()
    assert shown["preview"]["text"] == text_of(mail).rstrip("\n")
    assert shown["preview"]["html"] == text_of(mail, "html")
    assert shown["preview"]["subject"] == mail["Subject"]
    assert shown["preview"]["from"] == str(mail["From"])
    assert shown["preview"]["replyTo"] is None
    assert shown["preview"]["text"].startswith(shown["body"])
    assert "unsubscribe" not in shown["body"]
    assert owner.ask(PREVIEW, id=draft)["node"] == shown


def test_a_mail_that_left_is_known_by_what_its_reader_sees(owner: Caller, house: House) -> None:
    task = house.a_sent_task()
    sent = ids.encode("SentEmail", house.sent(task)[0].id)

    shown = owner.ask(
        "query ($id: ID!) { node(id: $id) { ... on SentEmail { messageId } } }", id=sent
    )

    assert shown["node"]["messageId"] == house.mails()[0]["Message-ID"]


def test_a_field_that_cannot_be_filled_in_is_a_user_error(owner: Caller, house: House) -> None:
    task = house.a_drafted_task()
    draft = ids.encode("Draft", house.draft(task).id)

    edit = owner.refused("editDraft", {"draftId": draft, "body": "At {{ Company }}."})
    assigned = owner.refused(
        "assignTask",
        {
            "agentId": ids.encode("Agent", task.agent_id),
            "contactId": ids.encode("Contact", task.contact_id),
            "instruction": "Ask about {{compny}}.",
        },
    )

    assert (edit["code"], assigned["code"]) == ("MERGE_FIELD", "MERGE_FIELD")
    assert "{{company}} has no value" in edit["message"]
    assert "There is no field {{compny}}" in assigned["message"]
    signed = owner.do(
        "editDraft", {"draftId": draft, "body": "Yours, {{sender}}"}, "draft { body }"
    )
    assert signed["draft"]["body"] == "Yours, Rapport"


def test_a_subject_with_another_line_in_it_is_a_user_error(owner: Caller, house: House) -> None:
    draft = ids.encode("Draft", house.draft(house.a_drafted_task()).id)

    for subject in ("Hi\nBcc: b@evil.test", "Hi =?utf-8?q?=0ABcc:?=", "\u202eih"):
        error = owner.refused("editDraft", {"draftId": draft, "subject": subject})

        assert error["path"][-1] == "subject"
