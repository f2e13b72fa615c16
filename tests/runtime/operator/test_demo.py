"""The demo is the product's story; it ends well only if every step happened."""

import tempfile
from pathlib import Path

import pytest

from runtime.operator.demo import people
from tests.runtime.operator.conftest import Rapport

pytestmark = pytest.mark.timeout(300)


def test_the_demo_tells_the_whole_story_out_of_reach_of_real_keys(
    tmp_path: Path, rapport: Rapport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    answer = rapport(
        tmp_path, "demo",
        DATABASE_URL="postgresql://nobody@127.0.0.1:9/none", RESEND_API_KEY="re_real",
        ALLOW_EMAIL_SENDING="true",
    )  # fmt: skip
    assert answer.status == 0, answer.err
    assert "Every step happened" in answer.out
    assert "SENT by sandbox" in answer.out
    assert people.REPLY[:30] in answer.out
    assert not list(tmp_path.iterdir())
