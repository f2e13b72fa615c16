"""Pages: the addresses on the web that a person listed, the only ones that are ever read."""

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa

from runtime.db import Transaction
from runtime.errors import NotFound
from runtime.models import Contact, WebPage

IN_VAIN = timedelta(days=1)
"""How long a page that could not be had is not asked for again."""


def of(tx: Transaction, contact: Contact) -> list[WebPage]:
    """Return the pages listed for a contact or for their company, the contact's own first."""
    return of_all(tx, [contact])[0]


def of_all(tx: Transaction, contacts: Sequence[Contact]) -> list[list[WebPage]]:
    """Return of each of these contacts the pages listed for them; one statement for all."""
    firms = {contact.company.lower() for contact in contacts if contact.company}
    mine = WebPage.contact_id.in_([contact.id for contact in contacts])
    rows = tx.scalars(
        sa.select(WebPage)
        .where(
            WebPage.workspace_id == tx.workspace_id,
            sa.or_(mine, sa.func.lower(WebPage.company).in_(firms)),
        )
        .order_by(WebPage.contact_id.is_(None), WebPage.id)
    ).all()
    return [[page for page in rows if _is_about(page, contact)] for contact in contacts]


def _is_about(page: WebPage, contact: Contact) -> bool:
    if page.company is None:
        return page.contact_id == contact.id
    return page.company.lower() == (contact.company or "").lower()


def unread(tx: Transaction, contact: Contact, *, fresh: timedelta, most: int) -> list[WebPage]:
    """Return the listed pages that were not read for a while, so many at most.

    Those never read come first; one that could not be had is due again after a day.
    """

    def is_due(page: WebPage) -> bool:
        rest = min(fresh, IN_VAIN) if page.error_code else fresh
        return page.read_at is None or page.read_at <= tx.now - rest

    found = filter(is_due, of(tx, contact))
    return sorted(found, key=lambda page: page.read_at is not None)[:most]


def wanted(tx: Transaction, page_id: object, *, lock: bool = True) -> WebPage:
    """Return a listed page, or raise NotFound on ``webPageId``."""
    page = tx.find(WebPage, page_id, lock=lock)
    if page is None:
        raise NotFound("There is no web page with this id here.", field="webPageId")
    return page


def host(url: str) -> str:
    """Return the host that an address names, for people to read."""
    return urlsplit(url).hostname or url
