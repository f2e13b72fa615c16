"""What a person's words to an agent are taken to mean; a table to read and to add to."""

import pytest

from runtime.crm import intents
from runtime.crm.intents import Intent

SAID = {
    Intent.STOP: [
        "Stop.",
        "please stop",
        "Stop writing to this company.",
        "Stop following up, they signed with somebody else.",
        "Don't contact them again.",
        "Do not write to her any more",
        "Never mail him again!",
        "No more e-mails to this one.",
        "Leave them alone.",
        "Leave this person in peace, please.",
    ],
    Intent.PAUSE: [
        "Pause this.",
        "Please wait until Thursday",
        "hold it until I have talked to her",
        "Put it on hold.",
        "Do not send this yet.",
        "Don't write to them yet",
    ],
    Intent.REVISE: [
        "Use a warmer tone.",
        "Shorter, and ask one question only.",
        "Please don't write so formally.",
        "Mention that we met in Lisbon.",
        "Leave out the second paragraph",
        "Less jargon.",
    ],
    Intent.ANSWER: [
        "How does it stand?",
        "What is the status",
        "When does the next one go out?",
        "Why was it not sent?",
        "Has she answered?",
    ],
    Intent.UNCLEAR: ["Hello.", "Banana", "Thanks!", "🙂", "42"],
}


@pytest.mark.parametrize(
    ("text", "intent"), [(text, intent) for intent, texts in SAID.items() for text in texts]
)
def test_words_mean(text: str, intent: Intent) -> None:
    assert intents.understood(text) is intent


@pytest.mark.parametrize("text", ["Stop writing to this company.", "Leave everybody there alone"])
def test_a_whole_company_is_meant(text: str) -> None:
    assert intents.about_company(text)


def test_one_person_is_meant() -> None:
    assert not intents.about_company("Don't contact her again.")
