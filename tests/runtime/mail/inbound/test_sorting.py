"""What a mail is, by rules: a table of mails as they really come."""

from datetime import date
from typing import Any

import pytest

from runtime.mail.inbound import letter
from runtime.mail.inbound.sorting import Sorted, sort

TODAY = date(2026, 3, 2)  # a Monday
ADA = "Ada Lovelace <ada@example.org>"
QUOTE = (
    "\n\nOn Mon, 2 Mar 2026 at 09:00, Rapport <r@example.com> wrote:\n> To unsubscribe, remove me"
)


def told(*, is_answer: bool = True, sender: str = ADA, **fields: Any) -> Sorted:
    given = {"from": sender, "to": ["r@example.com"], "subject": "Re: Hello"} | fields
    return sort(letter.read("1", given), today=TODAY, is_answer=is_answer)


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "Sounds good, call me." + QUOTE},
        {"text": "I am on vacation until 12 March. Let us talk after that."},
        {"text": "Please stop by our stand at the fair!"},
        {"text": "Please do not remove me from the list, I like your mails."},
        {"text": "Not interested."},
        {"text": ""},
        {"text": "Gerne.", "headers": {"Auto-Submitted": "no"}},
        {"text": "Yes.", "headers": {"List-Id": "<sales.example.org>", "Precedence": "list"}},
        {"text": "Yes.\n-- \nAcme Inc.\nUnsubscribe from our newsletter here: https://acme.test/u"},
        {"text": "Best regards\nAda\nTo unsubscribe from Acme news click here"},
        {"subject": "Re: Out of office", "text": "Ha, I am back. What is it?"},
        {"text": "Our postmaster says hello.", "headers": {"X-Auto-Response-Suppress": "DR, RN"}},
    ],
)
def test_in_doubt_it_is_a_persons(fields: dict[str, Any]) -> None:
    assert told(**fields).kind == "human"


@pytest.mark.parametrize(
    "fields",
    [
        {"from": "MAILER-DAEMON@mx.example.net", "subject": "Undelivered Mail"},
        {"from": "Mail Delivery Subsystem <mailer-daemon@googlemail.com>"},
        {"from": "postmaster@outlook.com", "subject": "Undeliverable: Hello"},
        {"attachments": [{"content_type": "message/delivery-status"}]},
        {"headers": {"CONTENT-TYPE": "multipart/report; report-type=delivery-status"}},
        {"headers": {"Return-Path": "<>"}, "subject": "Delivery Status Notification (Failure)"},
        {"headers": {"X-Failed-Recipients": "ada@example.org"}},
    ],
)
def test_a_mail_that_came_back_is_a_bounce(fields: dict[str, Any]) -> None:
    assert told(text="Please remove me. 550 5.1.1 no such user", **fields).kind == "bounce"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("550 5.1.1 The email account does not exist", "5.1.1"),
        ("Status: 5.7.26\nAction: failed", "5.7.26"),
        ("Status: 4.2.2 mailbox full", ""),
        ("It came from 15.1.20.4 and version 5.1", ""),
    ],
)
def test_only_a_permanent_status_says_the_address_is_no_good(text: str, status: str) -> None:
    assert told(sender="mailer-daemon@x.example", text=text).permanent == status


@pytest.mark.parametrize(
    "fields",
    [
        {"headers": {"auto-submitted": "auto-generated"}},
        {"headers": {"Auto-Submitted": "auto-replied; owner-email=x@example.org"}},
        {"headers": {"Precedence": "bulk"}},
        {"headers": {"PRECEDENCE": "auto_reply"}},
        {"headers": {"X-Autoreply": "yes"}},
        {"headers": {"X-Auto-Response-Suppress": "OOF, AutoReply"}},
        {"headers": {"Return-Path": "<>"}},
        {"from": "no-reply@example.org"},
        {"subject": "Automatic reply: Hello"},
        {"headers": {"List-Id": "<news.example.org>"}, "is_answer": False},
    ],
)
def test_a_machine_says_so_in_its_headers(fields: dict[str, Any]) -> None:
    assert told(text="We received your message. Unsubscribe.", **fields).kind == "automatic"


@pytest.mark.parametrize(
    ("subject", "text", "returns_on"),
    [
        ("Automatic reply: Hello", "I am out of the office until 20 March 2026.", (3, 20)),
        ("Out of Office: Hello", "I will be back on March 16th.", (3, 16)),
        ("Automatic reply", "I am on annual leave from 2 March to 13 March 2026.", (3, 13)),
        ("Auto-Reply: Hi", "On vacation, returning Monday.", (3, 9)),
        ("Automatische Antwort: Hallo", "Ich bin bis einschließlich 13.03. im Urlaub.", (3, 13)),
        ("Abwesenheitsnotiz", "Ab dem 16. März bin ich wieder erreichbar.", (3, 16)),
        ("Abwesend", "Vom 2. bis 6. April 2026 bin ich nicht im Büro.", (4, 6)),
        ("Réponse automatique", "Je suis en congés jusqu'au 20 mars 2026 inclus.", (3, 20)),
        ("Réponse automatique", "Absente, de retour le lundi 16 mars.", (3, 16)),
        ("Respuesta automática", "Estoy de vacaciones hasta el 20 de marzo de 2026.", (3, 20)),
        ("Respuesta automática", "Fuera de la oficina. Vuelvo el 16 de marzo.", (3, 16)),
        ("Out of office", "Back in the office on 2026-03-18.", (3, 18)),
        ("Out of office", "I am away until 05/04/2026.", (5, 4)),
    ],
)
def test_an_absence_says_when_it_ends(subject: str, text: str, returns_on: tuple[int, int]) -> None:
    found = told(subject=subject, text=text, headers={"Auto-Submitted": "auto-replied"})
    assert (found.kind, found.returns_on) == ("out_of_office", date(2026, *returns_on))


@pytest.mark.parametrize(
    "text",
    [
        "I am out of the office.",
        "I am out of the office until 1 March 2020.",
        "I am out of the office until 31 December 2099.",
        "Out of office. In urgent cases call +49 30 12 34 56 on 3 May or see room 12.",
        "I was out of the office; we met on 14 May 2026.",
    ],
)
def test_a_date_that_ends_no_absence_is_not_believed(text: str) -> None:
    found = told(text=text, headers={"Auto-Submitted": "auto-replied"})
    assert (found.kind, found.returns_on) == ("out_of_office", None)


@pytest.mark.parametrize(
    "text",
    [
        "Unsubscribe",
        "unsubscribe me please" + QUOTE,
        "STOP",
        "Please remove me from your list.",
        "Thanks, but take me off this list.",
        "Stop emailing me!",
        "Don't contact me again.",
        "No more emails, please.",
        "Please delete my data.",
        "> an old line\nPlease remove me.",
        "Bitte keine Mails mehr.",
        "Bitte schicken Sie mir keine weiteren E-Mails.",
        "Nehmen Sie mich aus dem Verteiler.",
        "Bitte nicht mehr anschreiben",
        "Bitte löschen Sie meine Daten.",
        "Merci de me désabonner.",
        "Veuillez ne plus me contacter.",
        "Retirez-moi de votre liste",
        "Por favor, deme de baja.",
        "No me escriban más.",
        "Cancellatemi dalla lista.",
        "Graag geen mails meer.",
    ],
)
def test_a_wish_is_heard_in_many_languages(text: str) -> None:
    assert told(text=text).kind == "unsubscribe"


def test_a_wish_may_stand_in_the_subject_alone() -> None:
    assert told(subject="unsubscribe", text="").kind == "unsubscribe"
    assert told(subject="Unsubscribe", text="This message was sent by a mail program.").kind == (
        "unsubscribe"
    )
