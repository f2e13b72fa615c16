"""Mailers around another one: a test changes the one step that it is about."""

from collections.abc import Mapping, Sequence
from typing import Any

from runtime.errors import Reject
from scheduler.integrations import Accepted, Found, Mail, Mailer, Sought


class Around:
    """Does what the mailer inside does."""

    def __init__(self, inside: Mailer) -> None:
        self.transport = inside.transport
        self.inside = inside

    def send(self, mail: Mail) -> Accepted:
        return self.inside.send(mail)

    def message_id(self, provider_message_id: str) -> str | None:
        return self.inside.message_id(provider_message_id)

    def find(self, sought: Sought) -> tuple[Found, ...]:
        return self.inside.find(sought)

    def arrived(self) -> Sequence[str]:
        return self.inside.arrived()

    def fetch(self, email_id: str) -> Mapping[str, Any]:
        return self.inside.fetch(email_id)


class Unlisted(Around):
    """Shows nobody which mails it has: what is in doubt stays so until a person looks."""

    def find(self, sought: Sought) -> tuple[Found, ...]:  # noqa: ARG002 - a mailer's signature
        raise Reject("There is no list.")
