"""What a person may do about research: list a page, take one off, take a fact away."""

import uuid
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from runtime.crm import contacts, erased
from runtime.crm.research import facts, pages
from runtime.db import Transaction
from runtime.desk.words import one_line
from runtime.errors import Conflict, Refused
from runtime.models import Contact, Fact, WebPage, new_id

LONGEST_URL = 2_000
LONGEST_COMPANY = 200


def add_page(
    tx: Transaction,
    *,
    who: str,
    url: str,
    contact_id: uuid.UUID | None = None,
    company: str | None = None,
) -> WebPage:
    """List a page for a contact, or for everybody of a company; it is read when it is needed."""
    if (contact_id is None) == (company is None):
        raise Refused("Name a contact or a company that the page is about.", field="contactId")
    contact = contacts.wanted(tx, contact_id, lock=True) if contact_id else None
    if contact is not None:
        erased.refuse_contact(contact)
    page = tx.scalars(
        insert(WebPage)
        .values(
            workspace_id=tx.workspace_id,
            id=new_id(),
            contact_id=contact_id,
            company=one_line(company, "company", longest=LONGEST_COMPANY) if company else None,
            url=_address(url),
            added_by=who,
            created_at=tx.now,
        )
        .on_conflict_do_nothing()
        .returning(WebPage)
    ).one_or_none()
    if page is None:
        raise Refused("This page is listed already.", code="PAGE_LISTED", field="url")
    tx.record(
        "page.listed",
        f"{who} listed a page of {pages.host(page.url)} for {_whom(contact, page)}.",
        actor=who,
        contact=contact,
        web_page_id=page.id,
    )
    return page


def remove_page(tx: Transaction, *, who: str, page_id: uuid.UUID) -> WebPage:
    """Take a page off the list, and with it all that was found there."""
    page = pages.wanted(tx, page_id)
    gone = facts.withdraw_of(tx, page.id, by=who)
    tx.record(
        "page.removed",
        f"{who} took a page of {pages.host(page.url)} off the list; {gone} facts went with it.",
        actor=who,
        contact=page.contact_id,
        web_page_id=page.id,
    )
    tx.execute(
        sa.delete(WebPage).where(WebPage.workspace_id == tx.workspace_id, WebPage.id == page.id)
    )
    return page


def withdraw_fact(tx: Transaction, *, who: str, fact_id: uuid.UUID) -> Fact:
    """Take a fact away for good: it is not found again, and no later draft rests on it."""
    fact = facts.wanted(tx, fact_id)
    if fact.withdrawn_at is not None:
        raise Conflict("This fact was withdrawn already; nothing was changed.", field="factId")
    fact.withdrawn_at, fact.withdrawn_by = tx.now, who
    tx.record(
        "fact.withdrawn",
        f"{who} took a fact away.",
        actor=who,
        contact=fact.contact_id,
        fact_id=fact.id,
    )
    return fact


def _whom(contact: Contact | None, page: WebPage) -> str:
    return contact.name if contact else f"everybody at {page.company}"


def _address(url: str) -> str:
    """Return a web address that may be worth asking; whether it may be asked is seen then."""
    text = one_line(url, "url", longest=LONGEST_URL)
    try:
        parts = urlsplit(text)
        odd = parts.username is not None or "." not in (parts.hostname or "")
    except ValueError:
        raise _malformed() from None
    if parts.scheme not in ("http", "https") or odd or " " in text:
        raise _malformed()
    return text


def _malformed() -> Refused:
    return Refused(
        "Give the whole address of a public page, such as https://example.com/about.",
        code="MALFORMED",
        field="url",
    )
