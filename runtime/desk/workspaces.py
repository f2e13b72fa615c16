"""What an owner may do with the workspace: name it, set it, stop all its mail and let it go on."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import IntegrityError

from runtime.crm import workspaces
from runtime.crm.typed_settings import merged
from runtime.crm.workspaces import WorkspaceSettings
from runtime.crm.zones import zone_name
from runtime.db import Transaction
from runtime.desk.words import one_line
from runtime.mail import breaker, replanning, waking
from runtime.models import Workspace

LONGEST_REASON = 500
_OF_THE_CALENDAR = {"country", "closures"}
"""Settings that times of follow-ups depend on."""
_OF_THE_PACE = {
    *("daily_cap", "ramp_start", "burst", "seconds_per_mail"),
    *("contact_gap_days", "contact_touches"),
    *_OF_THE_CALENDAR,  # the gap is of business days
}
"""Settings that a mail may wait for."""


def update(
    tx: Transaction,
    *,
    who: str,
    name: str | None = None,
    timezone: str | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Workspace:
    """Change the workspace's name, time zone or settings (camelCase keys).

    Another zone or calendar (country, closures) moves what is scheduled and depends on it;
    each move is recorded, and the event says how many there were.  Mails that wait for a
    limit are asked about again when it changes.
    """
    if timezone is not None or not _OF_THE_CALENDAR.isdisjoint(settings or {}):
        replanning.hold(tx)
    workspace = workspaces.here(tx, lock=True)
    new: dict[str, Any] = {}
    if name is not None:
        new["name"] = one_line(name, "name", longest=workspaces.LONGEST_NAME)
    if timezone is not None:
        new["timezone"] = zone_name(timezone)
    if settings is not None:
        asked = merged(WorkspaceSettings, workspace.settings, settings)
        # What was never set stays unsaid, so that it goes on following its default.
        if asked != merged(WorkspaceSettings, workspace.settings, {}):
            new["settings"] = asked.to_json()
    changed = [key for key, value in new.items() if value != getattr(workspace, key)]
    calendar, limits = _as_set(workspace, _OF_THE_CALENDAR), _as_set(workspace, _OF_THE_PACE)
    for key in changed:
        setattr(workspace, key, new[key])
    if changed:
        _store(tx, workspace)
        if _as_set(workspace, _OF_THE_PACE) != limits:
            waking.limits_changed(tx)
        moved = _replanned(tx, workspace, calendar, who=who)
        said = f"{who} changed the workspace's {', '.join(changed)}."
        if moved:
            said += f" {moved} scheduled follow-ups moved."
        tx.record("workspace.updated", said, actor=who, moved=moved)
    return workspace


def _replanned(tx: Transaction, workspace: Workspace, before: tuple[Any, ...], *, who: str) -> int:
    """Have what is planned follow the calendar; return how many follow-ups moved."""
    if _as_set(workspace, _OF_THE_CALENDAR) == before:
        return 0
    return replanning.replan(tx, who=who, why=f"{who} changed the workspace's calendar.")


def _as_set(workspace: Workspace, names: set[str]) -> tuple[Any, ...]:
    """Return how some things are set, with the zone, that all of them are meant in."""
    settings = WorkspaceSettings.model_validate(workspace.settings)
    return workspace.timezone, settings.model_dump(include=names)


def stop_sending(tx: Transaction, *, who: str, reason: str) -> Workspace:
    """Let no mail of this workspace through the gate; all wait, and no schedule changes.

    A mail that has passed the gate already cannot be called back.
    """
    why = one_line(reason, "reason", longest=LONGEST_REASON)
    workspace = workspaces.here(tx, lock=True)
    if (workspace.sending_stopped, workspace.sending_stopped_reason) != (True, why):
        workspace.sending_stopped, workspace.sending_stopped_reason = True, why
        tx.record("sending.stopped", f"{who} stopped all sending: {why}", actor=who, reason=why)
    return workspace


def resume_sending(tx: Transaction, *, who: str, reason: str) -> Workspace:
    """Let mail out again; what waited comes to the gate at once, and the gate decides."""
    why = one_line(reason, "reason", longest=LONGEST_REASON)
    workspace = workspaces.here(tx, lock=True)
    if workspace.sending_stopped:
        workspace.sending_stopped, workspace.sending_stopped_reason = False, None
        breaker.put_back(tx, workspace, who=who)
        knocking = waking.sending_resumed(tx)
        tx.record(
            "sending.resumed",
            f"{who} let mail out again: {why}",
            actor=who,
            reason=why,
            waiting=knocking,
        )
    return workspace


def _store(tx: Transaction, workspace: Workspace) -> None:
    name = workspace.name
    try:
        tx.flush()
    except IntegrityError as error:
        raise workspaces.name_taken(error, name) from None
