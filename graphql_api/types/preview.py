"""Preview: a mail as its reader gets it."""

from typing import Any, Self

import strawberry

from graphql_api.sdl import output


@output
class MailPreview:
    """Exactly what leaves, footer and links included: what its reader will see.

    html: null for a mail that a former release sent as text alone.
    """

    subject: str
    text: str
    html: str | None
    from_: str = strawberry.field(name="from")
    reply_to: str | None

    @classmethod
    def of(cls, letter: dict[str, Any]) -> Self:
        """Show a letter."""
        return cls(
            subject=letter["subject"],
            text=letter["text"],
            html=letter.get("html"),
            from_=letter["sender"],
            reply_to=letter["reply_to"],
        )
