"""Settings: what the environment says, read once.

One frozen object, made at the edge by ``load()`` and handed down; nobody else
reads the environment.  Names are those of the environment variables in lower
case, so that an error names the variable a person has to change.
"""

import base64
import binascii
import re
from email.utils import getaddresses
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from runtime import headers

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")
_LONGEST_DOMAIN = 180
"""Characters; a sealed local part and the @ have to fit before it."""
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""How many points the curve P-256 has; a private key is a number below it."""


class SettingsError(ValueError):
    """A setting is missing or malformed; the text is one line that names the variable."""


def _with_a_port_that_is_one(value: str) -> str:
    try:
        urlsplit(value).port  # noqa: B018 - reading it is the check
    except ValueError:
        # The library's own words would show what stands there, which may be half a password.
        raise ValueError(
            "has a malformed port; a / or # in the password is written %2F, %23"
        ) from None
    return value


def _a_postgres_url(value: str) -> str:
    if not value.startswith(("postgresql://", "postgres://")):
        raise ValueError("must start with postgresql://")
    return _with_a_port_that_is_one(value)


def _a_redis_url(value: str) -> str:
    if not value.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("must start with redis://, rediss:// or unix://")
    return _with_a_port_that_is_one(value)


def _a_web_address(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("must start with http:// or https://")
    return value.rstrip("/")


def _a_public_address(value: str) -> str:
    # It is put into a mail's head between < and >, where a comma begins the next address.
    if not re.fullmatch(r"[!-~]+", value) or re.search(r"[<>,\"\\?#]", value):
        raise ValueError("must be a plain web address, without blanks, commas, ? or #")
    return _a_web_address(value)


def _a_domain(value: str) -> str:
    if len(value) > _LONGEST_DOMAIN or not _DOMAIN.fullmatch(value):
        raise ValueError("must be a domain alone, such as answers.example.com")
    return value.lower()


def _one_mailbox(value: str) -> str:
    if wrong := headers.fault(value):
        raise ValueError(wrong)
    found = [address for _, address in getaddresses([value])]
    if len(found) != 1 or not re.fullmatch(r"[^@\s]+@[^@\s]+", found[0]):
        raise ValueError("must be one address, such as Name <name@example.com>")
    return value


def _lines_of_print(value: str) -> str:
    """Return the lines without blank ones among them, as nothing but a blank line ends a footer."""
    lines = [line for raw in value.splitlines() if (line := " ".join(raw.split()))]
    if wrong := next(filter(None, map(headers.fault, lines)), None):
        raise ValueError(wrong)
    return "\n".join(lines)


def _the_word_itself(value: object) -> bool:
    """Return whether this is ``true`` and nothing like it: what is not plainly said is not sent."""
    return value is True or value == "true"


def _a_private_key(value: SecretStr) -> SecretStr:
    try:
        text = value.get_secret_value().strip().rstrip("=")
        raw = base64.b64decode(f"{text}=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != 32 or not 0 < int.from_bytes(raw) < _ORDER:
        raise ValueError("must be a private key of P-256 as 43 characters of base64url")
    return SecretStr(text)


def _hosts(value: str) -> str:
    names = [name.strip().lower() for name in value.split(",")]
    if not all(_DOMAIN.fullmatch(name.removeprefix("*.")) for name in names) or any(
        name.rpartition(".")[2].isdecimal() for name in names
    ):
        raise ValueError("must be names of hosts with commas between them; *.example.com is many")
    return ",".join(names)


PostgresUrl = Annotated[str, AfterValidator(_a_postgres_url)]
RedisUrl = Annotated[str, AfterValidator(_a_redis_url)]
WebAddress = Annotated[str, AfterValidator(_a_web_address)]
PublicAddress = Annotated[str, AfterValidator(_a_public_address)]
Domain = Annotated[str, AfterValidator(_a_domain)]
Mailbox = Annotated[str, AfterValidator(_one_mailbox)]
PrivateKey = Annotated[SecretStr, AfterValidator(_a_private_key)]
Hosts = Annotated[str, AfterValidator(_hosts)]
Lines = Annotated[str, AfterValidator(_lines_of_print)]


class Settings(BaseSettings):
    """The deployment's settings; contract/operations has the meaning of each variable."""

    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True, extra="ignore")

    database_url: PostgresUrl | None = None
    database_owner_url: PostgresUrl | None = None
    redis_url: RedisUrl | None = None

    allow_email_sending: Annotated[bool, BeforeValidator(_the_word_itself)] = False
    resend_api_key: SecretStr | None = None
    resend_api_url: WebAddress = "https://api.resend.com"
    resend_webhook_secret: SecretStr | None = None
    email_from: Mailbox = "Rapport <rapport@example.com>"
    email_reply_to: Mailbox | None = None
    email_reply_domain: Domain | None = None
    """Where Resend receives: each mail then has a reply address of its own there."""
    postal_address: Lines | None = None
    public_url: PublicAddress | None = None

    gemini_api_key: SecretStr | None = None
    gemini_model: str = "gemini-3.6-flash"
    gemini_api_endpoint: WebAddress | None = None

    cron_secret: SecretStr | None = None

    vapid_private_key: PrivateKey | None = None
    """Signs browser notifications; without it a key of the data directory does."""
    push_hosts: Hosts | None = None
    """Push services beside the known ones."""

    rapport_data_dir: Path = Path(".rapport")
    log_format: Literal["console", "json"] = "console"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    worker_calls: int = Field(default=50, ge=1, le=500)
    """Outside calls that one worker process keeps in flight."""
    lease_seconds: float = Field(default=15.0, ge=1)
    """How long a silent worker may hold an outbox entry; a live one renews it in time."""
    retry_base_seconds: float = Field(default=1.0, gt=0)
    """First step of the exponential back-off of outside calls."""
    active_agents: int = Field(default=32, ge=1, le=1000)
    """Actors alive at once in one agents process; the others wait their turn as rows."""

    @property
    def email_sending(self) -> Literal["BLOCKED", "SANDBOX", "ENABLED"]:
        """What happens to an approved e-mail: held, delivered into the sandbox, or really sent."""
        if self.resend_api_key is None:
            return "SANDBOX"
        return "ENABLED" if self.allow_email_sending else "BLOCKED"

    @property
    def transport(self) -> Literal["resend", "sandbox"]:
        """Which mailer an e-mail leaves by, were it let out."""
        return "sandbox" if self.resend_api_key is None else "resend"

    @property
    def writer(self) -> str:
        """Who writes: ``gemini:<model>`` with a key, else ``template``."""
        return f"gemini:{self.gemini_model}" if self.gemini_api_key else "template"


def load(**overrides: object) -> Settings:
    """Read the environment; ``overrides`` win over it.

    Raises SettingsError with one line that names each variable at fault and never shows its value.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        faults = "; ".join(
            f"{str(fault['loc'][0]).upper()}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors(include_url=False, include_input=False)
        )
        raise SettingsError(faults) from None
