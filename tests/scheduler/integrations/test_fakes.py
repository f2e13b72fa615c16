"""The fakes as processes, as the story drives them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from runtime.errors import Retry, Unknown
from runtime.settings import load
from scheduler.integrations import Brief
from scheduler.integrations.gemini import GeminiWriter
from scheduler.integrations.resend import ResendMailer
from tests.fakes import FakeResend
from tests.scheduler.integrations.letters import GEMINI_KEY, RESEND_KEY, mail, resend_settings

ROOT = Path(__file__).parents[3]


@contextmanager
def _process(module: str, *arguments: str) -> Iterator[str]:
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", f"tests.fakes.{module}", "--port", "0", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout
        try:
            word, url = process.stdout.readline().split()
            assert word == "ready"
            yield url
        finally:
            process.terminate()
            assert process.wait(10) == 0


def test_a_resend_process_keeps_one_line_for_each_accepted_mail(tmp_path: Path) -> None:
    log = tmp_path / "mails.jsonl"
    with _process("resend_server", "--log", str(log), "--faults", "429:2,drop") as url:
        sender = ResendMailer(load(resend_api_key=RESEND_KEY, resend_api_url=url))
        with pytest.raises(Retry):
            sender.send(mail())
        with pytest.raises(Unknown):
            sender.send(mail())
        sender.send(mail())
        sender.send(mail(idempotency_key="email:2"))

    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["idempotency_key"] for line in lines] == ["email:1", "email:2"]


def test_a_gemini_process_writes() -> None:
    with _process("gemini_server", "--delay", "0.01", "--faults", "max_tokens") as url:
        author = GeminiWriter(load(gemini_api_key=GEMINI_KEY, gemini_api_endpoint=url))

        assert author.write(Brief(instruction="Offer a demo", contact_name="Ada")).body


def test_a_misspelt_fault_is_refused() -> None:
    with FakeResend() as fake, pytest.raises(AssertionError):
        fake.fail_next("dorp")


def test_a_key_in_use_is_told_to_wait_by_the_fake_itself() -> None:
    with FakeResend() as fake, ThreadPoolExecutor(1) as thread:
        fake.fail_next("slow:60")
        sender = ResendMailer(resend_settings(fake))
        first = thread.submit(sender.send, mail())
        assert fake.waiting.wait(10)

        with pytest.raises(Unknown) as second:
            sender.send(mail())
        fake.hurry()

        assert second.value.reason_code == "MAIL_IN_PROGRESS"
        assert sender.send(mail()) == first.result(10)
        assert len(fake.accepted) == 1
