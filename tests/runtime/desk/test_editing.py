"""An edit is a new version: whatever it changes, the approval of the one before is void."""

from typing import Any

import pytest
import sqlalchemy as sa

from runtime.desk import drafts, workspaces
from runtime.errors import Conflict
from runtime.models import Approval, Contact, Draft, DraftStatus, FollowUpStatus, Task, TaskStatus
from tests.house import House
from tests.races import ADA

EVERY_FIELD: list[dict[str, str]] = [
    {"subject": "Another subject"},
    {"body": "Another body."},
    {"subject": "Another subject", "body": "Another body."},
]


def waiting(house: House) -> Draft:
    """Return an approved first mail's draft that waits for the kill switch."""
    house.run(workspaces.stop_sending, reason="Stop.")
    task = house.a_drafted_task()
    house.approve(task)
    house.settle()
    return house.draft(task)


def waiting_follow_up(house: House) -> Draft:
    """Return an approved follow-up's draft that waits for the kill switch."""
    house.follow_up_settings(waits=["P1D"], requireApproval=True, businessDaysOnly=False)
    house.a_sent_task()
    house.wait(days=1)
    house.run(workspaces.stop_sending, reason="Stop.")
    [draft] = house.all(Draft, Draft.follow_up_id.is_not(None))
    house.run(drafts.approve, draft_id=draft.id, fingerprint=draft.fingerprint)
    house.settle()
    return house.fresh(draft)


def edit(house: House, draft: Draft, fields: dict[str, Any]) -> Draft:
    edited: Draft = house.run(drafts.edit, who_id=ADA, draft_id=draft.id, **fields)
    return edited


@pytest.mark.parametrize("fields", EVERY_FIELD)
@pytest.mark.parametrize("made", [waiting, waiting_follow_up])
def test_whatever_is_edited_is_approved_anew_or_not_sent(
    house: House, made: Any, fields: dict[str, str]
) -> None:
    draft = made(house)
    out = len(house.mails())
    assert draft.status is DraftStatus.APPROVED

    new = edit(house, draft, fields)

    assert (new.version, new.status, new.edited_from_id) == (2, DraftStatus.PENDING, draft.id)
    assert (new.subject, new.body) == (
        fields.get("subject", draft.subject),
        fields.get("body", draft.body),
    )
    assert (new.author, new.author_id) == ("Ada", ADA)
    [*_, approval] = house.all(Approval, Approval.draft_id == draft.id)
    assert approval.voided_reason == "The text was edited."
    house.run(workspaces.resume_sending, reason="Go on.")
    house.wait(days=1)
    assert len(house.mails()) == out
    house.run(drafts.approve, draft_id=new.id, fingerprint=house.fingerprint(new))
    house.settle()
    assert len(house.mails()) == out + 1
    assert house.mails()[-1]["subject"] == new.subject


def test_an_address_changed_after_the_approval_stops_the_mail(house: House) -> None:
    draft = waiting(house)
    with house.tx() as tx:
        tx.execute(sa.update(Contact).values(email="moved@example.org"))
    house.run(workspaces.resume_sending, reason="Go on.")
    house.settle()

    assert house.mails() == []
    [task] = house.all(Task)
    assert (task.status, task.error_code) == (TaskStatus.BLOCKED, "RECIPIENT")
    new = edit(house, draft, {"body": draft.body + " "})
    assert new.to == "moved@example.org"


def test_what_has_left_is_not_edited(house: House) -> None:
    task = house.a_sent_task()

    with pytest.raises(Conflict, match="has left"):
        edit(house, house.draft(task), {"body": "Too late."})


def test_only_the_newest_version_is_edited(house: House) -> None:
    task = house.a_drafted_task()
    first = house.draft(task)
    edit(house, first, {"body": "Two."})

    with pytest.raises(Conflict, match="Version 2 took its place") as refusal:
        edit(house, first, {"body": "Three."})

    assert refusal.value.reason_code == "ALREADY_DECIDED"
    assert house.draft(task).body == "Two."


def test_a_follow_up_edited_while_it_waits_for_a_decision_stays_one(house: House) -> None:
    draft = waiting_follow_up(house)
    new = edit(house, draft, {"body": "One."})
    newer = edit(house, new, {"body": "Two."})

    [step] = house.follow_ups(house.all(Task)[0])
    assert step.status is FollowUpStatus.AWAITING_APPROVAL
    versions = [house.fresh(each).status for each in (draft, new, newer)]
    assert versions == [DraftStatus.SUPERSEDED, DraftStatus.SUPERSEDED, DraftStatus.PENDING]
