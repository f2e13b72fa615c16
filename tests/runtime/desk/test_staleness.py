"""A draft that events have overtaken is not let out by somebody who does not know of them."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from runtime.desk import contacts, drafts, why_not, workspaces
from runtime.errors import Refused
from runtime.mail import bindings, staleness
from runtime.mail.staleness import StaleCode
from runtime.models import Contact, Draft, DraftStatus, Event, FollowUpStatus, Task, TaskStatus
from tests.house import House


def change(house: House, task: Task, **values: Any) -> None:
    with house.tx() as tx:
        tx.execute(sa.update(Contact).where(Contact.id == task.contact_id).values(**values))


def reply(house: House, task: Task) -> None:
    house.run(contacts.record_reply, contact_id=task.contact_id, text="Hello.")


def codes(house: House, draft: Draft) -> list[StaleCode]:
    with house.tx() as tx:
        return [reason.code for reason in staleness.of(tx, draft)]


def refused(house: House, task: Task, **fields: Any) -> Refused:
    with pytest.raises(Refused) as refusal:
        house.approve(task, **fields)
    assert house.draft(task).status is DraftStatus.PENDING
    return refusal.value


OVERTAKEN: dict[str, tuple[StaleCode, Callable[[House, Task], None], str]] = {
    "age": (StaleCode.TOO_OLD, lambda h, _: h.wait(days=7, seconds=1), "good for P7D"),
    "name": (StaleCode.CONTACT_CHANGED, lambda h, t: change(h, t, name="New"), "name"),
    "company": (StaleCode.CONTACT_CHANGED, lambda h, t: change(h, t, company="New"), "company"),
    "title": (StaleCode.CONTACT_CHANGED, lambda h, t: change(h, t, title="New"), "title"),
    "notes": (StaleCode.CONTACT_CHANGED, lambda h, t: change(h, t, notes="New"), "notes"),
    "reply": (StaleCode.REPLIED, reply, "replied at"),
}


@pytest.mark.parametrize("case", OVERTAKEN)
def test_what_overtakes_a_draft_stops_its_approval_until_it_is_acknowledged(
    house: House, case: str
) -> None:
    code, happen, said = OVERTAKEN[case]
    task = house.a_drafted_task()
    assert codes(house, house.draft(task)) == []
    house.clock.advance(60)

    happen(house, task)

    assert codes(house, house.draft(task)) == [code]
    refusal = refused(house, task)
    assert (refusal.reason_code, refusal.field) == ("STALE", "draftId")
    assert said in refusal.message
    assert "acknowledgeStale" in refusal.message
    house.clock.advance(60)
    house.approve(task, acknowledge_stale=True)
    [event] = house.all(Event, Event.type == "draft.approved")
    assert event.data["stale"] == [code]
    house.settle()
    assert len(house.mails()) == 1


def test_a_draft_is_good_as_long_as_the_workspace_says(house: House) -> None:
    house.run(workspaces.update, settings={"draftLifetime": "PT2H"})
    task = house.a_drafted_task()
    house.wait(hours=2)
    assert codes(house, house.draft(task)) == []
    house.wait(seconds=1)
    assert codes(house, house.draft(task)) == [StaleCode.TOO_OLD]


@pytest.mark.parametrize("length", ["PT59S", "P0D", "a week", 7])
def test_a_lifetime_is_a_length_of_time(house: House, length: object) -> None:
    with pytest.raises(Refused) as refusal:
        house.run(workspaces.update, settings={"draftLifetime": length})
    assert refusal.value.field == "settings.draftLifetime"


def test_to_another_address_no_acknowledgement_helps_but_a_new_version_does(house: House) -> None:
    task = house.a_drafted_task()
    change(house, task, email="moved@example.org")

    assert codes(house, house.draft(task)) == [StaleCode.ADDRESS_CHANGED]
    assert refused(house, task, acknowledge_stale=True).reason_code == "STALE"
    new = house.run(drafts.edit, draft_id=house.draft(task).id, body="Hello there.")
    assert new.to == "moved@example.org"
    house.approve(task)
    house.settle()
    assert [mail["to"] for mail in house.mails()] == ["moved@example.org"]


def test_a_mail_that_left_meanwhile_makes_a_waiting_follow_up_stale(house: House) -> None:
    house.follow_up_settings(waits=["P1D"], requireApproval=True, businessDaysOnly=False)
    task = house.a_sent_task()
    house.wait(days=1)
    [step] = house.follow_ups(task)
    [draft] = house.all(Draft, Draft.follow_up_id == step.id)
    assert codes(house, draft) == []
    house.clock.advance(60)
    with house.tx() as tx:
        left = {"at": house.clock.now, "task": task.id}
        tx.execute(
            sa.text("UPDATE agent_outreach_sent SET sent_at = :at WHERE task_id = :task"), left
        )

    assert codes(house, draft) == [StaleCode.NEWER_MAIL]


def test_a_new_version_is_written_in_the_knowledge_of_now(house: House) -> None:
    task = house.a_drafted_task()
    house.wait(days=8)
    change(house, task, company="Elsewhere")
    reply(house, task)
    old = house.draft(task)
    assert len(codes(house, old)) == 3

    house.run(drafts.reject, draft_id=old.id, feedback="They moved.")
    house.settle()

    assert codes(house, house.draft(task)) == []
    assert codes(house, house.fresh(old)) == []  # nobody can approve it any more
    house.approve(task)


def test_what_changed_while_it_was_being_written_its_writer_did_not_know(house: House) -> None:
    task = house.a_task()
    house.take_turns()
    write, house.writer.write = house.writer.write, None  # type: ignore[method-assign, assignment]

    def slow(brief: Any) -> Any:
        house.clock.advance(60)
        change(house, task, title="Promoted")
        reply(house, task)
        return write(brief)

    house.writer.write = slow  # type: ignore[method-assign]
    house.settle()

    draft = house.draft(task)
    assert codes(house, draft) == [StaleCode.CONTACT_CHANGED, StaleCode.REPLIED]


def test_a_reply_overtakes_what_waits_of_first_mails_and_ends_what_waits_of_follow_ups(
    house: House,
) -> None:
    house.follow_up_settings(waits=["P1D"], requireApproval=True, businessDaysOnly=False)
    task = house.a_sent_task()
    house.wait(days=1)
    [step] = house.follow_ups(task)
    [draft] = house.all(Draft, Draft.follow_up_id == step.id)

    reply(house, task)

    assert house.fresh(step).status is FollowUpStatus.CANCELLED
    closed = house.fresh(draft)
    assert (closed.status, closed.reason) == (DraftStatus.SUPERSEDED, "The contact replied.")


def test_a_stale_draft_is_among_what_is_in_the_way(house: House) -> None:
    task = house.a_drafted_task()
    house.wait(days=8)
    with house.tx() as tx:
        found = why_not.about_task(tx, task.id, settings=house.settings)
    [stale] = [reason for reason in found if reason.rule == "stale"]
    assert "good for P7D" in stale.detail
    assert "acknowledgeStale" in (stale.remedy or "")


# The settings of the follow-ups, for which a first mail's approval is leave too.


def test_settings_that_changed_since_it_was_read_take_a_new_reading(house: House) -> None:
    task = house.a_drafted_task()
    draft = house.draft(task)
    read = house.fingerprint(draft)
    house.follow_up_settings(waits=["PT1H"], windowStart="09:00", windowEnd="17:00")

    with pytest.raises(Refused) as refusal:
        house.run(drafts.approve, draft_id=draft.id, fingerprint=read)

    assert (refusal.value.reason_code, refusal.value.field) == ("SETTINGS_CHANGED", "fingerprint")
    assert "waits was P3D, P4D, P7D and is PT1H" in refusal.value.message
    assert "windowStart was not set and is 09:00" in refusal.value.message
    assert codes(house, draft) == [StaleCode.SETTINGS_CHANGED]
    assert house.fingerprint(draft) != read
    house.run(drafts.approve, draft_id=draft.id, fingerprint=house.fingerprint(draft))
    house.settle()
    assert len(house.mails()) == 1


def test_each_change_of_the_settings_takes_another_reading(house: House) -> None:
    task = house.a_drafted_task()
    draft = house.draft(task)
    house.follow_up_settings(waits=["PT1H"])
    between = house.fingerprint(draft)
    house.follow_up_settings(waits=["PT2H"])

    with pytest.raises(Refused) as refusal:
        house.run(drafts.approve, draft_id=draft.id, fingerprint=between)

    assert refusal.value.reason_code == "SETTINGS_CHANGED"
    assert "waits was PT1H and is PT2H" in refusal.value.message


def test_settings_changed_back_are_not_the_ones_that_were_read(house: House) -> None:
    task = house.a_drafted_task()
    read = house.fingerprint(house.draft(task))
    house.follow_up_settings(waits=["PT1H"])
    house.follow_up_settings(waits=["P3D", "P4D", "P7D"])

    with pytest.raises(Refused, match="changed and changed back"):
        house.run(drafts.approve, draft_id=house.draft(task).id, fingerprint=read)


def test_another_text_is_no_matter_of_settings(house: House) -> None:
    task = house.a_drafted_task()
    house.follow_up_settings(waits=["PT1H"])

    with pytest.raises(Refused) as refusal:
        house.run(drafts.approve, draft_id=house.draft(task).id, fingerprint="0" * 64)

    assert refusal.value.reason_code == "STALE_FINGERPRINT"


def test_rejecting_and_editing_do_not_depend_on_the_settings(house: House) -> None:
    for command, fields in ((drafts.reject, {"feedback": "No."}), (drafts.edit, {"body": "Yes."})):
        task = house.a_drafted_task()
        read = house.fingerprint(house.draft(task))
        house.follow_up_settings(waits=["PT1H", f"PT{len(fields)}H"] * (command is drafts.edit))
        house.run(command, draft_id=house.draft(task).id, fingerprint=read, **fields)
        assert house.fresh(task).status is not TaskStatus.COMPLETED


def test_a_follow_ups_fingerprint_is_of_its_text_alone(house: House) -> None:
    house.follow_up_settings(waits=["P1D"], requireApproval=True, businessDaysOnly=False)
    task = house.a_sent_task()
    house.wait(days=1)
    [draft] = house.all(Draft, Draft.follow_up_id.is_not(None))
    house.follow_up_settings(waits=["P2D"])

    assert house.fingerprint(draft) == draft.fingerprint
    assert codes(house, draft) == []
    house.run(drafts.approve, draft_id=draft.id, fingerprint=draft.fingerprint)
    assert len(house.sent(task)) == 1


def test_an_approval_is_bound_to_the_settings_that_were_shown(house: House) -> None:
    house.follow_up_settings(waits=["PT1H"], businessDaysOnly=False)
    task = house.a_drafted_task()
    house.follow_up_settings(waits=["PT2H"])
    draft = house.draft(task)
    with house.tx() as tx:
        [waiting] = bindings.bound_to(tx, [draft])
    house.approve(task)
    house.follow_up_settings(waits=["PT3H"])

    with house.tx() as tx:
        [bound] = bindings.bound_to(tx, [house.draft(task)])

    assert bound == waiting
    assert bound is not None
    assert bound.waits == ["PT2H"]
    house.settle()
    house.wait(hours=4)
    [step] = house.follow_ups(task)
    assert step.status is FollowUpStatus.AWAITING_APPROVAL  # the standing one ended
