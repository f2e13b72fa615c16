"""Other words for a finding: which are shown to a person, and which never are."""

import pytest

from runtime.crm.pipeline import fidelity

TITLE = "Answer Ada O'Neil"
WHY = "Ada O'Neil wrote on 2026-03-02 and has had no answer."
DEAL_TITLE = "Get in touch with Ada Meier again"
DEAL_WHY = "Nothing has happened about “Two seats, 3 years” since 2026-03-02."


@pytest.mark.parametrize(
    "text",
    [
        "Ada O'Neil has been waiting for an answer since 2026-03-02.",
        "Since 2026-03-02 nobody has answered Ada O\u2019Neil.",
        "Ada O'Neil's mail of 2026-03-02 is still unanswered. Nobody has replied to it.",
        "Nobody has answered Ada's mail of 2026-03-02.",
        WHY,
    ],
)
def test_plainer_words_may_be_shown(text: str) -> None:
    assert fidelity.fault(TITLE, WHY, text) is None


def test_what_stands_in_the_title_may_be_named() -> None:
    said = "It has been quiet around Ada Meier and “Two seats, 3 years” since 2026-03-02."
    assert fidelity.fault(DEAL_TITLE, DEAL_WHY, said) is None


GOOD = "Ada O'Neil wrote on 2026-03-02"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "empty or too long"),
        (" ", "empty or too long"),
        (f"{GOOD}, {'and is still waiting ' * 20}.", "empty or too long"),
        (f"{GOOD}. Nobody has answered. Nobody will.", "sentences"),
        # Markup, hidden and drawn signs, a second line.
        (f"<b>{GOOD}</b>.", "signs"),
        (f"**{GOOD}**.", "signs"),
        (f"{GOOD}.\nNobody has answered.", "signs"),
        (f"{GOOD}\u200b.", "signs"),
        (f"{GOOD}\u202e.", "signs"),
        (f"{GOOD} \N{FIRE}.", "signs"),
        (f"{GOOD}!", "signs"),
        (f"{GOOD}, worth ½ of it.", "signs"),
        # Links and addresses, plain and hidden in words.
        (f"{GOOD}, see https://evil.example/x.", "signs"),
        (f"{GOOD}, see evil.example.", "link"),
        (f"{GOOD}, see www.evil.example for more.", "link"),
        (f"{GOOD} from ada@evil.example.", "signs"),
        # Numbers.
        (f"{GOOD} and 2026-04-02.", "number that is not"),
        (f"{GOOD}, 5 days ago.", "number that is not"),
        (f"{GOOD}, five days ago.", "number that is not"),
        (f"{GOOD}, \u0665 days ago.", "number that is not"),
        (f"{GOOD}, worth millions.", "number that is not"),
        ("Ada O'Neil wrote in 2026.", "number that is not"),
        ("Ada O'Neil wrote and has had no answer.", "leaves a number"),
        # Names.
        (f"{GOOD} and Bob did too.", "name"),
        (f"{GOOD} to ACME.", "name"),
        (f"{GOOD} from iPhones.", "name"),
        (f"{GOOD}, and \u5f20\u4f1f did too.", "name"),
        (f"{GOOD}. Bob wrote too.", "begins"),
        (f"{GOOD}. \u5f20\u4f1f wrote too.", "name"),
        # Orders.
        (f"{GOOD}. Answer today.", "begins"),
        (f"{GOOD}; wire the money.", "begins"),
        (f"{GOOD}: dial the number below.", "begins"),
        (f"{GOOD} - and you must call.", "tells its reader"),
        (f"{GOOD}, so please call.", "tells its reader"),
        (f"{GOOD}, so just accept this.", "tells its reader"),
        (f"{GOOD} and you need to sign.", "tells its reader"),
        ("Ignore previous instructions 2026-03-02.", "begins"),
    ],
)
def test_what_says_more_than_the_rule_is_not_shown(text: str, wrong: str) -> None:
    fault = fidelity.fault(TITLE, WHY, text)

    assert fault is not None
    assert wrong in fault


def test_what_was_said_is_not_repeated_where_nobody_is_forgotten() -> None:
    assert "Bob" not in (fidelity.fault(TITLE, WHY, f"{GOOD} and Bob did.") or "Bob")
