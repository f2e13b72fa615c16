"""Whereabouts: the time zone and the calendar that a reader lives by, and where each is from."""

from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from runtime.crm import calendars
from runtime.crm.calendars import Calendar
from runtime.crm.workspaces import WorkspaceSettings
from runtime.crm.zones import zone
from runtime.models import Contact, Workspace


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A reader's zone and calendar.  ``zone_source``: whose zone it is."""

    zone: ZoneInfo
    zone_source: Literal["contact", "workspace"]
    calendar: Calendar


def of(contact: Contact, workspace: Workspace) -> Whereabouts:
    """Return where a contact lives: its own zone and country, else the workspace's."""
    return at(contact.timezone, contact.country, workspace)


def at(timezone: str | None, country: str | None, workspace: Workspace) -> Whereabouts:
    """Return the same of a contact of whom only these two are at hand."""
    return Whereabouts(
        zone(timezone, workspace.timezone),
        "contact" if timezone else "workspace",
        _calendar(country, WorkspaceSettings.model_validate(workspace.settings)),
    )


def here(workspace: Workspace) -> Whereabouts:
    """Return the workspace's own zone and calendar."""
    return at(None, None, workspace)


def _calendar(country: str | None, settings: WorkspaceSettings) -> Calendar:
    closures = settings.closed()
    if country:
        if calendars.has_calendar(country):
            return Calendar(country, f"{country}, the contact's country", closures)
        return Calendar(None, f"no calendar of {country} is known: weekends only", closures)
    if settings.country:
        return Calendar(settings.country, f"{settings.country}, the workspace's country", closures)
    return Calendar(closures=closures)
