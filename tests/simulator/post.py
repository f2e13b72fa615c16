"""Post: the provider's reports: late, twice, in another order than they were written in."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import orjson

from runtime.mail import delivery, reports
from tests.house import House
from tests.simulator.chance import Chance
from tests.simulator.diary import Broken, Diary
from tests.simulator.future import Future
from tests.simulator.ledger import Ledger, Taken

_SECONDS, _HOURS = timedelta(seconds=1), timedelta(hours=30)


@dataclass
class Post:
    """Brings what the provider has to say about mails that it took."""

    house: House
    ledger: Ledger
    diary: Diary
    chance: Chance
    future: Future
    _written: int = field(default=0, init=False)

    def report(self, taken: Taken, type_: str, delay: timedelta, **data: Any) -> None:
        """Write a report, which comes some time after ``delay``, and perhaps again later."""
        self._written += 1
        svix_id, body = f"msg_{self._written}", self._body(taken, type_, delay, data)
        copies = 3 if self.chance.happens(0.05) else 2 if self.chance.happens(0.25) else 1
        for _ in range(copies):
            slow = _HOURS if self.chance.happens(0.2) else timedelta(minutes=5)
            late = self.chance.after(_SECONDS, slow)
            self.future.add(delay + late, lambda: self._bring(taken, svix_id, body))

    def _body(self, taken: Taken, type_: str, delay: timedelta, data: dict[str, Any]) -> bytes:
        said = {
            "email_id": taken.message_id,
            "created_at": taken.at.isoformat(),
            "to": [taken.mail.to],
            "tags": dict(taken.mail.tags),
        }
        at = taken.at + delay
        return orjson.dumps({"type": type_, "created_at": at.isoformat(), "data": said | data})

    def _bring(self, taken: Taken, svix_id: str, body: bytes) -> None:
        told, reader = reports.read(body), taken.errand.reader
        again = " again" if svix_id in self.ledger.reports else ""
        kind = f" ({told.bounce})" if told.bounce else ""
        self.diary.note(f"report{again}: {told.type}{kind} on mail {taken.number}", reader.name)
        known = self.house.db.run(
            self.house.workspace_id, lambda tx: delivery.take(tx, svix_id, told)
        )
        if not known:
            raise Broken("A report finds its mail.", told.type, reader.name)
        self.ledger.reports.add(svix_id)
        # Told again, it says nothing new; whom people may write to since, they decided.
        if not again and (told.type == "email.complained" or told.bounce == "Permanent"):
            self.ledger.stop(reader, told.type)
