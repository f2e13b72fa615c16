"""The doctor finds what is wrong and says what to do about it."""

import base64
import socket
from pathlib import Path

import psycopg
import pytest

from runtime.operator import located
from runtime.operator.doctor import Finding, examine
from runtime.operator.servers import Postgres
from runtime.settings import Settings
from tests.runtime.operator.conftest import Rapport

KEY = "whsec_" + base64.b64encode(b"a signing secret of decent length").decode()


@pytest.fixture
def settings(served: Path, bare_environment: None) -> Settings:
    return located.load(rapport_data_dir=served)


def look(settings: Settings, **changes: object) -> dict[str, Finding]:
    changed = Settings(**{**settings.model_dump(), **changes})
    return {finding.subject: finding for finding in examine(changed)}


def test_a_sound_deployment_has_no_fault(settings: Settings) -> None:
    findings = look(settings)
    assert {f.verdict for f in findings.values()} == {"ok"}
    assert findings["database"].detail == "PostgreSQL 18"
    assert findings["migrations"].detail == "up to date"
    assert findings["redis"].detail.startswith("valkey 9.")


def test_a_role_that_sees_every_workspace_is_a_fault(settings: Settings, served: Path) -> None:
    postgres = Postgres(served)
    superuser = postgres.admin_url.removesuffix("postgres") + "rapport"
    for url in (postgres.owner_url, superuser):
        finding = look(settings, database_url=url)["database role"]
        assert finding.verdict == "fault"
        assert "rapport_app" in finding.remedy


def test_a_database_that_was_never_migrated_is_a_fault(settings: Settings, served: Path) -> None:
    postgres = Postgres(served)
    with psycopg.connect(postgres.admin_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE empty_one")
    empty = postgres.app_url.removesuffix("rapport") + "empty_one"
    finding = look(settings, database_url=empty)["migrations"]
    assert finding.verdict == "fault"
    assert finding.remedy == "run `rapport migrate`"


def test_servers_that_do_not_answer_are_faults_that_show_no_password(settings: Settings) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        findings = look(
            settings,
            database_url=f"postgresql://rapport_app:hunter2@127.0.0.1:{port}/rapport",
            redis_url=f"redis://:hunter2@127.0.0.1:{port}",
        )
    assert findings["database"].verdict == "fault"
    assert findings["redis"].verdict == "fault"
    assert "hunter2" not in str(findings)


def test_without_redis_the_doctor_only_warns(settings: Settings) -> None:
    finding = look(settings, redis_url=None)["redis"]
    assert finding.verdict == "warning"
    assert "REDIS_URL" in finding.remedy


@pytest.mark.parametrize(
    ("subject", "changes", "verdict", "remedy"),
    [
        ("sending", {"allow_email_sending": True}, "warning", "RESEND_API_KEY"),
        ("sending", {"resend_api_key": "re_123"}, "ok", "ALLOW_EMAIL_SENDING"),
        ("resend key", {"resend_api_key": "sk_123"}, "fault", "RESEND_API_KEY"),
        ("webhook secret", {"resend_webhook_secret": "not base64!"}, "fault", "RESEND_WEBHOOK"),
        ("webhook secret", {"resend_webhook_secret": KEY}, "ok", ""),
        ("webhook secret", {"resend_webhook_secret": f"{KEY}, {KEY}"}, "ok", ""),
        ("webhook secret", {"resend_webhook_secret": f"{KEY},oops"}, "fault", "RESEND_WEBHOOK"),
        ("cron secret", {"cron_secret": "short"}, "warning", "CRON_SECRET"),
        ("cron secret", {"cron_secret": "long enough to keep"}, "ok", ""),
        ("writer", {"gemini_api_key": "AIzaSecret"}, "ok", ""),
    ],
)
def test_each_key_is_looked_at(
    settings: Settings, subject: str, changes: dict[str, object], verdict: str, remedy: str
) -> None:
    finding = look(settings, **changes)[subject]
    assert finding.verdict == verdict
    assert remedy in finding.remedy
    assert bool(remedy) == bool(finding.remedy)


def test_real_sending_wants_a_real_sender_an_address_a_webhook_and_links(
    settings: Settings,
) -> None:
    real = {"allow_email_sending": True, "resend_api_key": "re_123"}
    findings = look(settings, **real)
    assert findings["sending"].verdict == "ok"
    assert findings["sender"].verdict == "fault"
    assert findings["webhook secret"].verdict == "warning"
    for subject, setting in (
        ("links", "PUBLIC_URL"),
        ("postal address", "POSTAL_ADDRESS"),
        ("answers", "EMAIL_REPLY_DOMAIN"),
    ):
        assert findings[subject].verdict == "warning"
        assert setting in findings[subject].remedy


def test_a_deployment_whose_mail_says_all_it_must_has_nothing_to_mend(settings: Settings) -> None:
    findings = look(
        settings,
        allow_email_sending=True,
        resend_api_key="re_123",
        resend_webhook_secret=KEY,
        email_from="Ada <ada@rapport.dev>",
        email_reply_domain="answers.rapport.dev",
        postal_address="1 Engine Way\nLondon",
        public_url="https://rapport.dev",
    )
    assert {f.verdict for f in findings.values()} == {"ok"}
    assert findings["postal address"].detail == "1 Engine Way, London"


def test_the_report_shows_no_secret_and_ends_with_one_on_a_fault(
    served: Path, rapport: Rapport
) -> None:
    answer = rapport(served, "doctor", RESEND_API_KEY="sk_very_secret")
    assert answer.status == 1
    assert "✗ resend key" in answer.out
    assert "very_secret" not in answer.out + answer.err


def test_the_report_of_a_sound_deployment_ends_well(served: Path, rapport: Rapport) -> None:
    assert rapport(served, "doctor").status == 0
