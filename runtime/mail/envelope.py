"""Envelope: a draft as the transport gets it, fixed before the first try.

A retry sends the stored envelope: were the sender's address changed meanwhile,
the same key would stand for two different mails.
"""

import hashlib
from email.utils import parseaddr
from typing import Any

from runtime.models import Draft
from runtime.settings import Settings


def carrier(settings: Settings) -> str:
    """Return who carries the mail, without telling the key: provider, address and account.

    Idempotency keys are known to the account that they were used in, and to no other.
    """
    key = settings.resend_api_key
    account = f"{settings.resend_api_url} {key.get_secret_value()}" if key else ""
    return hashlib.sha256(f"{settings.transport} {account}".encode()).hexdigest()[:16]


def envelope(draft: Draft, settings: Settings) -> dict[str, Any]:
    """Return sender, recipient, text and headers; plain JSON."""
    answers_go_to = settings.email_reply_to or parseaddr(settings.email_from)[1]
    return {
        "sender": settings.email_from,
        "to": draft.to,
        "subject": draft.subject,
        "text": draft.body,
        "reply_to": settings.email_reply_to,
        "headers": {"List-Unsubscribe": f"<mailto:{answers_go_to}?subject=unsubscribe>"},
        # Tags come back with the provider's webhooks and find the mail again.
        "tags": {
            "draft": str(draft.id),
            "task": str(draft.task_id),
            "workspace": str(draft.workspace_id),
        },
    }
