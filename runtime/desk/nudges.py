"""Nudges: the browsers that a person wants to be told in, and of what.  Nobody sees another's."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from runtime import events
from runtime.crm.workspaces import here
from runtime.crm.zones import zone_name
from runtime.db import Transaction
from runtime.desk.words import optional
from runtime.errors import NotFound, Refused
from runtime.models import PushKind, PushSubscription, new_id
from runtime.push import endpoints, quiet, rounds

MOST = 20
"""Browsers of one person."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose it is: the person, and the token that they are here with."""

    person_id: uuid.UUID
    token_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Browser:
    """What a browser says of itself: where it is reached, and how to encrypt for it."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody wants to be told of, and when not (two times of day, or None)."""

    kinds: Sequence[PushKind]
    quiet_hours: tuple[str, str] | None = None
    timezone: str | None = None
    label: str | None = None


def subscribe(
    tx: Transaction,
    owner: Owner,
    browser: Browser,
    wishes: Wishes,
    *,
    server_key: str,
    check: endpoints.Check,
) -> PushSubscription:
    """Tell this browser from now on; a second time renews it, with these wishes.

    A browser is whose it was last: who signs in there after somebody else takes it over.
    """
    check(browser.endpoint)
    endpoints.refuse_malformed_keys(browser.p256dh, browser.auth)
    given = _wished(tx, wishes)
    _one_at_a_time(tx, browser.endpoint)
    row = _at(tx, browser.endpoint, lock=True)
    if row is None or row.person_id != owner.person_id:
        _refuse_more(tx, owner)
        if row is not None:
            tx.delete(row)
            tx.flush()
        row = _new(tx, browser)
    row.person_id, row.token_id = owner.person_id, owner.token_id
    row.p256dh, row.auth, row.server_key = browser.p256dh, browser.auth, server_key
    row.last_error, row.refusals = None, 0
    _change(tx, row, given)
    tx.flush()
    return row


def update(
    tx: Transaction, owner: Owner, subscription_id: uuid.UUID, changes: dict[str, Any]
) -> PushSubscription:
    """Change the wishes: ``kinds``, ``quiet_hours``, ``timezone``, ``label``; others stay."""
    row = wanted(tx, owner, subscription_id)
    hours = (row.quiet_start, row.quiet_end)
    present = {
        "kinds": [PushKind(kind) for kind in row.kinds],
        "quiet_hours": hours if row.quiet_start else None,
        "timezone": row.timezone,
        "label": row.label,
    }
    row.token_id = owner.token_id
    _change(tx, row, _wished(tx, Wishes(**(present | changes))))
    return row


def move(
    tx: Transaction,
    owner: Owner,
    subscription_id: uuid.UUID,
    browser: Browser,
    *,
    check: endpoints.Check,
) -> PushSubscription:
    """Reach one of a person's browsers elsewhere: its push service gave it another address.

    Whose notifications it takes stays.  What is just being told to the old address is over,
    however that ends.
    """
    check(browser.endpoint)
    endpoints.refuse_malformed_keys(browser.p256dh, browser.auth)
    _one_at_a_time(tx, browser.endpoint)
    row = wanted(tx, owner, subscription_id)
    there = _at(tx, browser.endpoint, lock=True)
    if there is not None and there.id != row.id:
        tx.delete(there)
        tx.flush()
    if row.telling_to is not None:
        rounds.passed(row, None)
    row.fence += 1
    row.token_id, row.endpoint = owner.token_id, browser.endpoint
    row.p256dh, row.auth = browser.p256dh, browser.auth
    row.last_error, row.refusals, row.attempts = None, 0, 0
    row.updated_at = row.next_at = tx.now
    return row


def unsubscribe(tx: Transaction, owner: Owner, subscription_id: uuid.UUID) -> None:
    """Forget a browser."""
    tx.delete(wanted(tx, owner, subscription_id))


def test(tx: Transaction, owner: Owner, subscription_id: uuid.UUID) -> PushSubscription:
    """Have a browser told, now and whatever the hour, that it is reached."""
    row = wanted(tx, owner, subscription_id)
    row.token_id, row.test_at, row.last_error = owner.token_id, tx.now, None
    if row.telling_to is None:
        row.next_at = tx.now
    return row


def own(tx: Transaction, owner: Owner) -> Sequence[PushSubscription]:
    """Return a person's browsers, the oldest first."""
    mine = PushSubscription.person_id == owner.person_id
    return tx.scalars(_here(tx).where(mine).order_by(PushSubscription.id)).all()


def own_at(tx: Transaction, owner: Owner, endpoint: str) -> PushSubscription | None:
    """Return the person's browser at an endpoint, or None."""
    row = _at(tx, endpoint)
    return row if row and row.person_id == owner.person_id else None


def wanted(tx: Transaction, owner: Owner, subscription_id: uuid.UUID) -> PushSubscription:
    """Lock and return one of a person's own, or raise NotFound."""
    row = tx.find(PushSubscription, subscription_id, lock=True)
    if row is None or row.person_id != owner.person_id:
        raise NotFound(
            "There is no push subscription with this id here.", field="pushSubscriptionId"
        )
    return row


def _one_at_a_time(tx: Transaction, endpoint: str) -> None:
    """Hold, to the end of the transaction, what two windows of one browser would meet in."""
    name = f"{tx.workspace_id}/push/{endpoint}"
    tx.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(name, 0))))


def _new(tx: Transaction, browser: Browser) -> PushSubscription:
    return tx.insert(
        PushSubscription,
        id=new_id(),
        endpoint=browser.endpoint,
        cursor=events.newest(tx),
        created_at=tx.now,
    )


def _wished(tx: Transaction, wishes: Wishes) -> dict[str, Any]:
    """Return the wishes as a row holds them; Refused names the field at fault."""
    hours = quiet.checked(*wishes.quiet_hours) if wishes.quiet_hours else (None, None)
    return {
        "kinds": [kind.value for kind in PushKind if kind in wishes.kinds],
        "quiet_start": hours[0],
        "quiet_end": hours[1],
        "timezone": zone_name(wishes.timezone or here(tx).timezone),
        "label": optional(wishes.label, "label", longest=100),
    }


def _change(tx: Transaction, row: PushSubscription, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.updated_at = tx.now
    # Who opens the dashboard often does not have a service that always refuses asked often.
    if row.telling_to is None and not row.refusals:
        row.next_at = tx.now


def _refuse_more(tx: Transaction, owner: Owner) -> None:
    if len(own(tx, owner)) >= MOST:
        raise Refused(
            f"You are told in {MOST} browsers, which is the most: unsubscribe one first.",
            code="TOO_MANY",
            field="endpoint",
        )


def _at(tx: Transaction, endpoint: str, *, lock: bool = False) -> PushSubscription | None:
    query = _here(tx).where(PushSubscription.endpoint == endpoint)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return tx.scalars(query).one_or_none()


def _here(tx: Transaction) -> sa.Select[PushSubscription]:
    return sa.select(PushSubscription).where(PushSubscription.workspace_id == tx.workspace_id)
