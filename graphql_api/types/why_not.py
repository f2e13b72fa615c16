"""Why not: one thing that keeps a mail from leaving."""

from datetime import datetime

from graphql_api.sdl import output


@output
class WhyNot:
    """One thing that keeps a mail from leaving.

    until: when it ends by itself; remedy: what a person can do about it.
    """

    rule: str
    detail: str
    until: datetime | None
    remedy: str | None
