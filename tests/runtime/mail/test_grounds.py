"""A draft says what its sentences rest on; where a person must look, nothing leaves without one."""

import sqlalchemy as sa

from runtime.desk import drafts, erasing, research
from runtime.mail import staleness
from runtime.mail.basis import SentenceBasis
from runtime.mail.staleness import StaleCode
from runtime.models import (
    Approval,
    ApprovalKind,
    Call,
    CallKind,
    Contact,
    Draft,
    Event,
    FactSource,
    FollowUpStatus,
    Task,
    TaskStatus,
)
from tests.house import House
from tests.runtime.mail.scribes import MILL, Scribe, a_fact


def rests(draft: Draft) -> list[tuple[str, list[str]]]:
    return [(each["basis"], each["facts"]) for each in draft.sentences or ()]


def written(house: House, contact: Contact, scribe: Scribe) -> Draft:
    house.writer = scribe
    return house.draft(house.a_drafted_task(contact=contact))


def test_the_template_quotes_a_page_and_says_so(house: House) -> None:
    contact = house.a_contact()
    fact = a_fact(house, contact)

    draft = house.draft(house.a_drafted_task(contact=contact))

    assert f"On engines.example I read: “{MILL}”" in draft.body
    assert ("FACT", [str(fact.id)]) in rests(draft)
    assert SentenceBasis.UNSUPPORTED not in [basis for basis, _ in rests(draft)]


def test_what_we_noted_ourselves_stands_in_no_mail_of_the_template(house: House) -> None:
    contact = house.a_contact(notes="Owes us money since May.")
    for source in set(FactSource) - {FactSource.PAGE}:
        a_fact(house, contact, f"They are in trouble, says the {source}.", source)

    draft = house.draft(house.a_drafted_task(contact=contact))

    assert "trouble" not in draft.body
    assert "Owes" not in draft.body


def test_a_first_mail_is_told_the_most_telling_facts_and_a_follow_up_none(house: House) -> None:
    house.follow_up_settings(waits=["PT2S"], businessDaysOnly=False)
    house.writer = scribe = Scribe("Hello.")
    contact = house.a_contact()
    for n in range(6):
        a_fact(house, contact, f"Note number {n} about them.", FactSource.NOTE)
        a_fact(house, contact, f"Page number {n} about them.")
    a_fact(house, contact, "A colleague said a word of them.", FactSource.COLLEAGUE)

    house.a_sent_task(contact=contact)
    house.wait(seconds=10)

    first, second = scribe.briefs
    assert [each.source for each in first.facts] == ["PAGE"] * 4 + ["NOTE"] * 4
    assert [each.id for each in first.facts] == [f"F{n}" for n in range(1, 9)]
    assert first.facts[0].text == "Page number 5 about them."
    assert {each.host for each in first.facts} == {"www.engines.example", None}
    assert second.facts == ()


def test_a_citation_names_the_fact_that_stood_under_its_handle(house: House) -> None:
    contact = house.a_contact()
    fact = a_fact(house, contact)
    sentence = "Your second mill in Leeds caught my eye."

    draft = written(house, contact, Scribe(f"Hello,\n\n{sentence}", (sentence, "F1")))

    assert rests(draft) == [("COURTESY", []), ("FACT", [str(fact.id)])]


def test_an_invented_figure_is_marked_whatever_it_cites(house: House) -> None:
    contact = house.a_contact()
    a_fact(house, contact)
    sentence = "Your second mill in Leeds saves 40% of its coal."

    draft = written(house, contact, Scribe(sentence, (sentence, "F1"), (sentence, "F99")))

    assert rests(draft) == [("UNSUPPORTED", [])]


def test_anothers_fact_is_never_believed(house: House) -> None:
    contact, other = house.a_contact(), house.a_contact()
    fact = a_fact(house, other)
    sentence = "Your second mill in Leeds caught my eye."
    scribe = Scribe(sentence, (sentence, "F1"), (sentence, str(fact.id)))
    house.writer = scribe
    task = house.a_task(contact=contact)
    house.take_turns()
    house.make_calls()
    with house.tx() as tx:  # as if somebody had got at the call
        for call in tx.scalars(sa.select(Call).where(Call.kind == CallKind.WRITE)):
            call.body = {**call.body, "told": {"facts": {"F1": str(fact.id)}}}

    house.settle()

    assert rests(house.draft(task)) == [("UNSUPPORTED", [])]


def test_a_fact_withdrawn_while_the_writer_wrote_is_not_believed(house: House) -> None:
    contact = house.a_contact()
    fact = a_fact(house, contact)
    sentence = "Your second mill in Leeds caught my eye."
    house.writer = Scribe(sentence, (sentence, "F1"))
    task = house.a_task(contact=contact)
    house.take_turns()
    house.make_calls()
    house.run(research.withdraw_fact, fact_id=fact.id)

    house.settle()

    assert rests(house.draft(task)) == [("UNSUPPORTED", [])]


def test_a_waiting_draft_whose_fact_is_withdrawn_is_stale(house: House) -> None:
    contact = house.a_contact()
    fact = a_fact(house, contact)
    draft = house.draft(house.a_drafted_task(contact=contact))
    with house.tx() as tx:
        assert staleness.of(tx, draft) == []

    house.run(research.withdraw_fact, fact_id=fact.id)

    with house.tx() as tx:
        [reason] = staleness.of(tx, draft)
    assert reason.code is StaleCode.FACT_WITHDRAWN
    assert "withdrawn since: 1" in reason.detail


def test_an_edit_keeps_what_the_old_sentences_rest_on(house: House) -> None:
    contact = house.a_contact()
    fact = a_fact(house, contact)
    draft = house.draft(house.a_drafted_task(contact=contact))

    house.run(drafts.edit, draft_id=draft.id, body=f"{draft.body}\n\nIt costs 20 €.")

    [edited] = house.all(Draft, Draft.version == 2)
    assert rests(edited) == [*rests(draft), ("PERSON", [])]
    assert ("FACT", [str(fact.id)]) in rests(edited)


def waits(house: House, task: Task, why: str) -> bool:
    [event] = house.all(Event, Event.type == "approval.requested", Event.task_id == task.id)
    assert why in event.summary
    return house.fresh(task).status is TaskStatus.AWAITING_APPROVAL


def test_nothing_goes_out_unread_with_a_sentence_that_nothing_supports(house: House) -> None:
    house.outreach_settings(requireApproval=False)
    house.writer = Scribe("We have 700 customers.")
    task = house.a_drafted_task()

    assert waits(house, task, "Nothing supports 1 of its sentences")
    assert house.mails() == []


def test_nothing_goes_out_unread_that_rests_on_a_page(house: House) -> None:
    house.outreach_settings(requireApproval=False)
    contact = house.a_contact()
    a_fact(house, contact)
    task = house.a_drafted_task(contact=contact)

    assert waits(house, task, "a page of the web")
    assert house.mails() == []


def test_what_rests_on_our_own_rows_goes_out_as_the_settings_say(house: House) -> None:
    house.outreach_settings(requireApproval=False)
    contact = house.a_contact()
    a_fact(house, contact, source=FactSource.NOTE)
    sentence = "Your second mill in Leeds caught my eye."
    house.writer = Scribe(sentence, (sentence, "F1"))

    house.a_drafted_task(contact=contact)

    assert len(house.mails()) == 1


def test_a_follow_up_that_claims_something_waits_for_a_person(house: House) -> None:
    house.follow_up_settings(waits=["PT2S"], businessDaysOnly=False)
    house.writer = Scribe("You recently opened 3 mills.", step=1)
    task = house.a_sent_task()
    house.wait(seconds=10)

    [step] = house.follow_ups(task)
    assert step.status is FollowUpStatus.AWAITING_APPROVAL
    assert "Nothing supports 1 of its sentences" in (step.reason or "")
    assert house.all(Approval, Approval.kind == ApprovalKind.STANDING) == []
    assert len(house.mails()) == 1


def test_a_contact_is_forgotten_and_the_bases_stay(house: House) -> None:
    contact = house.a_contact(name="Quirina")
    house.writer = Scribe("Quirina has 3 mills.")
    task = house.a_drafted_task(contact=contact)

    house.run(erasing.erase, contact_id=contact.id, confirm_email=contact.email, reason="Asked.")

    [kept] = house.draft(task).sentences or []
    assert "Quirina" not in kept["text"]
    assert (kept["basis"], kept["facts"]) == ("UNSUPPORTED", [])
