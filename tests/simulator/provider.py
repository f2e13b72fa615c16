"""Provider: takes mail as Resend does, and what it took is the truth about what left.

It keeps a key for 24 hours: the same key with the same content is one mail, with other
content an error, and after a day the key is as good as new.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from runtime.clock import FakeClock
from runtime.errors import Reject, Retry, Unknown
from scheduler.integrations import Accepted, Found, Mail, Sought
from tests.simulator.diary import Diary
from tests.simulator.hand import current
from tests.simulator.ledger import Ledger, Taken
from tests.simulator.weather import LIST_FATES, SEND_FATES, Bug, Weather

KEY_LIVES = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class _Known:
    content: str
    message_id: str
    at: datetime


class Provider:
    """A mailer in this process; ``on_taken`` hears of each mail that it accepts."""

    transport = "resend"

    def __init__(
        self,
        clock: FakeClock,
        ledger: Ledger,
        weather: Weather,
        diary: Diary,
        on_taken: Callable[[Taken], None],
    ) -> None:
        self._clock, self._ledger, self._weather = clock, ledger, weather
        self._diary, self._on_taken = diary, on_taken
        self._keys: dict[str, _Known] = {}

    def send(self, mail: Mail) -> Accepted:
        """Take a mail, or do what providers do."""
        about = self._ledger.errands[uuid.UUID(mail.tags["task"])].reader.name
        self._rest("the provider's door", about)
        fate = self._weather.fate(SEND_FATES, about)
        _refuse(fate)
        message_id = self._take(mail, about)
        self._rest("the provider's answer", about)
        if fate == "the answer got lost":
            raise Unknown("The answer got lost.")
        if fate == "the SDK broke":
            raise Bug("The SDK broke.")
        return Accepted(message_id)

    def message_id(self, provider_message_id: str) -> str | None:
        """Say under which Message-ID a mail that was taken went out."""
        return f"<{provider_message_id}@mail.example.net>"

    def find(self, sought: Sought) -> tuple[Found, ...]:
        """Show what was taken of a mail; now and then the list cannot be read."""
        about = self._ledger.errands[uuid.UUID(sought.tags["task"])].reader.name
        self._rest("the provider's list", about)
        match self._weather.fate(LIST_FATES, about):
            case "the list could not be read":
                raise Retry("It cannot be reached.", code="MAIL_UNREACHABLE")
            case "the list is closed":
                raise Reject("This key may not read it.", code="MAIL_LIST_CLOSED")
        return tuple(
            Found(taken.message_id, certain=True, at=taken.at)
            for taken in self._ledger.taken
            if str(taken.draft_id) == sought.tags["draft"]
        )

    def arrived(self) -> Sequence[str]:
        """Announce nothing: who answers here is heard of at the desk."""
        return ()

    def fetch(self, email_id: str) -> Mapping[str, Any]:
        """Have no such mail."""
        raise Reject(f"There is no mail {email_id}.")

    def _rest(self, where: str, about: str) -> None:
        if (hand := current()) is not None:
            self._weather.at_rest(hand, where, about)

    def _take(self, mail: Mail, about: str) -> str:
        content = repr(
            (mail.sender, mail.to, mail.subject, mail.text, sorted(mail.headers.items()))
        )
        known = self._keys.get(mail.idempotency_key)
        if known is not None and self._clock.now - known.at < KEY_LIVES:
            self._diary.note("the provider knows this key already", about)
            if known.content != content:
                raise Reject("Other content under this key.", code="IDEMPOTENCY_KEY_REUSED")
            return known.message_id
        taken = self._accept(mail)
        self._keys[mail.idempotency_key] = _Known(content, taken.message_id, taken.at)
        return taken.message_id

    def _accept(self, mail: Mail) -> Taken:
        taken = Taken(
            number=len(self._ledger.taken) + 1,
            mail=mail,
            at=self._clock.now,
            draft_id=uuid.UUID(mail.tags["draft"]),
            errand=self._ledger.errands[uuid.UUID(mail.tags["task"])],
        )
        self._ledger.taken.append(taken)
        self._diary.note(f"MAIL to {taken.errand.name}: {mail.subject}", taken.errand.reader.name)
        self._on_taken(taken)
        return taken


def _refuse(fate: str) -> None:
    match fate:
        case "the provider failed":
            raise Unknown("It failed, and took nothing.")
        case "the provider could not be reached":
            raise Retry("It cannot be reached.", code="MAIL_UNREACHABLE")
        case "the provider was busy":
            raise Retry("Too many requests.", code="MAIL_RATE_LIMITED", after=2)
        case "the quota was spent":
            raise Retry("The day's quota is spent.", code="MAIL_DAILY_QUOTA", after=6 * 3600)
        case "the provider refused":
            raise Reject("It refuses this mail.", code="MAIL_REFUSED")
