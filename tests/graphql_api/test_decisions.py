"""What two people at one draft see of each other, and of what happened meanwhile."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from graphql_api import ids
from runtime.crm import enrolment
from runtime.models import AgentKind, Contact, Draft, Role, Task
from runtime.operator import access
from tests.graphql_api.door import Caller, Door
from tests.house import House

DRAFT = """query ($id: ID!) { node(id: $id) { ... on Draft {
  version status fingerprint body reason decidedBy
  approvals { kind by at voidedAt voidedReason }
  stale { code detail } followUpSettings { version waits }
  editedFrom { id version body } } } }"""


def named(door: Door, house: House, name: str) -> Caller:
    """Return somebody with a token that bears their name."""
    return Caller(door, access.new_token(house.db, house.workspace_id, Role.MEMBER, name=name))


def look(caller: Caller, draft: Draft) -> Any:
    return caller.ask(DRAFT, id=ids.encode("Draft", draft.id))["node"]


def approve(caller: Caller, draft: Draft, **more: Any) -> dict[str, Any]:
    return {
        "draftId": ids.encode("Draft", draft.id),
        "fingerprint": look(caller, draft)["fingerprint"],
    } | more


def assigning(house: House, task: Task, **more: Any) -> dict[str, Any]:
    return {
        "agentId": ids.encode("Agent", house.agent(AgentKind.OUTREACH).id),
        "contactId": ids.encode("Contact", task.contact_id),
        "instruction": "Write something else.",
    } | more


def test_who_approved_when_and_why_it_ended_is_told_newest_first(door: Door, house: House) -> None:
    ada, bo = named(door, house, "Ada"), named(door, house, "Bo")
    draft = house.draft(house.a_drafted_task())
    ada.do("approveDraft", approve(ada, draft))
    ada.do("withdrawApproval", {"draftId": ids.encode("Draft", draft.id), "reason": "Not yet."})
    house.clock.advance(60)
    bo.do("approveDraft", approve(bo, draft))

    new, old = look(ada, draft)["approvals"]

    assert (new["kind"], new["by"], new["voidedAt"]) == ("PERSON", "Bo", None)
    assert (old["by"], old["voidedReason"]) == ("Ada", "Not yet.")
    assert datetime.fromisoformat(old["voidedAt"]) < datetime.fromisoformat(new["at"])


def test_the_second_to_decide_is_told_who_was_first(door: Door, house: House) -> None:
    ada, bo = named(door, house, "Ada"), named(door, house, "Bo")
    draft = house.draft(house.a_drafted_task())
    ada.do("approveDraft", approve(ada, draft))

    for caller, who in ((bo, "Ada"), (ada, "You")):
        error = caller.refused("approveDraft", approve(caller, draft))
        assert error["code"] == "ALREADY_DECIDED"
        assert error["message"].startswith(f"{who} approved version 1 at ")


def test_four_eyes_go_by_the_token(door: Door, house: House, owner: Caller) -> None:
    owner.do("updateWorkspace", {"settings": {"fourEyes": True}})
    ada, other_ada = named(door, house, "Ada"), named(door, house, "Ada")
    first = house.draft(task := house.a_drafted_task())
    ada.do("editDraft", {"draftId": ids.encode("Draft", first.id), "body": "Mine."})
    draft = house.draft(task)

    error = ada.refused("approveDraft", approve(ada, draft))

    assert (error["code"], error["path"]) == ("FOUR_EYES", ["input", "draftId"])
    assert look(ada, draft)["editedFrom"] == {
        "id": ids.encode("Draft", first.id),
        "version": 1,
        "body": first.body,
    }
    assert other_ada.do("approveDraft", approve(other_ada, draft))["userErrors"] == []


def test_a_stale_draft_says_why_and_waits_to_be_acknowledged(house: House, owner: Caller) -> None:
    draft = house.draft(task := house.a_drafted_task())
    with house.tx() as tx:
        tx.execute(sa.update(Contact).where(Contact.id == task.contact_id).values(title="CEO"))
    [reason] = look(owner, draft)["stale"]
    assert reason["code"] == "CONTACT_CHANGED"
    assert "title" in reason["detail"]

    error = owner.refused("approveDraft", approve(owner, draft))
    assert error["code"] == "STALE"
    assert reason["detail"] in error["message"]
    given = approve(owner, draft, acknowledgeStale=True)
    assert owner.do("approveDraft", given, "draft { stale { code } status }")["draft"] == {
        "stale": [],
        "status": "APPROVED",
    }


def test_the_settings_shown_are_those_an_approval_stands_for(house: House, owner: Caller) -> None:
    draft = house.draft(house.a_drafted_task())
    old = approve(owner, draft)
    before = look(owner, draft)["followUpSettings"]
    house.follow_up_settings(waits=["PT1H", "PT2H"])

    now = look(owner, draft)["followUpSettings"]
    assert now == {"version": before["version"] + 1, "waits": ["PT1H", "PT2H"]}
    assert owner.refused("approveDraft", old)["code"] == "SETTINGS_CHANGED"
    owner.do("approveDraft", approve(owner, draft))
    house.follow_up_settings(waits=["PT3H"])
    assert look(owner, draft)["followUpSettings"] == now


def test_a_second_task_is_refused_queued_or_takes_the_place(house: House, owner: Caller) -> None:
    task = house.a_drafted_task()

    error = owner.refused("assignTask", assigning(house, task))
    assert (error["code"], error["path"]) == ("ALREADY_ENROLLED", ["input", "contactId"])
    shown = "task { status queuedAfter { id } } warnings"
    queued = owner.do("assignTask", assigning(house, task, ifEnrolled="QUEUE_AFTER"), shown)
    assert queued["task"] == {
        "status": "QUEUED",
        "queuedAfter": {"id": ids.encode("Task", task.id)},
    }
    replacing = owner.do("assignTask", assigning(house, task, ifEnrolled="REPLACE"), shown)
    assert replacing["task"] == {"status": "QUEUED", "queuedAfter": None}
    assert {str(t.status) for t in house.all(Task)} == {"CANCELLED", "QUEUED"}


def test_an_overlap_at_one_company_is_a_warning(house: House, owner: Caller) -> None:
    first = house.a_task(contact=house.a_contact(name="Cy", company="Acme"))
    contact = house.a_contact(company="acme")
    given = {
        "agentId": ids.encode("Agent", house.agent(AgentKind.OUTREACH).id),
        "contactId": ids.encode("Contact", contact.id),
        "instruction": "Write.",
    }

    done = owner.do("assignTask", given, "task { status } warnings")

    assert done["task"] == {"status": "QUEUED"}
    assert done["warnings"] == [
        f"Cy, also at acme, is being written to by task {enrolment.name(first.id)}."
    ]
