"""Envelope: a draft as the transport gets it, fixed before the first try.

A retry sends the stored envelope: were the sender's address changed meanwhile,
the same key would stand for two different mails.
"""

import hashlib
from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from runtime.crm import workspaces
from runtime.db import Transaction
from runtime.mail import footer, markup, threads, tokens
from runtime.models import Draft, SentEmail
from runtime.settings import Settings


def carrier(settings: Settings) -> str:
    """Return who carries the mail, without telling the key: provider, address and account.

    Idempotency keys are known to the account that they were used in, and to no other.
    """
    key = settings.resend_api_key
    account = f"{settings.resend_api_url} {key.get_secret_value()}" if key else ""
    return hashlib.sha256(f"{settings.transport} {account}".encode()).hexdigest()[:16]


def sender_name(tx: Transaction, settings: Settings) -> str:
    """Return who the mails come from, by name."""
    return parseaddr(settings.email_from)[0] or workspaces.here(tx).name


def envelope(tx: Transaction, draft: Draft, settings: Settings) -> dict[str, Any]:
    """Return sender, recipient, text, page and headers; plain JSON."""
    whole = letter(tx, draft, settings)
    return whole | {"headers": whole["headers"] | threads.headers(tx, draft)}


def letter(tx: Transaction, draft: Draft, settings: Settings) -> dict[str, Any]:
    """Return an envelope as its reader sees it, whichever mails it answers."""
    link = _link(tx, draft, settings)
    lines = footer.lines(
        link=link, sender=sender_name(tx, settings), address=settings.postal_address
    )
    words = footer.without(draft.body)
    return {
        "sender": settings.email_from,
        "to": draft.to,
        "subject": draft.subject,
        "text": footer.under(words, lines),
        "html": markup.page(words, lines),
        "reply_to": _reply_to(tx, draft, settings),
        "headers": _unsubscribe(tx, draft, settings, link),
        # Tags come back with the provider's webhooks and find the mail again.
        "tags": {
            "draft": str(draft.id),
            "task": str(draft.task_id),
            "workspace": str(draft.workspace_id),
        },
    }


def previews(
    tx: Transaction, ids: Sequence[object], settings: Settings
) -> dict[object, dict[str, Any]]:
    """Return, by draft, the letter that left or is on its way, else the one that would leave."""
    rows = tx.execute(
        sa.select(Draft, SentEmail.envelope)
        .outerjoin(
            SentEmail,
            sa.and_(
                SentEmail.workspace_id == Draft.workspace_id,
                SentEmail.draft_id == Draft.id,
                SentEmail.envelope.is_not(None),
            ),
        )
        .where(Draft.workspace_id == tx.workspace_id, Draft.id.in_(ids))
    )
    return {draft.id: stored or letter(tx, draft, settings) for draft, stored in rows}


def _link(tx: Transaction, draft: Draft, settings: Settings) -> str | None:
    if settings.public_url is None:
        return None
    return f"{settings.public_url}/unsubscribe/{tokens.token(tx, draft.id, tokens.UNSUBSCRIBE)}"


def _reply_to(tx: Transaction, draft: Draft, settings: Settings) -> str | None:
    """Return where answers go; at the domain that receives, each mail has its own address."""
    domain = settings.email_reply_domain
    if domain is None:
        return settings.email_reply_to
    return f"reply+{tokens.token(tx, draft.id, tokens.REPLY)}@{domain}"


def _unsubscribe(
    tx: Transaction, draft: Draft, settings: Settings, link: str | None
) -> dict[str, str]:
    domain = settings.email_reply_domain
    if domain is None:
        to = parseaddr(settings.email_reply_to or settings.email_from)[1]
    else:
        to = f"unsubscribe+{tokens.token(tx, draft.id, tokens.UNSUBSCRIBE)}@{domain}"
    mailto = f"<mailto:{quote(to, safe='@+')}?subject=unsubscribe>"
    if link is None:
        return {"List-Unsubscribe": mailto}
    return {
        "List-Unsubscribe": f"<{link}>, {mailto}",
        # RFC 8058: the reader's mail program posts to the link, without asking the page.
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
