"""The sandbox: mail that leaves nothing but a file."""

import contextlib
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from runtime.errors import Reject, Retry
from scheduler.integrations.sandbox import SandboxMailer
from tests.house import text_of
from tests.scheduler.integrations.letters import mail


def test_fifty_threads_with_one_key_leave_one_file(tmp_path: Path) -> None:
    sender = SandboxMailer(tmp_path / "outbox")

    with ThreadPoolExecutor(50) as threads:
        accepted = list(threads.map(lambda _: sender.send(mail()), range(50)))

    assert len(set(accepted)) == 1
    assert len(list((tmp_path / "outbox").iterdir())) == 1


def test_a_mailer_of_the_next_process_knows_the_mails_of_the_last(tmp_path: Path) -> None:
    first = SandboxMailer(tmp_path).send(mail())

    assert SandboxMailer(tmp_path).send(mail()) == first
    with pytest.raises(Reject):
        SandboxMailer(tmp_path).send(mail(text="Other"))


def test_only_its_owner_may_read_the_outbox(tmp_path: Path) -> None:
    SandboxMailer(tmp_path / "outbox").send(mail())

    (letter,) = (tmp_path / "outbox").iterdir()
    assert stat.S_IMODE((tmp_path / "outbox").stat().st_mode) == 0o700
    assert stat.S_IMODE(letter.stat().st_mode) == 0o600


def test_an_outbox_that_cannot_be_written_is_tried_again_and_its_path_is_not_shown(
    tmp_path: Path,
) -> None:
    (tmp_path / "outbox").write_text("a file where the folder should be")

    with pytest.raises(Retry) as failed:
        SandboxMailer(tmp_path / "outbox").send(mail())

    assert failed.value.reason_code == "SANDBOX_UNAVAILABLE"
    assert str(tmp_path) not in failed.value.message


def test_a_long_link_in_a_header_stays_in_one_piece(tmp_path: Path) -> None:
    link = f"<https://house.test/unsubscribe/{'x' * 300}>"

    SandboxMailer(tmp_path).send(mail(headers={"List-Unsubscribe": link}))

    (letter,) = tmp_path.iterdir()
    assert f"List-Unsubscribe: {link}".encode() in letter.read_bytes()


@example(subject="Hello", text="Hi", name=".")
@settings(deadline=None)  # a busy machine is no fault of the mail
@given(subject=st.text(max_size=80), text=st.text(max_size=300), name=st.text(max_size=40))
def test_any_words_arrive_as_they_are_or_are_refused(
    tmp_path_factory: pytest.TempPathFactory, subject: str, text: str, name: str
) -> None:
    folder = tmp_path_factory.mktemp("outbox")
    letter = mail(subject=subject, text=text, sender=f"{name} <team@house.test>")
    try:
        SandboxMailer(folder).send(letter)
    except Reject:
        assert list(folder.iterdir()) == []
        return
    (file,) = folder.iterdir()
    arrived = message_from_bytes(file.read_bytes(), policy=default)
    assert str(arrived["to"]) == "ada@engines.test"
    assert str(arrived["subject"]).split() == subject.split()
    assert _lines(text_of(arrived)) == _lines(text)


_TRICKS = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            ["\r\n", "\n", "\u2028", "\x00", "\u202e", "Bcc: b@evil.test", "=?utf-8?q?=0A?=", "=?",
             "?=", "=0D=0A", ",", ";", "<b@evil.test>", '"', "\\", "(", " ", "ä", "hello", "@"]
        ),
        max_size=8,
    ).map("".join),
)  # fmt: skip


_PLACES: dict[str, Callable[[str], dict[str, Any]]] = {
    "subject": lambda words: {"subject": f"A {words}"},
    "sender": lambda words: {"sender": f"{words} <team@house.test>"},
    "reply_to": lambda words: {"reply_to": f"{words} <answers@house.test>"},
    "header": lambda words: {
        "headers": {**mail().headers, "List-Unsubscribe": f"<https://house.test/{words}>"}
    },
}


@settings(deadline=None, max_examples=200)
@given(place=st.sampled_from(sorted(_PLACES)), words=_TRICKS)
def test_no_words_become_a_header_or_a_recipient(
    tmp_path_factory: pytest.TempPathFactory, place: str, words: str
) -> None:
    folder = tmp_path_factory.mktemp("outbox")
    letter = mail(**_PLACES[place](words))
    with contextlib.suppress(Reject):
        SandboxMailer(folder).send(letter)
    for file in folder.iterdir():
        arrived = message_from_bytes(file.read_bytes(), policy=default)
        assert set(map(str.lower, arrived.keys())) == _HEADERS
        assert [each.addr_spec for each in arrived["to"].addresses] == ["ada@engines.test"]
        assert [each.addr_spec for each in arrived["from"].addresses] == ["team@house.test"]
        assert [each.addr_spec.partition("@")[2] for each in arrived["reply-to"].addresses] == [
            "house.test"
        ]
        assert str(arrived["subject"]).split() == letter.subject.split()
        assert str(arrived["list-unsubscribe"]) == letter.headers["List-Unsubscribe"].strip()
        assert text_of(arrived) == letter.text


_HEADERS = {
    *("from", "to", "subject", "reply-to", "message-id", "date", "x-rapport-content"),
    *("list-unsubscribe", "references", "x-rapport-tag-task", "mime-version", "content-type"),
}


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
