"""Whatever is wrong with a command: it names the field at fault, and changes nothing."""

import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from runtime.desk import agents, contacts, drafts, escalations, follow_ups, messages, tasks
from runtime.desk.escalations import EscalationAction
from runtime.errors import Conflict, NotFound, Refused
from runtime.models import (
    AgentKind,
    Base,
    Contact,
    ContactStatus,
    DraftStatus,
    Escalation,
    FollowUp,
    Message,
    Task,
    TaskStatus,
)
from tests.house import House

ABSENT = uuid.UUID(int=7)
Fields = dict[str, Any]


def snapshot(house: House) -> dict[str, list[str]]:
    """Return every row of the workspace, to be compared."""
    return {
        mapper.class_.__name__: [
            str({column.key: getattr(row, column.key) for column in mapper.column_attrs})
            for row in house.all(mapper.class_)
        ]
        for mapper in Base.registry.mappers
        if mapper.class_.__name__ != "Node"
    }


def refused(house: House, command: Any, **fields: Any) -> Refused:
    """Return why a command is refused, having made sure that nothing was changed."""
    before = snapshot(house)
    with pytest.raises(Refused) as caught:
        house.run(command, **fields)
    assert snapshot(house) == before
    return caught.value


def outreach(house: House) -> uuid.UUID:
    return house.agent(AgentKind.OUTREACH).id


def follow_up_agent(house: House) -> uuid.UUID:
    return house.agent(AgentKind.FOLLOW_UP).id


def assignment(house: House) -> Fields:
    contact = house.a_contact()
    return {"agent_id": outreach(house), "contact_id": contact.id, "instruction": "Go."}


ASSIGNMENTS: Mapping[str, tuple[str, str, Callable[[House], Fields]]] = {
    "an unknown agent": ("agentId", "NOT_FOUND", lambda _: {"agent_id": ABSENT}),
    "an agent that takes no tasks": (
        "agentId",
        "REFUSED",
        lambda house: {"agent_id": follow_up_agent(house)},
    ),
    "an unknown contact": ("contactId", "NOT_FOUND", lambda _: {"contact_id": ABSENT}),
    "no contact": ("contactId", "REFUSED", lambda _: {"contact_id": None}),
    "an empty instruction": ("instruction", "EMPTY", lambda _: {"instruction": ""}),
    "a blank instruction": ("instruction", "EMPTY", lambda _: {"instruction": " \n\t "}),
    "a hundred kilobytes": ("instruction", "TOO_LONG", lambda _: {"instruction": "x" * 100_000}),
    "a NUL character": ("instruction", "MALFORMED", lambda _: {"instruction": "a\x00b"}),
}


@pytest.mark.parametrize(("field", "code", "wrong"), ASSIGNMENTS.values(), ids=ASSIGNMENTS.keys())
def test_a_task_is_refused_for(
    house: House, field: str, code: str, wrong: Callable[[House], Fields]
) -> None:
    fields = assignment(house) | wrong(house)

    error = refused(house, tasks.assign, **fields)

    assert (error.field, error.reason_code) == (field, code)
    assert error.message


def test_what_is_in_another_workspace_is_not_there(house: House, other_house: House) -> None:
    """The same words as for what is nowhere, so that nothing is learnt from them."""
    there = other_house.a_drafted_task()
    draft = other_house.draft(there)
    theirs = other_house.a_contact()
    foreign: list[tuple[Any, Fields, str]] = [
        (tasks.assign, assignment(house) | {"contact_id": theirs.id}, "contact_id"),
        (tasks.assign, assignment(house) | {"agent_id": outreach(other_house)}, "agent_id"),
        (tasks.cancel, {"task_id": there.id}, "task_id"),
        (tasks.retry, {"task_id": there.id}, "task_id"),
        (drafts.approve, {"draft_id": draft.id, "fingerprint": draft.fingerprint}, "draft_id"),
        (drafts.reject, {"draft_id": draft.id}, "draft_id"),
        (drafts.edit, {"draft_id": draft.id, "body": "Mine."}, "draft_id"),
        (contacts.record_reply, {"contact_id": theirs.id, "text": "x"}, "contact_id"),
        (contacts.suppress, {"contact_id": theirs.id, "reason": "x"}, "contact_id"),
        (agents.pause, {"agent_id": outreach(other_house)}, "agent_id"),
        (messages.send, {"agent_id": outreach(other_house), "text": "x"}, "agent_id"),
    ]
    before = snapshot(other_house)
    for command, fields, field in foreign:
        error = refused(house, command, **fields)
        absent = refused(house, command, **fields | {field: ABSENT})

        assert isinstance(error, NotFound)
        assert (error.message, error.field) == (absent.message, absent.field)
    assert snapshot(other_house) == before


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (tasks.cancel, "task_id"),
        (tasks.retry, "task_id"),
        (drafts.reject, "draft_id"),
        (follow_ups.pause, "follow_up_id"),
        (follow_ups.resume, "follow_up_id"),
        (follow_ups.cancel, "follow_up_id"),
        (agents.pause, "agent_id"),
        (agents.resume, "agent_id"),
    ],
)
def test_an_unknown_id_is_named(house: House, command: Any, field: str) -> None:
    error = refused(house, command, **{field: ABSENT})

    assert error.field.lower() == field.replace("_", "")


def test_an_unknown_message_or_escalation_is_named(house: House) -> None:
    assert refused(house, messages.replay, message_id=7).field == "messageId"
    assert refused(house, messages.discard, message_id=7).field == "messageId"
    close = EscalationAction.CLOSE
    error = refused(house, escalations.resolve, escalation_id=ABSENT, action=close)
    assert error.field == "escalationId"


@pytest.mark.parametrize(
    "email",
    [
        *(
            "",
            " ",
            "plain",
            "a@",
            "@b.org",
            "a@b",
            "a b@example.org",
            "a@example.org, b@example.org",
        ),
        *("a@exa mple.org", "a\u200b@example.org", "a@example.org\nBcc: x@example.org", "x" * 300),
    ],
)
def test_a_malformed_address_is_refused(house: House, email: str) -> None:
    error = refused(house, contacts.create, email=email, name="Grace")

    assert (error.field, error.reason_code) == ("email", "INVALID_EMAIL")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"company": "a\x00b"}, "company"),
        ({"name": "\u202eecarG"}, "name"),
        ({"name": "=?utf-8?q?=0ABcc:?="}, "name"),
        ({"title": "a\u2066b"}, "title"),
        ({"notes": "x" * 10_001}, "notes"),
    ],
)
def test_a_contacts_other_fields_are_refused_by_their_names(
    house: House, wrong: Fields, field: str
) -> None:
    given = {"email": "grace@example.org", "name": "Grace"} | wrong

    assert refused(house, contacts.create, **given).field == field


def test_a_name_is_one_line_without_what_copying_leaves_in_it(house: House) -> None:
    contact = house.a_contact(name="\ufeffGrace\u2028Hop\u00adper\u200b")

    assert contact.name == "Grace Hopper"


def test_an_address_is_there_once_however_it_is_spelt(house: House) -> None:
    house.a_contact(email="grace@example.org")

    error = refused(house, contacts.create, email=" Grace@EXAMPLE.org", name="Again")

    assert (error.field, error.reason_code) == ("email", "CONTACT_EXISTS")


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"waits": ["3 days"]}, "followUp.waits"),
        ({"waits": ["P1M"]}, "followUp.waits"),
        ({"waits": ["PT0S"]}, "followUp.waits"),
        ({"waits": [None]}, "followUp.waits"),
        ({"waits": ["P1D"] * 21}, "followUp.waits"),
        ({"waits": "P1D"}, "followUp.waits"),
        ({"windowStart": "09:00"}, "followUp"),
        ({"windowStart": "09:00", "windowEnd": "09:00"}, "followUp"),
        ({"windowStart": "9", "windowEnd": "17:00"}, "followUp.windowStart"),
        ({"windowStart": "09:00", "windowEnd": "24:00"}, "followUp.windowEnd"),
        ({"businessDaysOnly": "perhaps"}, "followUp.businessDaysOnly"),
        ({"surprise": 1}, "followUp.surprise"),
    ],
)
def test_a_setting_is_refused_by_its_name(house: House, settings: Fields, field: str) -> None:
    error = refused(
        house,
        agents.update,
        agent_id=follow_up_agent(house),
        settings={AgentKind.FOLLOW_UP: settings},
    )

    assert error.field == field
    assert error.message


def test_the_settings_of_another_agent_are_refused(house: House) -> None:
    error = refused(
        house, agents.update, agent_id=outreach(house), settings={AgentKind.FOLLOW_UP: {}}
    )

    assert error.field == "followUp"


@pytest.mark.parametrize("attempts", [0, 21, "many"])
def test_the_number_of_tries_is_bounded(house: House, attempts: object) -> None:
    settings = {AgentKind.OUTREACH: {"maxAttempts": attempts}}

    error = refused(house, agents.update, agent_id=outreach(house), settings=settings)

    assert error.field == "outreach.maxAttempts"


def test_a_setting_put_back_to_nothing_has_its_default(house: House) -> None:
    house.follow_up_settings(waits=["PT2S"], windowStart="09:00", windowEnd="17:00")
    house.follow_up_settings(waits=None, windowStart=None, windowEnd=None)

    settings = house.agent(AgentKind.FOLLOW_UP).settings
    assert settings["waits"] == ["P3D", "P4D", "P7D"]
    assert settings["windowStart"] is None


def test_a_wrong_fingerprint_is_refused(house: House) -> None:
    task = house.a_drafted_task()

    error = refused(house, drafts.approve, draft_id=house.draft(task).id, fingerprint="0" * 64)

    assert (error.field, error.reason_code) == ("fingerprint", "STALE_FINGERPRINT")


def test_a_fingerprint_of_the_version_before_is_refused_for_each_decision(house: House) -> None:
    task = house.a_drafted_task()
    old = house.draft(task)
    house.run(drafts.edit, draft_id=old.id, body="Better.")
    new = house.draft(task).id

    for command, extra in (
        (drafts.approve, {}),
        (drafts.reject, {"feedback": "x"}),
        (drafts.edit, {"body": "x"}),
    ):
        error = refused(house, command, draft_id=new, fingerprint=old.fingerprint, **extra)
        assert error.reason_code == "STALE_FINGERPRINT"


def test_a_second_approval_is_refused(house: House) -> None:
    task = house.a_drafted_task()
    draft = house.approve(task)

    error = refused(house, drafts.approve, draft_id=draft.id, fingerprint=draft.fingerprint)

    assert isinstance(error, Conflict)
    assert (error.field, error.reason_code) == ("draftId", "ALREADY_DECIDED")
    assert "Ada" in error.message


def test_an_approval_after_the_end_is_refused(house: House) -> None:
    task = house.a_drafted_task()
    draft = house.draft(task)
    house.run(tasks.cancel, task_id=task.id)

    error = refused(house, drafts.approve, draft_id=draft.id, fingerprint=draft.fingerprint)

    assert error.field == "draftId"
    assert house.draft(task).status is DraftStatus.SUPERSEDED


def test_an_approval_for_somebody_who_must_be_left_alone_is_refused(house: House) -> None:
    task = house.a_drafted_task()
    draft = house.draft(task)
    with house.tx() as tx:
        contact = tx.get_one(Contact, (house.workspace_id, task.contact_id))
        contact.status = ContactStatus.BOUNCED

    error = refused(house, drafts.approve, draft_id=draft.id, fingerprint=draft.fingerprint)

    assert error.reason_code == "CONTACT_SUPPRESSED"


@pytest.mark.parametrize(
    ("edit", "field"),
    [
        ({}, "body"),
        ({"subject": "two\nlines"}, "subject"),
        ({"subject": "two\u2028lines"}, "subject"),
        ({"subject": "Hi =?utf-8?q?=0ABcc:?="}, "subject"),
        ({"subject": "\u202eih"}, "subject"),
        ({"subject": ""}, "subject"),
        ({"subject": "x" * 201}, "subject"),
        ({"body": "  "}, "body"),
        ({"body": "x" * 20_001}, "body"),
    ],
)
def test_an_edit_is_refused_by_its_field(house: House, edit: Fields, field: str) -> None:
    task = house.a_drafted_task()

    error = refused(house, drafts.edit, draft_id=house.draft(task).id, **edit)

    assert error.field == field


def test_feedback_and_words_have_an_end(house: House) -> None:
    task = house.a_drafted_task()
    long = "x" * 100_000
    draft_id = house.draft(task).id

    assert refused(house, drafts.reject, draft_id=draft_id, feedback=long).field == "feedback"
    error = refused(house, messages.send, agent_id=outreach(house), text=long)
    assert error.field == "text"
    error = refused(house, messages.send, agent_id=outreach(house), text="x", task_id=ABSENT)
    assert error.field == "taskId"
    error = refused(house, contacts.record_reply, contact_id=task.contact_id, text=long)
    assert error.field == "text"
    error = refused(house, contacts.suppress, contact_id=task.contact_id, reason="")
    assert error.field == "reason"


def test_a_reply_to_another_persons_mail_is_refused(house: House) -> None:
    sent = house.sent(house.a_sent_task())[0]

    error = refused(
        house,
        contacts.record_reply,
        contact_id=house.a_contact().id,
        text="Hello.",
        sent_email_id=sent.id,
    )

    assert error.field == "sentEmailId"


@pytest.mark.parametrize("days", [-1, 731])
def test_a_follow_up_is_moved_into_the_nearer_future_only(house: House, days: int) -> None:
    task = house.a_sent_task()
    [step] = house.follow_ups(task)

    error = refused(
        house,
        follow_ups.reschedule,
        follow_up_id=step.id,
        due_at=house.clock.now + timedelta(days=days),
    )

    assert error.field == "dueAt"


def test_what_is_over_is_not_moved_paused_resumed_or_cancelled_again(house: House) -> None:
    task = house.a_sent_task()
    [step] = house.follow_ups(task)
    later = house.clock.now + timedelta(days=1)
    house.run(follow_ups.cancel, follow_up_id=step.id)

    for command, extra in (
        (follow_ups.cancel, {}),
        (follow_ups.pause, {}),
        (follow_ups.resume, {}),
        (follow_ups.reschedule, {"due_at": later}),
    ):
        error = refused(house, command, follow_up_id=step.id, **extra)
        assert isinstance(error, Conflict)
        assert error.field == "followUpId"


@pytest.mark.parametrize("command", [tasks.cancel, tasks.retry])
def test_a_task_that_is_over_is_neither_cancelled_nor_retried(house: House, command: Any) -> None:
    task = house.a_task()
    house.run(tasks.cancel, task_id=task.id)

    error = refused(house, command, task_id=task.id)

    assert isinstance(error, Conflict)
    assert error.field == "taskId"


@pytest.mark.parametrize("steps", [None, 0, 21])
def test_an_extension_says_by_how_many_steps(house: House, steps: int | None) -> None:
    house.follow_up_settings(waits=["PT2S"])
    house.a_sent_task()
    house.wait(minutes=1)
    [escalation] = house.all(Escalation)
    extend = EscalationAction.EXTEND

    error = refused(
        house, escalations.resolve, escalation_id=escalation.id, action=extend, steps=steps
    )

    assert error.field == "steps"


def test_only_a_dead_letter_is_replayed_or_discarded(house: House) -> None:
    house.a_task()
    [message] = house.all(Message)

    for command in (messages.replay, messages.discard):
        error = refused(house, command, message_id=message.id)
        assert isinstance(error, Conflict)
        assert error.field == "messageId"


def test_a_paused_follow_up_keeps_the_time_it_had_left(house: House) -> None:
    house.follow_up_settings(waits=["PT1H"])
    task = house.a_sent_task()
    step_id = house.follow_ups(task)[0].id
    house.wait(minutes=40)
    house.run(follow_ups.pause, follow_up_id=step_id)
    house.wait(days=3)
    assert len(house.mails()) == 1

    step: FollowUp = house.run(follow_ups.resume, follow_up_id=step_id)

    assert step.due_at - house.clock.now == timedelta(minutes=20)
    house.wait(minutes=20)
    assert len(house.mails()) == 2


def test_pausing_twice_and_resuming_twice_is_once(house: House) -> None:
    agent_id = outreach(house)
    for command in (agents.pause, agents.pause, agents.resume, agents.resume):
        house.run(command, agent_id=agent_id)

    assert house.events("agent.") == ["agent.paused", "agent.resumed"]
    assert house.fresh(house.a_drafted_task()).status is TaskStatus.AWAITING_APPROVAL
    assert len(house.all(Task)) == 1
