"""Where a workspace asks for four eyes, nobody lets out what they wrote or asked for."""

from typing import Any

import pytest

from runtime.crm import tokens
from runtime.crm.tokens import Viewer
from runtime.desk import drafts, messages, recommendations, workspaces
from runtime.errors import Refused
from runtime.models import (
    AgentKind,
    Contact,
    Draft,
    DraftStatus,
    FollowUpStatus,
    Recommendation,
    Role,
    Task,
    TokenKind,
)
from tests.house import House
from tests.races import ADA, BO


@pytest.fixture
def watchful(house: House) -> House:
    """A house that asks for four eyes."""
    house.run(workspaces.update, settings={"fourEyes": True})
    return house


def approve(house: House, draft: Draft, who_id: Any) -> Draft:
    approved: Draft = house.run(
        drafts.approve, who_id=who_id, draft_id=draft.id, fingerprint=house.fingerprint(draft)
    )
    return approved


def edited(house: House, task: Task) -> Draft:
    draft: Draft = house.run(
        drafts.edit, who_id=ADA, draft_id=house.draft(task).id, body="By my own hand."
    )
    return draft


def refused(house: House, draft: Draft, who_id: Any) -> str:
    with pytest.raises(Refused) as refusal:
        approve(house, draft, who_id)
    assert refusal.value.reason_code == "FOUR_EYES"
    assert house.fresh(draft).status is DraftStatus.PENDING
    return refusal.value.message


def test_nobody_approves_a_version_of_their_own_hand(watchful: House) -> None:
    draft = edited(watchful, watchful.a_drafted_task())

    said = refused(watchful, draft, ADA)

    assert said.startswith("Version 2 was written by Ada")
    assert "somebody else must approve it" in said
    assert approve(watchful, draft, BO).status is DraftStatus.APPROVED


def test_it_is_the_token_that_counts_and_not_the_name(watchful: House) -> None:
    """Both sign as Ada: two people may have one name."""
    draft = edited(watchful, watchful.a_drafted_task())

    assert approve(watchful, draft, BO).decided_by == draft.author == "Ada"


def test_an_author_who_is_not_known_might_be_anybody(watchful: House) -> None:
    task = watchful.a_drafted_task()
    draft = watchful.run(drafts.edit, draft_id=watchful.draft(task).id, body="Whose?")

    refused(watchful, draft, ADA)
    refused(watchful, draft, None)


def test_a_version_that_feedback_asked_for_is_its_givers_too(watchful: House) -> None:
    task = watchful.a_drafted_task()
    first = watchful.draft(task)
    watchful.run(drafts.reject, who_id=ADA, draft_id=first.id, feedback="Shorter.")
    watchful.settle()

    said = refused(watchful, watchful.draft(task), ADA)

    assert said.startswith("Version 2 was asked for by Ada")
    assert approve(watchful, watchful.draft(task), BO).version == 2


def test_a_version_that_was_asked_for_by_message_too(watchful: House) -> None:
    task = watchful.a_drafted_task()
    watchful.run(
        messages.send,
        who_id=ADA,
        agent_id=watchful.agent(AgentKind.OUTREACH).id,
        text="Shorter.",
        task_id=task.id,
    )
    watchful.settle()

    refused(watchful, watchful.draft(task), ADA)
    assert approve(watchful, watchful.draft(task), BO).version == 2


def test_what_the_agent_wrote_by_itself_anybody_may_approve(watchful: House) -> None:
    draft = watchful.draft(watchful.a_drafted_task())

    assert approve(watchful, draft, ADA).status is DraftStatus.APPROVED


def test_an_edited_follow_up_needs_another_person_as_well(watchful: House) -> None:
    watchful.follow_up_settings(waits=["P1D"], requireApproval=True, businessDaysOnly=False)
    task = watchful.a_sent_task()
    watchful.wait(days=1)
    [step] = watchful.follow_ups(task)
    assert step.status is FollowUpStatus.AWAITING_APPROVAL
    [draft] = watchful.all(Draft, Draft.follow_up_id == step.id)
    mine = watchful.run(drafts.edit, who_id=ADA, draft_id=draft.id, subject="By hand")

    refused(watchful, mine, ADA)
    assert approve(watchful, mine, BO).status is DraftStatus.APPROVED


def test_without_the_setting_people_approve_what_they_wrote(house: House) -> None:
    draft = edited(house, house.a_drafted_task())

    assert approve(house, draft, ADA).status is DraftStatus.APPROVED


def test_each_token_is_a_person_and_all_sessions_of_a_name_are_one(house: House) -> None:
    def held(kind: TokenKind) -> Viewer:
        with house.tx() as tx:
            clear = tokens.create(tx, name="Operator", role=Role.OWNER, kind=kind)
        viewer = tokens.viewer(house.db, clear)
        assert viewer is not None
        return viewer

    first, second = held(TokenKind.API), held(TokenKind.API)
    assert first.person_id == first.token_id != second.person_id
    assert held(TokenKind.SESSION).person_id == held(TokenKind.SESSION).person_id


def _a_draft_that_waited(house: House) -> Task:
    task = house.a_task()
    deal = house.an_opportunity(contact=house.fresh(Contact(id=task.contact_id)))
    with house.tx() as tx:
        tx.get_one(Task, (tx.workspace_id, task.id)).opportunity_id = deal.id
    house.wait(days=4)
    return house.fresh(task)


def test_who_accepts_that_a_draft_is_written_anew_asked_for_it(watchful: House) -> None:
    task = _a_draft_that_waited(watchful)
    [row] = watchful.all(Recommendation, Recommendation.rule == "stale_draft")
    watchful.run(recommendations.accept, recommendation_id=row.id, who_id=ADA)
    watchful.settle()
    draft = watchful.draft(task)

    assert draft.version == 2
    refused(watchful, draft, ADA)
    assert approve(watchful, draft, BO).status is DraftStatus.APPROVED


def test_what_an_agent_asked_for_by_itself_is_nobodys_own_hand(watchful: House) -> None:
    watchful.planning_settings(autoAccept=["stale_draft"])
    draft = watchful.draft(_a_draft_that_waited(watchful))

    assert (draft.version, draft.author) == (2, "planning")
    assert approve(watchful, draft, ADA).status is DraftStatus.APPROVED
