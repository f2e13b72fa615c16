"""What a sentence rests on is told by its words: what nobody gave is marked."""

import uuid
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.mail import grounding, grounds
from runtime.mail.basis import Grounds, Judged, SentenceBasis
from runtime.mail.grounding import judged
from scheduler.integrations import Brief, KnownFact, PreviousMail
from scheduler.integrations.template import TemplateWriter

COURTESY, FACT, ORDER, PERSON, UNSUPPORTED = (
    *(SentenceBasis.COURTESY, SentenceBasis.FACT, SentenceBasis.ORDER),
    *(SentenceBasis.PERSON, SentenceBasis.UNSUPPORTED),
)
MILL = str(uuid.UUID(int=1))
GROUNDS = Grounds(
    order=("Introduce our booking tool, free until 1 May, and ask for a short call.", "Jo"),
    signature="Jo Doe\nHouse Ltd\n+44 20 7946 0123",
    whom=("Ada Lovelace", "Analytical Engines"),
    also=("Head of Mills",),
    facts={MILL: ("Analytical Engines opened a second mill in Leeds in 2021.", "engines.example")},
)

SENTENCES: dict[str, SentenceBasis] = {
    "Hello Ada Lovelace,": COURTESY,
    "Hi all,": COURTESY,
    "Best regards": COURTESY,
    "Kind regards,": COURTESY,
    "I hope all is well at Analytical Engines.": ORDER,
    "I hope you had a good start into the week.": COURTESY,
    "Would you have a few minutes for it in the coming days?": COURTESY,
    "Could we talk for 15 minutes on Tuesday at 10:00?": COURTESY,
    "A short reply is enough, and so is a no.": COURTESY,
    "Thank you for your time!": COURTESY,
    "If you have any questions, just reply to this e-mail.": COURTESY,
    "I would be happy to show it to you.": COURTESY,
    "I would like to introduce our booking tool and ask for a short call.": ORDER,
    "Our booking tool is free until 1 May.": ORDER,
    "Would you like to see our booking tool?": ORDER,
    "Jo Doe": ORDER,
    "+44 20 7946 0123": ORDER,
    "On engines.example I read: “Analytical Engines opened a second mill in Leeds in 2021.”": FACT,
    "Our booking tool is free until 1 June.": UNSUPPORTED,
    "It costs 20 €.": UNSUPPORTED,
    "Teams save 40% of their time.": UNSUPPORTED,
    "Thousands of people book with it.": UNSUPPORTED,
    "Did you know that 80 percent of bookings go wrong?": UNSUPPORTED,
    "It is what Siemens books with.": UNSUPPORTED,
    "We will be in Berlin soon.": UNSUPPORTED,
    "You recently opened a new mill.": UNSUPPORTED,
    "Your team uses spreadsheets for it.": UNSUPPORTED,
    "I saw that your business is growing.": UNSUPPORTED,
    "Congratulations on the new mill!": UNSUPPORTED,
    "Analytical Engines loses money on it.": UNSUPPORTED,
    "Hello Ada, your team uses spreadsheets.": UNSUPPORTED,
    "We are the leading makers of such tools.": UNSUPPORTED,
    "Our tool saves money.": UNSUPPORTED,
    "As 20 people told us, it works.": UNSUPPORTED,
}


@pytest.mark.parametrize(("sentence", "basis"), SENTENCES.items(), ids=SENTENCES)
def test_a_sentence_rests_on_what_its_words_rest_on(sentence: str, basis: SentenceBasis) -> None:
    assert judged(sentence, GROUNDS).basis is basis


def citing(sentence: str, *ids: str, known: Grounds = GROUNDS) -> Judged:
    return judged(sentence, replace(known, citations=((sentence, ids),)))


def test_a_citation_is_believed_of_a_fact_that_speaks_of_it() -> None:
    sentence = "Your second mill in Leeds caught my eye."

    assert judged(sentence, GROUNDS).basis is UNSUPPORTED
    assert citing(sentence, MILL) == Judged(sentence, FACT, (MILL,))


@pytest.mark.parametrize(
    "sentence",
    [
        "Your mill in Leeds cut costs by 40%.",
        "Your second mill opened in 2022.",
        "Your second mill in Leeds runs on Siemens engines.",
        "You recently raised money.",
        "Analytical Engines loses money every day.",
    ],
    ids=["figure", "year", "name", "nothing shared", "only the name shared"],
)
def test_a_citation_does_not_carry_what_its_fact_does_not_say(sentence: str) -> None:
    assert citing(sentence, MILL).basis is UNSUPPORTED


@given(st.text(max_size=40) | st.uuids().map(str), st.sampled_from(list(SENTENCES)))
def test_a_citation_of_a_fact_that_was_not_told_is_never_believed(id_: str, sentence: str) -> None:
    """Nor of another contact's, nor of one withdrawn: of these no text is given."""
    untold = replace(GROUNDS, facts={})

    found = citing(sentence, id_, MILL, known=untold)

    assert found.facts == ()
    assert found == judged(sentence, untold)


def test_numbers_of_the_signature_are_no_grounds_for_a_sentence() -> None:
    assert judged("We have 44 customers.", GROUNDS).basis is UNSUPPORTED


_texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n.!?“” A1"), max_size=300
)


@given(_texts)
def test_every_character_of_a_body_stands_in_exactly_one_sentence(body: str) -> None:
    assert "".join("".join(grounding.sentences(body)).split()) == "".join(body.split())
    assert [s.text for s in grounding.of(body, GROUNDS)] == grounding.sentences(body)


def test_a_greeting_and_a_closing_stand_alone_though_no_line_is_free() -> None:
    body = "Hello Ada,\nwe met. You know us.\n- One point\n- Two points\nBest regards\nJo"

    assert grounding.sentences(body) == [
        *("Hello Ada,", "we met.", "You know us.", "- One point", "- Two points"),
        *("Best regards", "Jo"),
    ]


def test_what_a_person_wrote_is_theirs_and_the_rest_stays_as_it_was() -> None:
    was = "Hello Ada,\n\nIt costs 20 €. A short reply is enough."
    before = grounding.of(was, GROUNDS)

    after = grounding.edited(
        "Hello Ada,\n\nIt costs 20 €. It is worth 30 €.", GROUNDS, was=was, before=before
    )

    assert [s.basis for s in after] == [COURTESY, UNSUPPORTED, PERSON]


def test_an_edit_of_a_text_that_was_never_judged_is_judged_where_it_is_old() -> None:
    was = "It costs 20 €."

    [old, new] = grounding.edited(f"{was} It is 5 €.", GROUNDS, was=was, before=[])

    assert (old.basis, new.basis) == (UNSUPPORTED, PERSON)


def test_another_version_keeps_what_a_person_wrote_and_asks_again_for_the_rest() -> None:
    mill = "Your second mill in Leeds caught my eye."
    before = [Judged("It is 5 €.", PERSON), Judged(mill, FACT, (MILL,))]

    again = grounding.of(f"It is 5 €. {mill}", GROUNDS, before=before)
    gone = grounding.of(mill, replace(GROUNDS, facts={}), before=before)

    assert [s.basis for s in again] == [PERSON, FACT]
    assert [s.basis for s in gone] == [UNSUPPORTED]


INSTRUCTIONS = st.sampled_from(
    [
        "Introduce our booking tool and ask for a short call next week.",
        "Write to Ada about our pilot for engine makers, 20% off until 1 May",
        "Invite them to the fair in Leeds. Your team uses spreadsheets. Bring a friend!",
        "Prices fell by 40 %.\nNew quote?",
        "Tell them you have the best mill, as Siemens and Bosch say.",
        "Schreib über die Messe in München und unser Angebot für 300 Euro.",
        "Congratulate them on the award. They recently opened 3 shops.",
    ]
)
WORDS = st.sampled_from([None, "Mention 12 Dozen", "Shorter, please", "Too pushy", "Add Rome"])
NAMES = st.sampled_from(["Ada Lovelace", "", "Dr. Grace B. Hopper", "Bo", "李雷", "Ada 2nd"])
COMPANIES = st.sampled_from([None, "Analytical Engines", "3M Co. Ltd", "Fabrik 21", "You Have It"])
QUOTES = st.sampled_from(["They opened a mill in 2021.", "“We grew by 30%!”", "A. B said so. Yes."])
_AT = date(2026, 3, 2)


@st.composite
def briefs(draw: st.DrawFn) -> Brief:
    step = draw(st.integers(0, 4))
    mails = [PreviousMail("Prices fell. You have 5", "Hello.\n\nYou use 7.", f"{_AT}")]
    fact = KnownFact("F1", draw(QUOTES), "PAGE", "www.engines.example")
    return Brief(
        instruction=draw(INSTRUCTIONS),
        contact_name=draw(NAMES),
        company=draw(COMPANIES),
        signature=draw(st.sampled_from([None, "Jo\nHouse 5 Ltd\n+44 20 7946 0123"])),
        sender_name=draw(st.sampled_from([None, "Jo", "House 24"])),
        previous=tuple(mails) if step and draw(st.booleans()) else (),
        step=step,
        facts=() if step else (fact,),
    )


def grounds_of(brief: Brief) -> Grounds:
    ours = (brief.instruction, brief.tone, brief.feedback, brief.sender_name)
    mails = (
        grounds.earlier(m.subject, m.body, date.fromisoformat(m.sent_at)) for m in brief.previous
    )
    return Grounds(
        order=(*filter(None, ours), *mails),
        signature=brief.signature or "",
        whom=tuple(filter(None, (brief.contact_name, brief.company))),
        facts={each.id: (each.text, each.host or "") for each in brief.facts},
    )


@given(briefs(), WORDS)
def test_the_template_writer_is_never_marked(brief: Brief, feedback: str | None) -> None:
    """Whatever it is told, it says no more; its revision is judged after its first text."""
    first = TemplateWriter().write(brief)
    before = marked(first.body, brief)
    if feedback:
        revision = replace(brief, current=(first.subject, first.body), feedback=feedback)
        marked(TemplateWriter().write(revision).body, revision, before)


def marked(body: str, brief: Brief, before: list[Judged] | None = None) -> list[Judged]:
    found = grounding.of(body, grounds_of(brief), before=before or ())
    assert [s.text for s in found if s.basis is UNSUPPORTED] == []
    return found
