"""Houses that send real mail, to a fake of the provider."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runtime.clock import FakeClock
from runtime.db import Database
from tests.fakes import FakeResend
from tests.house import House

Build = Callable[..., House]


@pytest.fixture
def resend() -> Iterator[FakeResend]:
    """The provider's fake."""
    with FakeResend() as fake:
        yield fake


@pytest.fixture
def build(db: Database, fake_clock: FakeClock, tmp_path: Path, resend: FakeResend) -> Build:
    """Make a house that may send real mail, to the fake; any setting can be another.

    The key is this test's own: a port may be another test's fake's again, and with the same key
    what that one said of its quota would be known of this one too.
    """
    key = f"re_test_key_1_{uuid.uuid4().hex}"
    return lambda **settings: House(
        db,
        fake_clock,
        tmp_path,
        **{
            "resend_api_key": key,
            "resend_api_url": resend.url,
            "allow_email_sending": True,
        }
        | settings,
    )


@pytest.fixture
def real(build: Build) -> House:
    """A house that sends real mail, to the fake."""
    return build()
