"""The new words of a mail, without what it quotes."""

import time

import pytest

from runtime.mail.inbound import plain
from runtime.mail.inbound.quoted import new_words

OLD = "Hello,\nto unsubscribe, answer with one word.\n"


@pytest.mark.parametrize(
    "introduction",
    [
        "On Mon, Mar 2, 2026 at 9:00 AM Rapport <r@example.com> wrote:",
        "On Mon, Mar 2, 2026 at 9:00 AM Rapport Outreach Team\n<rapport@example.com> wrote:",
        "Am 02.03.2026 um 09:00 schrieb Rapport:",
        "Am Mo., 2. März 2026 um 09:00 Uhr schrieb Rapport <\nr@example.com>:",
        "Le lun. 2 mars 2026 à 09:00, Rapport <r@example.com> a écrit :",
        "El lun, 2 mar 2026 a las 9:00, Rapport (<r@example.com>) escribió:",
        "-----Original Message-----",
        "-----Ursprüngliche Nachricht-----",
        "________________________________",
        "From: Rapport <r@example.com>\nSent: Monday, 2 March 2026\nTo: Ada\nSubject: Hello",
        "Von: Rapport\nGesendet: Montag, 2. März 2026\nAn: Ada\nBetreff: Hallo",
        "De : Rapport\nEnvoyé : lundi 2 mars 2026\nÀ : Ada\nObjet : Bonjour",
    ],
)
def test_the_old_mail_is_cut_off_with_what_introduces_it(introduction: str) -> None:
    assert new_words(f"Gladly.\nAda\n\n{introduction}\n\n{OLD}") == "Gladly.\nAda"


def test_words_between_and_under_a_quotation_are_kept() -> None:
    text = "On Monday Rapport wrote:\n> Shall we?\nYes.\n> When?\nOn Friday.\n-- \nAda\nunsubscribe"
    assert new_words(text) == "Yes.\nOn Friday."


@pytest.mark.parametrize(
    "text",
    ["Thanks,\nbut please remove me.", "- first\n- second", "On Friday: yes.\nFrom: me to you."],
)
def test_what_only_looks_like_an_end_is_none(text: str) -> None:
    assert new_words(text) == text


def test_html_is_read_as_a_person_sees_it() -> None:
    html = (
        "<html><head><style>p {}</style><title>No</title></head><body><!-- no --><p>Yes &amp; "
        "<b>no</b>, a < b<br>really</p><script>no()</script><blockquote><p>Old</p></blockquote>"
    )
    assert plain.text(html).split("\n") == ["Yes & no, a < b", "really", "", "> Old"]


@pytest.mark.parametrize(
    "hostile",
    ["<", "<a ", "<!--", "<blockquote>", "<style>", "</", "&", "On a wrote ", "On x\n", ">", "-"],
)
def test_no_text_takes_long(hostile: str) -> None:
    text = hostile * (200_000 // len(hostile))
    begun = time.process_time()
    plain.text(text)
    new_words(text[:50_000])
    assert time.process_time() - begun < 5
