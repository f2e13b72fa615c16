"""The gate: each rule lets pass, refuses or has the mail wait, and leaves its line behind."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from runtime.clock import FakeClock
from runtime.db import Database
from runtime.desk import agents as desk_agents
from runtime.desk import contacts, drafts, follow_ups, tasks, workspaces
from runtime.errors import Conflict
from runtime.mail import approvals, gate, sending
from runtime.models import (
    AgentKind,
    Approval,
    ApprovalKind,
    Call,
    CallStatus,
    DeliveryStatus,
    Draft,
    DraftStatus,
    FollowUpStatus,
    Task,
    TaskStatus,
    Workspace,
)
from tests.fakes import FakeResend
from tests.house import House

RULES = [
    *("approval", "newest_version", "recipient", "not_suppressed"),
    *("nothing_unread", "no_reply"),
    *("complete", "unsubscribe", "fresh", "agent_active", "pace"),
    *("kill_switch", "sending_allowed"),
]


def approved(house: House, **fields: Any) -> Task:
    """Return a task whose mail is approved and stands before the gate."""
    task = house.a_drafted_task(**fields)
    house.approve(task)
    house.take_turns()
    return task


def receipt(house: House, task: Task) -> dict[str, dict[str, Any]]:
    [sent] = house.sent(task)
    return {check["rule"]: check for check in sent.receipt}


def change(house: House, statement: str, **values: Any) -> None:
    with house.tx() as tx:
        tx.execute(sa.text(statement), values)


def test_a_mail_that_passes_has_a_receipt_of_every_rule(house: House) -> None:
    task = house.a_sent_task()

    assert list(receipt(house, task)) == RULES
    assert all(check["passed"] and check["detail"] for check in receipt(house, task).values())
    assert "Ada" in receipt(house, task)["approval"]["detail"]


def retract(house: House) -> None:
    change(house, "UPDATE approvals SET voided_at = now(), voided_reason = 'x'")


REFUSALS: dict[str, tuple[str, Callable[[House], None]]] = {
    "an approval that was taken back": ("approval", retract),
    "a text changed after the approval": (
        "approval",
        lambda h: change(h, "UPDATE drafts SET body = body || ' P.S.'"),
    ),
    "a recipient changed after the approval": (
        "approval",
        lambda h: change(h, "UPDATE drafts SET to_address = 'eve@example.org'"),
    ),
    "an approval of another text": (
        "approval",
        lambda h: change(h, "UPDATE approvals SET fingerprint = 'x'"),
    ),
    "a contact with a new address": (
        "recipient",
        lambda h: change(h, "UPDATE contacts SET email = 'new@example.org'"),
    ),
    "a contact who unsubscribed": (
        "not_suppressed",
        lambda h: change(h, "UPDATE contacts SET status = 'UNSUBSCRIBED'"),
    ),
    "a suppressed address": (
        "not_suppressed",
        lambda h: change(
            h,
            "INSERT INTO suppressions SELECT workspace_id, id, email, 'x', 'test', now()"
            " FROM contacts",
        ),
    ),
    "a reply since the approval": (
        "no_reply",
        lambda h: change(h, "UPDATE contacts SET replied_at = :at", at=h.clock.now),
    ),
}


@pytest.mark.parametrize(("rule", "spoil"), REFUSALS.values(), ids=REFUSALS.keys())
def test_the_gate_refuses(house: House, rule: str, spoil: Callable[[House], None]) -> None:
    task = approved(house)

    spoil(house)
    house.settle()

    [sent] = house.sent(task)
    assert house.mails() == []
    assert sent.status is DeliveryStatus.BLOCKED
    assert next(name for name, check in receipt(house, task).items() if not check["passed"]) == rule
    assert house.fresh(task).status is TaskStatus.BLOCKED
    assert house.fresh(task).error_code == rule.upper()
    assert "email.blocked" in house.events()


@pytest.mark.parametrize(
    "text",
    ["Dear [First name],", "Hi <<name>>", "{% if x %}", "Best, [Your Name]"],
)
def test_a_placeholder_that_was_left_stops_the_mail(house: House, text: str) -> None:
    task = house.a_drafted_task()
    house.run(drafts.edit, draft_id=house.draft(task).id, body=text)
    house.approve(task)
    house.settle()

    assert not receipt(house, task)["complete"]["passed"]
    assert house.mails() == []


@pytest.mark.parametrize("text", ["see [1] and {x}", "a << b", "[link]", "our [brand name]"])
def test_brackets_that_are_no_placeholders_pass(house: House, text: str) -> None:
    task = house.a_drafted_task()
    house.run(drafts.edit, draft_id=house.draft(task).id, body=text)
    house.approve(task)
    house.settle()

    assert len(house.mails()) == 1


def test_an_old_version_never_leaves(house: House) -> None:
    task = approved(house)
    old = house.draft(task)
    with house.tx() as tx:
        values = {c.name: getattr(old, k) for k, c in sa.inspect(Draft).columns.items()}
        tx.execute(
            sa.insert(Draft.__table__).values(  # type: ignore[arg-type]
                values | {"id": house.workspace_id, "version": 2, "status": "SUPERSEDED"}
            )
        )
    house.settle()

    assert house.mails() == []
    sent = house.sent(task)[0]
    assert {c["rule"] for c in sent.receipt if not c["passed"]} == {"newest_version"}


def test_while_its_agent_is_paused_a_mail_waits_and_then_leaves(house: House) -> None:
    task = approved(house)
    agent_id = house.agent(AgentKind.OUTREACH).id
    house.run(desk_agents.pause, agent_id=agent_id)

    house.wait(minutes=20)
    assert house.mails() == []
    assert house.sent(task)[0].status is DeliveryStatus.BLOCKED
    assert not receipt(house, task)["agent_active"]["passed"]
    house.run(desk_agents.resume, agent_id=agent_id)
    house.settle()

    assert len(house.mails()) == 1
    assert house.fresh(task).status is TaskStatus.COMPLETED
    assert [call.attempts for call in house.all(Call)] == [1, 1], "waiting is no failed try"


def test_the_kill_switch_holds_every_mail_until_it_is_put_back(house: House) -> None:
    task = approved(house)
    house.run(workspaces.stop_sending, reason="Fire")

    house.wait(minutes=25)
    assert house.mails() == []
    assert "Fire" in receipt(house, task)["kill_switch"]["detail"]
    house.run(workspaces.resume_sending, reason="It is out.")
    house.settle()

    assert len(house.mails()) == 1


def test_a_mail_that_nobody_woke_finds_the_switch_put_back_all_the_same(house: House) -> None:
    """It was at the gate while somebody put it back."""
    approved(house)
    change(house, "UPDATE workspaces SET sending_stopped = true")
    house.settle()
    change(house, "UPDATE workspaces SET sending_stopped = false")

    house.wait(seconds=gate.LOOK_AGAIN.total_seconds())

    assert len(house.mails()) == 1


def test_with_a_key_but_without_leave_no_call_is_made_and_the_receipt_says_so(
    db: Database, fake_clock: FakeClock, tmp_path: Path
) -> None:
    with FakeResend() as fake:
        house = House(
            db, fake_clock, tmp_path, resend_api_key="re_test_key_1", resend_api_url=fake.url
        )
        task = approved(house)
        house.wait(days=2)

        assert fake.requests == []
    [sent] = house.sent(task)
    assert (sent.status, sent.transport) == (DeliveryStatus.BLOCKED, "resend")
    assert sent.receipt[-1] == {
        "rule": "sending_allowed",
        "passed": False,
        "detail": "Real sending is off: ALLOW_EMAIL_SENDING.",
    }
    assert house.fresh(task).status is TaskStatus.BLOCKED
    assert house.fresh(task).error_code == "SENDING_ALLOWED"
    house.settings = house.settings.model_copy(update={"resend_api_key": None})
    house.mailer = House(db, fake_clock, tmp_path).mailer
    house.run(tasks.retry, task_id=task.id)
    house.settle()
    assert house.fresh(task).status is TaskStatus.COMPLETED


def test_a_refusal_that_is_put_right_lets_the_same_approval_out(house: House) -> None:
    task = approved(house)
    change(house, "UPDATE contacts SET status = 'UNSUBSCRIBED'")
    house.settle()
    change(house, "UPDATE contacts SET status = 'ACTIVE'")

    house.run(tasks.retry, task_id=task.id)
    house.settle()

    assert len(house.mails()) == 1
    assert [sent.status for sent in house.sent(task)] == [DeliveryStatus.SENT]


def test_outside_its_window_a_follow_up_waits_for_it(house: House) -> None:
    house.follow_up_settings(waits=["PT1H"], windowStart="09:00", windowEnd="17:00")
    task = house.a_sent_task()  # on a Monday at 09:00
    house.run(desk_agents.pause, agent_id=house.agent(AgentKind.FOLLOW_UP).id)
    house.wait(hours=9)
    house.run(desk_agents.resume, agent_id=house.agent(AgentKind.FOLLOW_UP).id)
    house.wait(hours=14)
    assert len(house.mails()) == 1

    house.wait(hours=2)

    step = house.follow_ups(task)[0]
    assert step.status is FollowUpStatus.SENT
    assert step.executed_at
    assert step.executed_at.hour == 9
    assert receipt_of_step(house, task)["window"]["passed"]


def receipt_of_step(house: House, task: Task) -> dict[str, dict[str, Any]]:
    return {check["rule"]: check for check in house.sent(task)[-1].receipt}


def test_a_follow_up_leaves_under_the_standing_approval(house: House) -> None:
    house.follow_up_settings(waits=["PT2S"])
    task = house.a_sent_task()
    house.wait(seconds=3)

    kinds = [approval.kind for approval in house.all(Approval)]
    assert kinds == [ApprovalKind.PERSON, ApprovalKind.STANDING]
    assert "with the first mail by Ada" in receipt_of_step(house, task)["approval"]["detail"]


def test_other_settings_end_the_standing_approval_of_what_is_not_written_yet(house: House) -> None:
    house.follow_up_settings(waits=["PT2S"])
    task = house.a_sent_task()
    house.follow_up_settings(waits=["PT2S", "PT9S"])

    house.wait(seconds=5)

    [step] = house.follow_ups(task)
    assert step.status is FollowUpStatus.AWAITING_APPROVAL
    assert len(house.mails()) == 1
    [draft] = house.all(Draft, Draft.follow_up_id == step.id)
    house.run(drafts.approve, draft_id=draft.id, fingerprint=draft.fingerprint)
    house.settle()
    assert len(house.mails()) == 2


def test_other_settings_stop_a_follow_up_before_the_gate_and_a_person_can_let_it_out(
    house: House,
) -> None:
    house.follow_up_settings(waits=["PT2S"])
    task = house.a_sent_task()
    house.clock.advance(2)
    house._fire_timers()
    house.take_turns()
    house.make_calls()
    house.take_turns()
    assert house.follow_ups(task)[0].status is FollowUpStatus.SENDING

    house.follow_up_settings(waits=["PT3S"])
    house.settle()
    assert house.follow_ups(task)[0].status is FollowUpStatus.BLOCKED
    assert len(house.mails()) == 1
    house.run(follow_ups.resume, follow_up_id=house.follow_ups(task)[0].id)
    house.settle()

    step = house.follow_ups(task)[0]
    assert step.status is FollowUpStatus.AWAITING_APPROVAL
    [draft] = house.all(Draft, Draft.follow_up_id == step.id)
    house.run(drafts.approve, draft_id=draft.id, fingerprint=draft.fingerprint)
    house.settle()
    assert len(house.mails()) == 2


def test_a_new_name_is_no_other_setting(house: House) -> None:
    house.follow_up_settings(waits=["PT2S"])
    house.a_sent_task()
    house.run(desk_agents.update, agent_id=house.agent(AgentKind.FOLLOW_UP).id, name="Nora")

    house.wait(seconds=3)

    assert len(house.mails()) == 2


def test_a_reply_after_the_assignment_asks_a_person_even_where_no_approval_is_wanted(
    house: House,
) -> None:
    """Nobody has decided to write to somebody who has answered."""
    house.outreach_settings(requireApproval=False)
    task = house.a_task()
    house.clock.advance(1)
    house.run(contacts.record_reply, contact_id=task.contact_id, text="Please call me.")
    house.clock.advance(1)

    house.settle()

    assert house.mails() == []
    assert house.fresh(task).status is TaskStatus.AWAITING_APPROVAL


def test_where_no_approval_is_wanted_the_receipt_names_the_setting(house: House) -> None:
    house.outreach_settings(requireApproval=False)
    task = house.a_task()

    house.settle()

    assert len(house.mails()) == 1
    assert "by the agent's setting" in receipt(house, task)["approval"]["detail"]


def test_an_approval_that_came_twice_before_the_agent_looked_is_one_mail(house: House) -> None:
    task = house.a_drafted_task()
    house.approve(task)
    house.run(contacts.record_reply, contact_id=task.contact_id, text="Hello.")
    house.clock.advance(1)
    house.approve(task)

    house.settle()

    calls = house.all(Call, Call.draft_id == house.draft(task).id)
    assert [call.status for call in calls] == [CallStatus.DONE]
    assert len(house.mails()) == 1
    assert house.fresh(task).status is TaskStatus.COMPLETED


def test_an_approval_that_an_edit_overtook_is_not_even_tried(house: House) -> None:
    task = house.a_drafted_task()
    house.approve(task)
    house.run(drafts.edit, draft_id=house.draft(task).id, body="Better.")
    house.approve(task)

    house.settle()

    assert "email.blocked" not in house.events()
    assert len(house.sent(task)) == 1
    assert len(house.mails()) == 1


def test_a_mail_that_is_out_is_not_tried_again_by_a_second_call(house: House) -> None:
    task = house.a_sent_task()
    with house.tx() as tx:
        held = tx.get_one(Task, (house.workspace_id, task.id))
        draft = tx.get_one(Draft, (house.workspace_id, house.draft(task).id))
        sending.plan(tx, draft, agent=AgentKind.OUTREACH, task=held, max_attempts=5)

    house.wait(days=2)

    [sent] = house.sent(task)
    assert sent.status is DeliveryStatus.SENT
    assert all(check["passed"] for check in sent.receipt)
    assert len(house.mails()) == 1


def test_cancelling_between_the_mail_and_its_news_keeps_the_task_cancelled(house: House) -> None:
    house.follow_up_settings(waits=["PT2S"])
    task = approved(house)
    house.make_calls()  # the mail is out, the agent does not know yet
    house.run(tasks.cancel, task_id=task.id)

    house.wait(days=1)

    assert house.fresh(task).status is TaskStatus.CANCELLED
    assert house.follow_ups(task) == []
    assert house.draft(task).status is DraftStatus.APPROVED, "it was, and left"
    assert len(house.mails()) == 1


def test_a_reply_between_the_mail_and_its_news_takes_nothing_back(house: House) -> None:
    task = approved(house)
    house.make_calls()
    house.run(contacts.record_reply, contact_id=task.contact_id, text="Got it!")

    with pytest.raises(Conflict):
        house.approve(task)
    house.wait(days=1)

    assert house.fresh(task).status is TaskStatus.COMPLETED
    assert house.follow_ups(task) == []
    assert len(house.mails()) == 1


def test_a_follow_up_moved_after_its_time_came_waits_for_its_new_time(house: House) -> None:
    house.follow_up_settings(waits=["PT2S"])
    task = house.a_sent_task()
    house.clock.advance(2)
    house._fire_timers()  # its message waits in the mailbox
    [step] = house.follow_ups(task)
    house.run(
        follow_ups.reschedule, follow_up_id=step.id, due_at=house.clock.now + timedelta(days=3)
    )

    house.wait(days=2)
    assert len(house.mails()) == 1
    house.wait(days=2)

    assert len(house.mails()) == 2


def test_two_approvals_in_force_for_one_draft_cannot_be(house: House) -> None:
    task = house.a_drafted_task()
    house.approve(task)

    with pytest.raises(sa.exc.IntegrityError), house.tx() as tx:
        approvals.give(
            tx,
            tx.get_one(Draft, (house.workspace_id, house.draft(task).id)),
            kind=ApprovalKind.PERSON,
            by="Bob",
        )
    assert house.all(Workspace)
