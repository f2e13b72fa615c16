"""Mail leaves and nobody tells what becomes of it: the doctor says so."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from runtime.clock import FakeClock
from runtime.db import Database
from runtime.models import Report, new_id
from runtime.operator.doctor import webhooks
from runtime.operator.servers import Postgres
from runtime.settings import Settings
from tests.house import House

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_mails_that_left_an_hour_ago_without_a_word_since_are_counted(
    db: Database, fake_clock: FakeClock, real: House
) -> None:
    [mail] = real.sent(real.a_sent_task())

    def silence() -> tuple[int, datetime | None]:
        return db.run(real.workspace_id, webhooks._silence)

    assert silence() == (0, None)
    fake_clock.advance(hours=2)
    assert silence() == (1, None)
    with real.tx() as tx:
        told = {"id": new_id(), "svix_id": "msg_1", "type": "email.sent", "body": "{}"}
        tx.insert(Report, **told, sent_email_id=mail.id, received_at=tx.now)

    assert silence() == (0, fake_clock.now)


@pytest.mark.parametrize(
    ("found", "verdict", "words"),
    [
        ([], "ok", "none ever came"),
        ([(0, AT), (0, AT - timedelta(days=1))], "ok", "last one at 2026-03-02 09:00 UTC"),
        ([(2, None), (1, None)], "warning", "none ever came; 3 mails left since"),
        ([(0, AT), (4, None)], "warning", "last one at 2026-03-02 09:00 UTC; 4 mails left since"),
    ],
)
def test_it_is_a_warning_with_what_to_do(
    found: list[tuple[int, datetime | None]], verdict: str, words: str
) -> None:
    finding = webhooks._finding(found)

    assert (finding.verdict, finding.detail) == (verdict, words)
    assert bool(finding.remedy) is (verdict == "warning")


def test_it_is_only_looked_at_where_real_mail_goes_out_and_a_login_that_is_unsafe_is_no_crash(
    postgres: Postgres,
) -> None:
    sandbox = Settings(database_url=postgres.app_url)
    real = Settings(
        database_url=postgres.owner_url,
        resend_api_key=SecretStr("re_x"),
        allow_email_sending=True,
    )

    assert list(webhooks.examine(sandbox)) == []
    assert [finding.verdict for finding in webhooks.examine(real)] == ["warning"]
