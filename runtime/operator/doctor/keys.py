"""Keys: what the environment allows, and whether its secrets have the shape they should have.

No secret is shown and no provider is called.
"""

from collections.abc import Iterator

from runtime.operator.doctor.finding import Finding, Verdict
from runtime.settings import Settings
from runtime.signatures import signing_keys

_SHORTEST_SECRET = 16
_SAMPLE_SENDER = "@example.com"


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at sending, what a mail says of us, writer, the two secrets and the links in mails."""
    yield _sending(settings)
    yield _resend_key(settings)
    yield _sender(settings)
    yield _postal_address(settings)
    yield _answers(settings)
    yield _writer(settings)
    yield _webhook_secret(settings)
    yield _cron_secret(settings)
    yield _links(settings)


def _sending(settings: Settings) -> Finding:
    match settings.email_sending, settings.allow_email_sending:
        case "SANDBOX", True:
            remedy = "set RESEND_API_KEY, or unset ALLOW_EMAIL_SENDING"
            return Finding("sending", "warning", "allowed, but there is no key: sandbox", remedy)
        case "BLOCKED", _:
            remedy = "set ALLOW_EMAIL_SENDING=true when mail should go out"
            return Finding("sending", "ok", "a key is set; approved mail is held", remedy)
        case "ENABLED", _:
            return Finding("sending", "ok", "real mail goes out through Resend")
    return Finding("sending", "ok", "sandbox: nothing leaves this machine")


def _resend_key(settings: Settings) -> Finding:
    key = settings.resend_api_key
    if key and not key.get_secret_value().startswith("re_"):
        remedy = "copy RESEND_API_KEY again; one of Resend's begins with re_"
        return Finding("resend key", "fault", "is no key of Resend's", remedy)
    return Finding("resend key", "ok", "set" if key else "not set: the transport is the sandbox")


def _sender(settings: Settings) -> Finding:
    real = settings.email_sending == "ENABLED"
    if real and _SAMPLE_SENDER in settings.email_from:
        remedy = "set EMAIL_FROM to an address of a domain verified at Resend"
        return Finding("sender", "fault", f"EMAIL_FROM is {settings.email_from}", remedy)
    return Finding("sender", "ok", settings.email_from)


def _postal_address(settings: Settings) -> Finding:
    if settings.postal_address:
        return Finding("postal address", "ok", ", ".join(settings.postal_address.splitlines()))
    if settings.email_sending == "ENABLED":
        remedy = "set POSTAL_ADDRESS: the law of many countries wants it in the footer"
        return Finding("postal address", "warning", "not set", remedy)
    return Finding("postal address", "ok", "not set: no mail leaves yet that needs one")


def _answers(settings: Settings) -> Finding:
    if domain := settings.email_reply_domain:
        return Finding("answers", "ok", f"come to an address of each mail's own at {domain}")
    to = settings.email_reply_to or settings.email_from
    if settings.email_sending == "ENABLED":
        remedy = "set EMAIL_REPLY_DOMAIN to a domain at which Resend receives"
        detail = f"go to {to}, where Rapport does not see them"
        return Finding("answers", "warning", detail, remedy)
    return Finding("answers", "ok", f"go to {to}")


def _writer(settings: Settings) -> Finding:
    remedy = "" if settings.gemini_api_key else "set GEMINI_API_KEY to have Gemini write"
    return Finding("writer", "ok", settings.writer, remedy)


def _webhook_secret(settings: Settings) -> Finding:
    secret = settings.resend_webhook_secret
    if secret is None:
        needed = settings.email_sending == "ENABLED"
        remedy = "set RESEND_WEBHOOK_SECRET, or bounces and complaints stay unknown"
        verdict: Verdict = "warning" if needed else "ok"
        return Finding("webhook secret", verdict, "not set", remedy if needed else "")
    keys = signing_keys(secret.get_secret_value())
    if not keys or None in keys:
        remedy = "copy RESEND_WEBHOOK_SECRET again; it is whsec_ and base64"
        return Finding("webhook secret", "fault", "is no signing secret", remedy)
    return Finding("webhook secret", "ok", "set")


def _cron_secret(settings: Settings) -> Finding:
    secret = settings.cron_secret
    if secret is None:
        return Finding("cron secret", "ok", "not set: the cron endpoint is off")
    if len(secret.get_secret_value()) < _SHORTEST_SECRET:
        remedy = f"give CRON_SECRET {_SHORTEST_SECRET} characters or more"
        return Finding("cron secret", "warning", "is short enough to be guessed", remedy)
    return Finding("cron secret", "ok", "set")


def _links(settings: Settings) -> Finding:
    if settings.public_url is None and settings.email_sending == "ENABLED":
        remedy = "set PUBLIC_URL to the address under which people reach this server"
        detail = "mails have no unsubscribe link; their readers are asked to answer"
        return Finding("links", "warning", detail, remedy)
    return Finding("links", "ok", settings.public_url or "PUBLIC_URL is not set")
