"""Readers, as the desk sees them: somebody is to be written to, or to be left alone."""

from runtime.crm.enrolment import IfEnrolled
from runtime.desk import contacts, suppressions, tasks
from runtime.models import AgentKind, Contact, Priority, Task
from tests.simulator.ledger import Errand, Reader
from tests.simulator.people.office import Office

_LIST = """
    SELECT s.id, c.id AS contact_id FROM suppressions s JOIN contacts c
      ON c.workspace_id = s.workspace_id AND c.email = s.email
"""
_OVER = """
    SELECT id FROM tasks WHERE contact_id = %(contact)s AND status = 'CANCELLED'
"""
_BESIDE_OTHERS = {IfEnrolled.QUEUE_AFTER: 3.0, IfEnrolled.REPLACE: 2.0, IfEnrolled.REFUSE: 1.0}


def assign(office: Office) -> None:
    """Give the outreach agent one more task, about somebody who may have one already."""
    give_task(office, office.chance.pick(list(office.ledger.readers.values())))


def give_task(office: Office, reader: Reader) -> None:
    """Have this reader written to."""
    number = len(office.ledger.errands) + 1
    task: Task | None = office.do(
        f"assign T{number}: write to {reader.name}, who {reader.persona}",
        tasks.assign,
        about=reader.name,
        agent_id=office.agents[AgentKind.OUTREACH],
        contact_id=reader.id,
        instruction=f"Invite them to pilot {number}.",
        priority=office.chance.pick(list(Priority)),
        if_enrolled=office.chance.weighed(_BESIDE_OTHERS),
    )
    if task is not None:
        moment = office.ledger.moment()
        office.ledger.errands[task.id] = Errand(number, task.id, reader, moment)
        for row in office.eye.rows(_OVER, contact=reader.id):
            office.ledger.cancelled.setdefault(row.id, "replaced")


def suppress(office: Office) -> None:
    """Leave somebody alone."""
    reader = office.chance.pick(list(office.ledger.readers.values()))
    leave_alone(office, reader, "They called us.")


def leave_alone(office: Office, reader: Reader, reason: str) -> None:
    """Have nothing more go to this reader."""
    done: Contact | None = office.do(
        f"leave {reader.name} alone",
        contacts.suppress,
        about=reader.name,
        contact_id=reader.id,
        reason=reason,
    )
    if done is not None:
        office.ledger.stop(reader, f"suppressed: {reason}")


def remove_suppression(office: Office) -> None:
    """Take somebody off the list."""
    rows = sorted(
        office.eye.rows(_LIST), key=lambda row: office.ledger.readers[row.contact_id].number
    )
    if not rows:
        return
    entry = office.chance.pick(rows)
    reader = office.ledger.readers[entry.contact_id]
    if office.do(
        f"take {reader.name} off the list",
        suppressions.remove,
        about=reader.name,
        suppression_id=entry.id,
        reason="They asked us to write.",
    ):
        office.ledger.stops.pop(reader.id, None)
