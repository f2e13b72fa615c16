"""What every mailer promises, whichever it is."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from runtime.errors import Reject
from runtime.settings import load
from scheduler.integrations import Mailer, mailer
from tests.fakes import FakeResend
from tests.scheduler.integrations.letters import mail, resend_settings

Delivered = Callable[[], list[dict[str, Any]]]
"""Everything that has left so far: to, subject, text, and each header by its lower-case name."""


@pytest.fixture(params=["resend", "sandbox"])
def transport(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Mailer, Delivered]]:
    if request.param == "sandbox":
        yield mailer(load(rapport_data_dir=tmp_path)), lambda: _from_files(tmp_path / "outbox")
        return
    with FakeResend() as fake:
        yield mailer(resend_settings(fake)), lambda: [_from_api(sent) for sent in fake.accepted]


def _from_api(sent: dict[str, Any]) -> dict[str, Any]:
    return {
        "from": sent["from"],
        "to": ", ".join(sent["to"]),
        "subject": sent["subject"],
        "text": sent["text"],
        "html": sent.get("html"),
        "reply-to": sent.get("reply_to"),
        **{name.lower(): value for name, value in sent.get("headers", {}).items()},
    }


def _from_files(folder: Path) -> list[dict[str, Any]]:
    letters = [
        message_from_bytes(path.read_bytes(), policy=default) for path in folder.glob("*.eml")
    ]
    return [
        {name.lower(): str(value) for name, value in letter.items()}
        | {kind: _part(letter, kind) for kind in ("text", "html")}
        | {"reply-to": letter["reply-to"]}
        for letter in letters
    ]


def _part(letter: EmailMessage, kind: str) -> str | None:
    part = letter.get_body(("plain" if kind == "text" else kind,))
    return None if part is None else part.get_content()


def test_a_mail_arrives_as_it_was_written(transport: tuple[Mailer, Delivered]) -> None:
    sender, delivered = transport

    accepted = sender.send(mail())

    (sent,) = delivered()
    assert accepted.provider_message_id
    assert "team@house.test" in sent["from"]
    assert sent["to"] == "ada@engines.test"
    assert sent["subject"] == "Zahnräder, and a question"
    assert sent["text"].replace("\r\n", "\n") == mail().text
    assert sent["html"].replace("\r\n", "\n") == mail().html
    assert sent["reply-to"] == "replies@house.test"
    assert sent["list-unsubscribe"] == "<https://house.test/u/1>"
    assert sent["references"] == "<1@x> <2@x>"


def test_a_mail_without_the_optional_parts_arrives_too(
    transport: tuple[Mailer, Delivered],
) -> None:
    sender, delivered = transport

    sender.send(mail(reply_to=None, headers={}, tags={}, html=None))

    (sent,) = delivered()
    assert sent["reply-to"] is None
    assert sent["html"] is None
    assert sent["text"].replace("\r\n", "\n") == mail().text


def test_a_mail_is_named_so_that_the_next_can_continue_it(
    transport: tuple[Mailer, Delivered],
) -> None:
    sender, _ = transport
    accepted = sender.send(mail())

    named = sender.message_id(accepted.provider_message_id)

    assert named
    assert re.fullmatch(r"<[^<>@\s]+@[^<>@\s]+>", named)
    assert accepted.message_id in (None, named)


@pytest.mark.parametrize(
    "unknown", ["", "sandbox-", f"sandbox-{'0' * 32}", "../../etc/passwd", "a?b", "0" * 300]
)
def test_a_mail_that_is_not_known_has_no_name(
    transport: tuple[Mailer, Delivered], unknown: str
) -> None:
    assert transport[0].message_id(unknown) is None


def test_the_same_key_and_content_is_one_mail_under_one_id(
    transport: tuple[Mailer, Delivered],
) -> None:
    sender, delivered = transport

    ids = {sender.send(mail()).provider_message_id for _ in range(3)}

    assert len(ids) == 1
    assert len(delivered()) == 1


def test_another_key_is_another_mail(transport: tuple[Mailer, Delivered]) -> None:
    sender, delivered = transport

    first, second = sender.send(mail()), sender.send(mail(idempotency_key="email:2"))

    assert first != second
    assert len(delivered()) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "Other"},
        {"text": "Other"},
        {"html": "<p>Other</p>"},
        {"html": None},
        {"to": "bob@engines.test"},
        {"headers": {}},
    ],
    ids=repr,
)
def test_a_key_used_for_other_content_is_refused(
    transport: tuple[Mailer, Delivered], change: dict[str, Any]
) -> None:
    sender, delivered = transport
    sender.send(mail())

    with pytest.raises(Reject) as refused:
        sender.send(mail(**change))

    assert refused.value.reason_code == "IDEMPOTENCY_KEY_REUSED"
    assert len(delivered()) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "Hello\nBcc: all@engines.test"},
        {"to": "ada@engines.test, bob@engines.test"},
        {"to": "ada@engines.test\r\nBcc: bob@engines.test"},
        {"to": "nobody"},
        {"to": "a..b@engines.test"},
        {"to": "<ada@engines.test"},
        {"sender": "Ada\r\nX: 1 <ada@house.test>"},
        {"reply_to": ""},
        {"headers": {"X-A": "1\r\nBcc: bob@engines.test"}},
        {"headers": {"Bcc": "bob@engines.test"}},
        {"headers": {"X A": "1"}},
        {"headers": {"X-A": "x" * 995}},
        {"headers": {"X-A": "Zahnräder"}},
        {"headers": {"Message-ID": "<1@x>"}},
        {"subject": "Hi\u2028there"},
        {"subject": "Hi\x00there"},
        {"subject": "\u202ereht iH"},
        {"subject": "=?utf-8?q?Hi=0D=0ABcc:_bob@engines.test?="},
        {"sender": "=?utf-8?q?Boss?= <ada@house.test>"},
        {"sender": "Ada\u2066 <ada@house.test>"},
        {"reply_to": "ada@house.test\u2029"},
        {"text": "bell\x07"},
        {"html": "<p>half a \ud83d smile</p>"},
        {"tags": {"task": "with space"}},
        {"subject": "  "},
        {"text": ""},
        {"text": "half a \ud83d smile"},
        {"idempotency_key": ""},
        {"idempotency_key": "k" * 257},
        {"idempotency_key": "line\nbreak"},
    ],
    ids=repr,
)
def test_a_mail_that_could_reach_others_or_nobody_is_refused_before_anything_leaves(
    transport: tuple[Mailer, Delivered], change: dict[str, Any]
) -> None:
    sender, delivered = transport

    with pytest.raises(Reject) as refused:
        sender.send(mail(**change))

    assert refused.value.reason_code == "MAIL_MALFORMED"
    assert "bob@engines.test" not in refused.value.message
    assert delivered() == []


def test_fifty_threads_send_fifty_mails_and_no_more(transport: tuple[Mailer, Delivered]) -> None:
    sender, delivered = transport
    letters = [mail(idempotency_key=f"email:{n}", to=f"p{n}@engines.test") for n in range(50)]

    with ThreadPoolExecutor(50) as threads:
        accepted = list(threads.map(sender.send, letters))

    assert len({each.provider_message_id for each in accepted}) == 50
    assert {sent["to"] for sent in delivered()} == {letter.to for letter in letters}
    assert len(delivered()) == 50
