"""Escalated: what waits for a person is seen to, truthfully."""

from typing import Any

from runtime.desk import escalations, messages
from runtime.desk.escalations import EscalationAction
from tests.simulator.people.office import Office

_OPEN = """
    SELECT e.id, e.kind, e.task_id, s.draft_id, e.created_at
    FROM escalations e LEFT JOIN agent_outreach_sent s
      ON s.workspace_id = e.workspace_id AND s.id = e.sent_email_id
    WHERE e.resolved_at IS NULL AND e.task_id IS NOT NULL
"""
_DEAD = "SELECT id, task_id, type FROM messages WHERE status = 'DEAD' ORDER BY id"


def resolve(office: Office) -> None:
    """Settle one escalation."""
    rows = sorted(
        office.eye.rows(_OPEN),
        key=lambda row: (office.errand(row.task_id).number, row.kind, row.created_at),
    )
    escalation = office.chance.pick(rows) if rows else None
    if escalation is None or (action := _action(office, escalation)) is None:
        return
    errand = office.errand(escalation.task_id)
    done = office.do(
        f"settle {escalation.kind} of {errand.name}: {action}",
        escalations.resolve,
        about=errand.reader.name,
        escalation_id=escalation.id,
        action=action,
        steps=office.chance.between(1, 2) if action is EscalationAction.EXTEND else None,
    )
    if done and action is EscalationAction.EXTEND:
        office.ledger.extensions[escalation.task_id] += 1


def replay(office: Office) -> None:
    """Have a dead letter tried again."""
    letter = office.one(office.eye.rows(_DEAD))
    if letter is not None:
        errand = office.errand(letter.task_id)
        what = f"replay {letter.type} of {errand.name}"
        office.do(what, messages.replay, about=errand.reader.name, message_id=letter.id)


def _action(office: Office, escalation: Any) -> EscalationAction | None:
    if escalation.kind == "NO_ANSWER":
        return office.chance.pick([EscalationAction.CLOSE, EscalationAction.EXTEND])
    if escalation.kind != "OUTCOME_UNKNOWN":
        return EscalationAction.CLOSE
    if any(hand.claimed.task_id == escalation.task_id for hand in office.hands):
        return None  # it may still be on its way
    left = office.ledger.by_draft().get(escalation.draft_id)
    return EscalationAction.SENT if left else EscalationAction.NOT_SENT
