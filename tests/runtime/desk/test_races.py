"""Two people at one draft: one wins, the other is told who did what and when, nothing is lost."""

from collections.abc import Callable
from typing import Any

import pytest

from runtime.crm import enrolment
from runtime.db import Transaction
from runtime.desk import approvals, contacts, drafts, tasks
from runtime.models import (
    AgentKind,
    Approval,
    Call,
    CallKind,
    Contact,
    Draft,
    DraftStatus,
    Message,
    Task,
    TaskStatus,
)
from tests.house import House
from tests.races import ADA, BO, ROUNDS, at_once, losers

Work = Callable[[Transaction], Any]


def approve(house: House, draft: Draft, who: str = "Ada") -> Work:
    shown = house.fingerprint(draft)
    person = ADA if who == "Ada" else BO
    return lambda tx: drafts.approve(
        tx, who=who, who_id=person, draft_id=draft.id, fingerprint=shown
    )


def reject(draft: Draft, feedback: str | None) -> Work:
    return lambda tx: drafts.reject(tx, who="Bo", who_id=BO, draft_id=draft.id, feedback=feedback)


def edit(draft: Draft, body: str = "Other words.", who: str = "Bo") -> Work:
    return lambda tx: drafts.edit(tx, who=who, who_id=BO, draft_id=draft.id, body=body)


def withdraw(draft: Draft, who: str) -> Work:
    return lambda tx: approvals.withdraw(tx, who=who, draft_id=draft.id)


def in_force(house: House, task: Task) -> list[Approval]:
    return [a for a in house.all(Approval, Approval.task_id == task.id) if a.voided_at is None]


def nothing_left(house: House, task: Task) -> bool:
    house.settle()
    return house.mails() == [] and house.sent(task) == []


@pytest.fixture(params=range(ROUNDS))
def task(house: House, request: pytest.FixtureRequest) -> Task:
    """A task whose draft waits for a decision; one for each round."""
    assert request.param < ROUNDS
    drafted = house.a_drafted_task()
    house.clock.advance(60)
    return drafted


def test_of_two_approvals_one_wins(house: House, task: Task) -> None:
    draft = house.draft(task)

    outcomes = at_once(house, approve(house, draft), approve(house, draft, "Bo"))

    [loser] = losers(outcomes)
    winner = house.draft(task).decided_by
    assert loser.reason_code == "ALREADY_DECIDED"
    assert loser.message.startswith(f"{winner} approved version 1 at {house.clock.now:%Y-%m-%d}")
    assert len(in_force(house, task)) == 1
    house.settle()
    assert len(house.mails()) == 1


def test_a_double_click_approves_once_and_says_so(house: House, task: Task) -> None:
    draft = house.draft(task)

    [loser] = losers(at_once(house, *[approve(house, draft)] * 3)[:])[:1]

    assert loser.reason_code == "ALREADY_DECIDED"
    assert loser.message.startswith("You approved version 1 at ")
    assert len(in_force(house, task)) == 1
    said = house.all(Message, Message.type == "DraftApproved")
    assert len(said) == 1
    house.settle()
    assert len(house.mails()) == 1


@pytest.mark.parametrize("feedback", [None, "Shorter."])
def test_of_an_approval_and_a_rejection_one_wins(
    house: House, task: Task, feedback: str | None
) -> None:
    draft = house.draft(task)

    [loser] = losers(at_once(house, approve(house, draft), reject(draft, feedback)))

    status = house.draft(task).status
    done = "Ada approved" if status is DraftStatus.APPROVED else "Bo rejected"
    assert loser.reason_code == "ALREADY_DECIDED"
    assert loser.message.startswith(f"{done} version 1 at ")
    house.settle()
    assert len(house.mails()) == (status is DraftStatus.APPROVED)


def test_an_edit_beats_an_approval_that_comes_with_it(house: House, task: Task) -> None:
    draft = house.draft(task)

    outcomes = at_once(house, approve(house, draft), edit(draft))

    first = outcomes[0]
    if losers(outcomes):
        assert first.reason_code == "ALREADY_DECIDED"
        assert "Bo closed version 1 at " in first.message
        assert "Version 2 took its place" in first.message
    assert house.draft(task).body == "Other words."
    assert house.draft(task).status is DraftStatus.PENDING
    assert in_force(house, task) == []
    assert nothing_left(house, task)


def test_of_two_edits_one_wins(house: House, task: Task) -> None:
    draft = house.draft(task)

    [loser] = losers(at_once(house, edit(draft, "One.", "Ada"), edit(draft, "Two.", "Bo")))

    assert loser.reason_code == "ALREADY_DECIDED"
    assert "Version 2 took its place" in loser.message
    assert house.draft(task).version == 2


def test_a_cancellation_beats_an_approval_that_comes_with_it(house: House, task: Task) -> None:
    draft = house.draft(task)

    outcomes = at_once(
        house,
        approve(house, draft),
        lambda tx: tasks.cancel(tx, who="Bo", task_id=task.id, reason="Wrong person."),
    )

    for loser in losers(outcomes):
        assert loser is outcomes[0]
        assert loser.message.startswith("Bo closed version 1 at ")
        assert "Wrong person" in loser.message
    assert house.fresh(task).status is TaskStatus.CANCELLED
    assert in_force(house, task) == []
    assert nothing_left(house, task)


def test_a_reply_beats_an_approval_that_comes_with_it(house: House, task: Task) -> None:
    draft = house.draft(task)

    contact_id = task.contact_id
    assert contact_id is not None

    outcomes = at_once(
        house,
        approve(house, draft),
        lambda tx: contacts.record_reply(tx, who="Bo", contact_id=contact_id, text="Hi."),
    )

    for loser in losers(outcomes):
        assert loser.reason_code == "STALE"
        assert "The contact replied at " in loser.message
    assert house.fresh(task).status is TaskStatus.AWAITING_APPROVAL
    assert in_force(house, task) == []
    assert nothing_left(house, task)


def test_of_two_withdrawals_one_wins(house: House, task: Task) -> None:
    house.approve(task)
    draft = house.draft(task)

    [loser] = losers(at_once(house, withdraw(draft, "Ada"), withdraw(draft, "Bo")))

    assert "withdrew the approval" in loser.message
    assert nothing_left(house, task)


def test_an_approval_and_a_withdrawal_follow_each_other(house: House, task: Task) -> None:
    house.approve(task)
    draft = house.draft(task)

    outcomes = at_once(house, withdraw(draft, "Ada"), approve(house, draft, "Bo"))

    if losers(outcomes):  # the approval came first, and found the one that was there
        assert losers(outcomes) == [outcomes[1]]
        assert outcomes[1].reason_code == "ALREADY_DECIDED"
        assert nothing_left(house, task)
    else:
        assert [a.approved_by for a in in_force(house, task)] == ["Bo"]
        house.settle()
        assert len(house.mails()) == 1


def test_a_withdrawal_and_the_gate_have_one_winner(house: House, task: Task) -> None:
    house.approve(task)
    house.take_turns()
    draft = house.draft(task)

    outcomes = at_once(house, withdraw(draft, "Ada"), lambda _tx: house.make_calls())

    house.settle()
    assert len(house.mails()) == len(losers(outcomes))


def test_of_two_tasks_for_one_contact_one_is_assigned(house: House) -> None:
    agent = house.agent(AgentKind.OUTREACH)

    def assign(contact: Contact, who: str) -> Work:
        return lambda tx: tasks.assign(
            tx, who=who, agent_id=agent.id, contact_id=contact.id, instruction="Write."
        )

    for _ in range(ROUNDS):
        contact = house.a_contact()

        outcomes = at_once(house, assign(contact, "Ada"), assign(contact, "Bo"))

        [loser] = losers(outcomes)
        [winner] = house.all(Task, Task.contact_id == contact.id)
        assert loser.reason_code == "ALREADY_ENROLLED"
        assert enrolment.name(winner.id) in loser.message
    house.settle()
    assert len(house.all(Call, Call.kind == CallKind.WRITE)) == ROUNDS
