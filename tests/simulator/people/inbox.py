"""Inbox: what readers send back, and what somebody here does about it.

Inbound mail that the product reads by itself is plugged in here.
"""

from dataclasses import dataclass

from runtime.desk import contacts
from tests.simulator.ledger import Taken
from tests.simulator.people.office import Office
from tests.simulator.people.readers import leave_alone

_MAIL = "SELECT id FROM agent_outreach_sent WHERE draft_id = %(draft)s"


@dataclass
class Inbox:
    """Somebody reads it and says at the desk what came."""

    office: Office

    def answer(self, taken: Taken) -> None:
        """Note a reply, to that mail or to none; now and then twice."""
        office, reader = self.office, taken.errand.reader
        for _ in range(2 if office.chance.happens(0.1) else 1):
            known = office.eye.row(_MAIL, draft=taken.draft_id).id
            if office.do(
                f"note a reply of {reader.name} to mail {taken.number}",
                contacts.record_reply,
                about=reader.name,
                contact_id=reader.id,
                text="Thank you, let us talk.",
                sent_email_id=known if office.chance.happens(0.5) else None,
            ):
                office.ledger.replies[reader.id] = office.ledger.moment()

    def automatic_answer(self, taken: Taken) -> None:
        """Do nothing about an out-of-office note: nobody has answered."""
        self.office.diary.note("an out-of-office note comes", taken.errand.reader.name)

    def wish_to_be_left_alone(self, taken: Taken) -> None:
        """Do as they wish."""
        leave_alone(self.office, taken.errand.reader, "They wrote: please stop.")

    def links_opened(self, taken: Taken) -> None:
        """A scanner asked for every address in the mail; none of them is one of ours yet."""
        self.office.diary.note("a scanner opens every link", taken.errand.reader.name)
