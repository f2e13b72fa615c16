"""Addresses: what is open on each page when its picture is taken."""

import re

from graphql_api import ids
from runtime.models import Contact, FollowUp, FollowUpStatus
from tests.house import House
from tests.web.chromium import WEB
from tests.web.pictures import cast
from tests.web.pictures.morning import task_of

FOLDER = WEB.parent / "docs/screenshots"
PAGES = re.findall(r'path: "/([^"]*)",\s+name: "', (WEB / "src/pages.ts").read_text())

NARROW = "today-narrow"
"""What the picture of the first page on a phone is called."""


def name_of(path: str) -> str:
    """Return what a page's pictures are called."""
    return path or "today"


def of(house: House) -> dict[str, str]:
    """Return the address of each picture by its name: every page, and one contact's own."""
    return {name_of(path): f"/{path}" for path in PAGES} | _open(house)


def _open(house: House) -> dict[str, str]:
    [ines] = house.all(Contact, Contact.email == cast.INES)
    henrik = task_of(house, cast.HENRIK)
    draft = house.draft(task_of(house, cast.HELENE))
    step = house.all(FollowUp, FollowUp.status == FollowUpStatus.AWAITING_APPROVAL)[0]
    return {
        "today": f"/?draft={ids.encode('Draft', draft.id)}",
        "conversations": f"/conversations/{ids.encode('Task', henrik.id)}?events=off",
        "follow-ups": f"/follow-ups?open={ids.encode('FollowUp', step.id)}",
        "agents": "/agents/outreach",
        "contact": f"/contacts/{ids.encode('Contact', ines.id)}",
    }
