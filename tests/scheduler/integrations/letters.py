"""Mails and settings that the tests of the outside share."""

from dataclasses import replace
from typing import Any

from runtime.settings import Settings, load
from scheduler.integrations import Mail
from tests.fakes import FakeGemini, FakeResend

RESEND_KEY = "re_canary_7Q2mUzR4kT"
GEMINI_KEY = "AIzaCanary7Q2mUzR4kTq9"

_MAIL = Mail(
    sender="Rapport Ünlü <team@house.test>",
    to="ada@engines.test",
    subject="Zahnräder, and a question",
    text="Hello Ada,\n\nmay I ask you something?\n\nBest regards\n",
    reply_to="replies@house.test",
    headers={"List-Unsubscribe": "<https://house.test/u/1>", "References": "<1@x> <2@x>"},
    tags={"task": "T-1"},
    idempotency_key="email:1",
    html="<p>Hello Ada,</p>\n<p>may I ask you something?</p>\n",
)


def mail(**changes: Any) -> Mail:
    """Return a mail that every transport takes, with some of its parts changed."""
    return replace(_MAIL, **changes)


def resend_settings(fake: FakeResend, **more: Any) -> Settings:
    return load(resend_api_key=RESEND_KEY, resend_api_url=fake.url, **more)


def gemini_settings(fake: FakeGemini, **more: Any) -> Settings:
    return load(gemini_api_key=GEMINI_KEY, gemini_api_endpoint=fake.url, **more)
