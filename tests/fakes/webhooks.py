"""Resend's side of a webhook: bodies as it writes them, signed by Svix's own library."""

import base64
import uuid
from datetime import datetime
from typing import Any

import orjson
from svix.webhooks import Webhook

from runtime.models import SentEmail

SECRET = "whsec_" + base64.b64encode(b"a signing secret of some length").decode()
OTHER_SECRET = "whsec_" + base64.b64encode(b"another secret of the same length").decode()


def body(
    mail: SentEmail, type_: str, *, at: datetime, message_id: str | None = None, **data: Any
) -> bytes:
    """Return what Resend says about a mail; ``data`` adds to its part of that name."""
    return orjson.dumps(
        {
            "type": type_,
            "created_at": at.isoformat(),
            "data": {
                "email_id": message_id or mail.provider_message_id or f"re-{mail.id}",
                "created_at": mail.created_at.isoformat(sep=" "),
                "from": "Rapport <rapport@example.com>",
                "to": [mail.to],
                "subject": mail.subject,
                "tags": {
                    "draft": str(mail.draft_id),
                    "task": str(mail.task_id),
                    "workspace": str(mail.workspace_id),
                },
            }
            | data,
        }
    )


def received(mail: dict[str, Any], *, at: datetime, **data: Any) -> bytes:
    """Return how Resend announces a mail that came in: no text, no headers."""
    fields = ("from", "to", "cc", "bcc", "received_for", "message_id", "subject", "attachments")
    told = {"email_id": mail["id"], "created_at": mail["created_at"]}
    told |= {name: mail[name] for name in fields}
    return orjson.dumps(
        {"type": "email.received", "created_at": at.isoformat(), "data": told | data}
    )


def bounce(kind: str) -> dict[str, Any]:
    """Return the part of a report that says how a mail bounced."""
    return {
        "bounce": {
            "type": kind,
            "subType": "General",
            "message": "The mailbox does not take it.",
            "diagnosticCode": ["smtp; 550 5.1.1 no such user"],
        }
    }


def signed(
    raw: bytes, *, at: datetime, id_: str | None = None, secret: str = SECRET
) -> dict[str, str]:
    """Return the headers that Svix would send with a body."""
    id_ = id_ or f"msg_{uuid.uuid4()}"
    return {
        "content-type": "application/json",
        "svix-id": id_,
        "svix-timestamp": str(int(at.timestamp())),
        "svix-signature": Webhook(secret).sign(id_, at, raw.decode()),
    }
