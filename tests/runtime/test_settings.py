"""Settings: a wrong one is one line that names the variable and shows nothing of its value."""

import pytest

from runtime.settings import SettingsError, load


@pytest.mark.parametrize(
    ("variable", "value", "why"),
    [
        ("DATABASE_URL", "mysql://x", "must start with postgresql://"),
        ("DATABASE_URL", "postgresql://a:se/cret@h:5432/d", "malformed port"),
        ("REDIS_URL", "http://x", "must start with redis://"),
        ("RESEND_API_URL", "ftp://x", "must start with http"),
        ("EMAIL_REPLY_DOMAIN", "a@answers.test", "must be a domain"),
        ("EMAIL_REPLY_DOMAIN", "localhost", "must be a domain"),
        ("EMAIL_REPLY_DOMAIN", "https://answers.test/", "must be a domain"),
        ("EMAIL_REPLY_DOMAIN", f"{'a.' * 90}test", "must be a domain"),
        ("EMAIL_FROM", "nobody", "must be one address"),
        ("EMAIL_FROM", "a@house.test, b@house.test", "must be one address"),
        ("EMAIL_FROM", "Ada\r\nBcc: b@house.test <a@house.test>", "a line break"),
        ("EMAIL_FROM", "\u202eadA <a@house.test>", "the direction of the words"),
        ("EMAIL_REPLY_TO", "=?utf-8?q?x?= <a@house.test>", "an encoded word"),
        ("POSTAL_ADDRESS", "1 Engine Way\u200b", "an invisible character"),
        ("PUBLIC_URL", "https://house.test/>,<x", "a plain web address"),
        ("PUBLIC_URL", "house.test", "must start with http"),
        ("VAPID_PRIVATE_KEY", "secret", "43 characters of base64url"),
        ("VAPID_PRIVATE_KEY", "_" * 43, "a private key of P-256"),
        ("VAPID_PRIVATE_KEY", "A" * 43, "a private key of P-256"),
        ("PUSH_HOSTS", "https://push.house.test/", "must be names of hosts"),
        ("PUSH_HOSTS", "push.house.test, 10.0.0.1", "must be names of hosts"),
        ("PUSH_HOSTS", "localhost", "must be names of hosts"),
        ("PUSH_HOSTS", "*.org", "must be names of hosts"),
        ("WORKER_CALLS", "many", "integer"),
        ("LOG_FORMAT", "xml", "'console' or 'json'"),
    ],
)
def test_a_wrong_value_is_named_and_not_shown(
    variable: str, value: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)

    with pytest.raises(SettingsError) as wrong:
        load()

    said = str(wrong.value)
    assert variable in said
    assert why in said
    assert value not in said
    assert "cret" not in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("key", "allowed", "sending", "transport"),
    [
        (None, "false", "SANDBOX", "sandbox"),
        (None, "true", "SANDBOX", "sandbox"),
        ("re_1234567890", "false", "BLOCKED", "resend"),
        ("re_1234567890", "perhaps", "BLOCKED", "resend"),
        ("re_1234567890", "1", "BLOCKED", "resend"),
        ("re_1234567890", "TRUE", "BLOCKED", "resend"),
        ("re_1234567890", "true", "ENABLED", "resend"),
    ],
)
def test_real_mail_takes_a_key_and_the_word(
    key: str | None,
    allowed: str,
    sending: str,
    transport: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ALLOW_EMAIL_SENDING", allowed)
    monkeypatch.delenv("RESEND_API_KEY", raising=False)
    if key:
        monkeypatch.setenv("RESEND_API_KEY", key)

    settings = load()

    assert (settings.email_sending, settings.transport) == (sending, transport)
    assert "re_1234567890" not in repr(settings)


def test_what_stands_in_mails_is_brought_into_form() -> None:
    settings = load(
        email_reply_domain="Answers.House.test",
        email_from='"Rapport, Inc." <ada@house.test>',
        postal_address="House Ltd\n\n  1 Engine  Way \r\nLondon",
        public_url="https://house.test/",
    )

    assert settings.email_reply_domain == "answers.house.test"
    assert settings.email_from == '"Rapport, Inc." <ada@house.test>'
    assert settings.postal_address == "House Ltd\n1 Engine Way\nLondon"
    assert settings.public_url == "https://house.test"
