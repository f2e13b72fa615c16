"""Reviewing: drafts are read, and decided upon by what was read, perhaps long ago."""

from typing import Any

from runtime.desk import approvals, drafts
from runtime.mail import bindings
from runtime.models import Draft
from tests.simulator.diary import Broken
from tests.simulator.ledger import Leave
from tests.simulator.people.office import Office

_PAGE = """
    SELECT d.id, d.task_id, d.follow_up_id, d.to_address, d.subject, d.body, d.fingerprint,
           d.version, coalesce(f.step, 0) AS step
    FROM drafts d LEFT JOIN agent_followup_schedule f
      ON f.workspace_id = d.workspace_id AND f.id = d.follow_up_id
    WHERE d.status = %(status)s
"""
_SETTINGS = "SELECT settings_version FROM agents WHERE kind = 'FOLLOW_UP'"


def read_the_page(office: Office) -> None:
    """Have all open drafts before the eyes, as they are now."""
    office.page = _drafts(office, "PENDING")


def approve(office: Office) -> None:
    """Let out several of the drafts on the page, which may be an old one."""
    if not office.page or office.chance.happens(0.7):
        read_the_page(office)
    for draft in office.chance.some(office.page, 4):
        _approve(office, draft)
    office.page = office.page if office.chance.happens(0.5) else []


def approve_twice(office: Office) -> None:
    """Click twice."""
    draft = _one(office, "PENDING")
    if draft is not None and _approve(office, draft) and _approve(office, draft):
        raise Broken("A text is decided upon once.", "Both clicks counted.", _about(office, draft))


def two_decide_at_once(office: Office) -> None:
    """One lets out what another sends back, both having read the same."""
    draft = _one(office, "PENDING")
    if draft is None:
        return
    deeds = [_approve, _reject_with_feedback]
    if office.chance.happens(0.5):
        deeds.reverse()
    counted = [deed(office, draft) for deed in deeds]
    if all(counted):
        raise Broken("A text is decided upon once.", "Both decisions did.", _about(office, draft))


def edit(office: Office) -> None:
    """Write the next version by hand, also of what was let out already."""
    draft = _one(office, office.chance.pick(["PENDING", "PENDING", "APPROVED"]))
    if draft is None:
        return
    office.do(
        f"edit {_name(office, draft)}",
        drafts.edit,
        about=_about(office, draft),
        draft_id=draft.id,
        fingerprint=draft.fingerprint if office.chance.happens(0.5) else None,
        body=f"{draft.body.replace('{{first_name}}', 'you')}\n\nP.S. Edited.",
    )


def reject_with_feedback(office: Office) -> None:
    """Ask for another version."""
    draft = _one(office, "PENDING")
    if draft is not None:
        _reject_with_feedback(office, draft)


def reject(office: Office) -> None:
    """Send a draft back for good."""
    draft = _one(office, "PENDING")
    if draft is not None and office.do(
        f"reject {_name(office, draft)} for good",
        drafts.reject,
        about=_about(office, draft),
        draft_id=draft.id,
    ):
        office.ledger.cancelled[draft.follow_up_id or draft.task_id] = "rejected"


def withdraw(office: Office) -> None:
    """Take leave back."""
    draft = _one(office, "APPROVED")
    if draft is not None and office.do(
        f"withdraw {_name(office, draft)}",
        approvals.withdraw,
        about=_about(office, draft),
        draft_id=draft.id,
    ):
        office.ledger.leaves.pop(draft.id, None)
        if draft.follow_up_id is None:
            office.ledger.first_leaves.pop(draft.task_id, None)


def _approve(office: Office, draft: Any) -> bool:
    done = office.do(
        f"approve {_name(office, draft)}",
        drafts.approve,
        about=_about(office, draft),
        draft_id=draft.id,
        fingerprint=draft.fingerprint,
        acknowledge_stale=office.chance.happens(0.5),
    )
    if not done:
        return False
    version = office.eye.row(_SETTINGS).settings_version
    moment = office.ledger.moment()
    leave = Leave(moment, draft.id, draft.to_address, draft.subject, draft.body, version)
    office.ledger.leaves[draft.id] = leave
    if draft.follow_up_id is None:
        office.ledger.first_leaves[draft.task_id] = leave
    return True


def _reject_with_feedback(office: Office, draft: Any) -> bool:
    return bool(
        office.do(
            f"reject {_name(office, draft)} with feedback",
            drafts.reject,
            about=_about(office, draft),
            draft_id=draft.id,
            fingerprint=draft.fingerprint,
            feedback="Shorter, please.",
        )
    )


def _drafts(office: Office, status: str) -> list[Any]:
    rows = [_as_shown(office, row) for row in office.eye.rows(_PAGE, status=status)]
    return sorted(rows, key=lambda d: (office.errand(d.task_id).number, d.step, d.version))


def _as_shown(office: Office, row: Any) -> Any:
    """Return a draft with the fingerprint that its readers are given now."""
    with office.house.tx() as tx:
        draft = tx.get_one(Draft, (office.house.workspace_id, row.id))
        [fingerprint] = bindings.fingerprints(tx, [draft])
    return row._replace(fingerprint=fingerprint)


def _one(office: Office, status: str) -> Any | None:
    rows = _drafts(office, status)
    return office.chance.pick(rows) if rows else None


def _name(office: Office, draft: Any) -> str:
    step = f" step {draft.step}" if draft.step else ""
    return f"{office.errand(draft.task_id).name}{step} v{draft.version}"


def _about(office: Office, draft: Any) -> str:
    return office.errand(draft.task_id).reader.name
