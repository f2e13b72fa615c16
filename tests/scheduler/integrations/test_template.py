"""The template writer: a mail a person would send, the same each time."""

from dataclasses import replace

import pytest

from runtime.errors import Reject
from scheduler.integrations import Brief, Citation, KnownFact, PreviousMail
from scheduler.integrations.template import TemplateWriter

AUTHOR = TemplateWriter()
BRIEF = Brief(
    instruction="Introduce our booking tool and ask for a short call next week.",
    contact_name="Ada Lovelace",
    company="Analytical Engines",
    sender_name="Jo",
)
PREVIOUS = PreviousMail("Our booking tool", "Hello.", "2026-03-02T09:00:00+00:00")


def test_the_same_brief_is_the_same_text() -> None:
    assert AUTHOR.write(BRIEF) == TemplateWriter().write(BRIEF)


def test_a_first_mail_greets_says_why_and_closes() -> None:
    written = AUTHOR.write(BRIEF)

    assert written.subject == "Introduce our booking tool"
    assert written.body.startswith("Hello Ada Lovelace,\n\n")
    assert "at Analytical Engines" in written.body
    assert (
        "I would like to introduce our booking tool and ask for a short call next week."
        in written.body
    )
    assert written.body.endswith("\n\nBest regards\nJo")


@pytest.mark.parametrize(
    ("instruction", "sentence", "subject"),
    [
        (
            "Write to Ada about our pilot for engine makers",
            "I am writing to you about our pilot for engine makers.",
            "Our pilot for engine makers",
        ),
        ("Please reach out to offer a demo", "I would like to offer a demo.", "Offer a demo"),
        (
            "Invite them to the fair. Bring a friend!",
            "I would like to invite you to the fair. Bring a friend!",
            "Invite to the fair",
        ),
        ("Follow up on the quote", "I am writing to you about the quote.", "The quote"),
        (
            "Prices fell.\nNew quote?",
            "I am writing to you about the following: Prices fell. New quote?",
            "Prices fell",
        ),
    ],
)
def test_an_instruction_is_said_in_the_first_person(
    instruction: str, sentence: str, subject: str
) -> None:
    written = AUTHOR.write(replace(BRIEF, instruction=instruction))

    assert sentence in written.body.split("\n\n")
    assert written.subject == subject


@pytest.mark.parametrize(
    ("feedback", "sentence"),
    [
        ("Mention the free pilot", "I would also like to mention the free pilot."),
        ("Please add that it is free", "I would also like to mention that it is free."),
        ("Ask for 15 minutes", "I would like to ask for 15 minutes."),
        ("Too pushy", "One more thing: Too pushy."),
    ],
)
def test_feedback_is_seen_in_the_next_version_and_the_rest_stays(
    feedback: str, sentence: str
) -> None:
    edited = ("Our words", "Dear Ada,\n\nwords of our own.\n\nMay I call?\n\nBest regards\nJo")

    written = AUTHOR.write(replace(BRIEF, current=edited, feedback=feedback))

    assert written.subject == "Our words"
    assert written.body.split("\n\n") == [
        "Dear Ada,", "words of our own.", sentence, "May I call?", "Best regards\nJo"
    ]  # fmt: skip


def test_a_wish_for_less_leaves_the_point() -> None:
    first = AUTHOR.write(BRIEF)

    shorter = AUTHOR.write(
        replace(BRIEF, current=(first.subject, first.body), feedback="Shorter, please")
    )

    assert len(shorter.body) < len(first.body)
    assert "introduce our booking tool" in shorter.body
    assert "Shorter" not in shorter.body


def test_a_wish_for_less_and_more_gets_both() -> None:
    first = AUTHOR.write(BRIEF)

    written = AUTHOR.write(
        replace(
            BRIEF, current=(first.subject, first.body), feedback="Shorter, and mention the price"
        )
    )

    assert "I hope all is well" not in written.body
    assert "I would also like to mention the price." in written.body


def test_each_follow_up_is_another_text_that_refers_to_the_mail_before() -> None:
    steps = [AUTHOR.write(replace(BRIEF, step=n, previous=(PREVIOUS,))) for n in (1, 2, 3)]

    assert len({written.body for written in steps}) == 3
    for written in steps:
        assert written.subject == "Re: Our booking tool"
        assert "my e-mail of 2 March about “Our booking tool”" in written.body


def test_a_thread_keeps_one_re_and_an_unreadable_date_is_left_out() -> None:
    previous = PreviousMail("RE: Re: Our booking tool", "Hello.", "last week")

    written = AUTHOR.write(replace(BRIEF, step=2, previous=(previous,)))

    assert written.subject == "Re: Our booking tool"
    assert "my e-mail about “Our booking tool”" in written.body


def test_a_formal_tone_is_heard() -> None:
    assert AUTHOR.write(replace(BRIEF, tone="Formal")).body.startswith("Dear Ada Lovelace,")
    assert AUTHOR.write(replace(BRIEF, tone="informal")).body.startswith("Hello Ada Lovelace,")


@pytest.mark.parametrize("name", ["[Name]", "https://evil.test/x", "{{first_name}}"])
def test_a_contact_whose_name_is_none_stops_the_mail(name: str) -> None:
    with pytest.raises(Reject) as refused:
        AUTHOR.write(replace(BRIEF, contact_name=name))

    assert "the contact" in refused.value.message


def test_one_page_is_quoted_in_a_first_mail_and_cited() -> None:
    notes = KnownFact("F1", "They owe us money.", "NOTE")
    pages = (
        KnownFact("F2", "They opened a mill.", "PAGE", "www.engines.com"),
        KnownFact("F3", "They closed a mill.", "PAGE", "engines.com"),
    )

    written = AUTHOR.write(replace(BRIEF, facts=(notes, *pages)))

    quoting = "On engines.com I read: “They opened a mill.”"
    assert quoting in written.body.split("\n\n")
    assert written.citations == (Citation(quoting, ("F2",)),)
    assert "owe" not in written.body
    assert "closed" not in written.body


@pytest.mark.parametrize(
    "quote",
    ["They opened a mill. It burnt.", "They use [Name] there.", "See engines.com/x.", "x" * 300],
    ids=["two sentences", "a field", "a link", "too long"],
)
def test_a_page_that_cannot_be_quoted_in_a_mail_is_left_out(quote: str) -> None:
    fact = KnownFact("F1", quote, "PAGE", "engines.com")

    assert AUTHOR.write(replace(BRIEF, facts=(fact,))) == AUTHOR.write(BRIEF)


def test_a_quote_that_feedback_took_out_is_not_cited() -> None:
    brief = replace(BRIEF, facts=(KnownFact("F1", "They opened a mill.", "PAGE", "engines.com"),))
    first = AUTHOR.write(brief)

    kept = AUTHOR.write(replace(brief, current=(first.subject, first.body), feedback="Add a date"))
    less = AUTHOR.write(replace(brief, current=(first.subject, first.body), feedback="Shorter"))

    assert kept.citations == first.citations
    assert less.citations == ()


@pytest.mark.parametrize(
    ("instruction", "expected"),
    [
        ("Invite this contact to the pilot.", "I would like to invite you to the pilot."),
        ("Thank Grace Hopper for the talk.", "I would like to thank you for the talk."),
        ("Introduce us to Grace Hopper.", "I would like to introduce us to you."),
        ("Come back to Grace Hopper about tea.", "I am writing to you about tea."),
        ("Answer Grace Hopper about tea.", "I am writing to you about tea."),
        ("Tell Grace Hopperson of it.", "I would like to tell Grace Hopperson of it."),
    ],
)
def test_a_reader_is_spoken_to_not_of(instruction: str, expected: str) -> None:
    brief = Brief(instruction=instruction, contact_name="Grace Hopper", sender_name="Ada")

    assert expected in TemplateWriter().write(brief).body
