"""Logs: one line a fact, with its thread, and never a key."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import structlog

from runtime import logs

SECRETS = ["re_AbCdEf123456", "whsec_AbCdEf123456", "AIzaSyAbCdEf123456", "rpt_AbCdEf123456"]


@contextmanager
def as_deployed() -> Iterator[None]:
    """Log as a deployment does, to the standard error of this moment."""
    root = logging.getLogger()
    handlers, level, before = root.handlers[:], root.level, structlog.get_config()
    logs.configure("json")
    yield
    structlog.configure(**before)
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def fail(text: str) -> None:
    raise ValueError(text)


def test_a_line_carries_the_thread_it_belongs_to(capsys: pytest.CaptureFixture[str]) -> None:
    with as_deployed(), logs.bound_contextvars(correlation_id="c-1"):
        logging.getLogger("some.library").warning("from %s", "afar")

    [line] = lines(capsys)
    assert (line["event"], line["correlation_id"]) == ("from afar", "c-1")


@pytest.mark.parametrize("secret", SECRETS)
def test_a_key_is_cut_out_of_every_line_whoever_wrote_it(
    secret: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with as_deployed():
        try:
            fail(f"bad key {secret}")
        except ValueError:
            logging.getLogger("some.library").exception("failed with %s", secret)

    said = capsys.readouterr().err
    assert secret not in said
    assert "bad key" in said


def test_a_traceback_keeps_its_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with as_deployed():
        try:
            fail("broken")
        except ValueError:
            logging.getLogger("some.library").exception("failed")

    [line] = lines(capsys)
    assert str(line["exception"]).count("\n") >= 3
