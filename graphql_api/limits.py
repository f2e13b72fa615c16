"""Limits: how much one caller may ask for at once.

Every number that a stranger could push against stands here, so that an operator
reads them in one place and a test can hold each one.
"""

from typing import Final

BODY_BYTES: Final = 8 * 1024 * 1024
"""A contacts file of 5 MB is 6.7 MB in base64; nothing else comes near."""
BODY_SECONDS: Final = 30.0
"""How long a body may take to arrive."""
WEBHOOK_BYTES: Final = 256 * 1024
"""One webhook; Resend's hold a few thousand, and it is read before anybody is known."""
FORM_BYTES: Final = 4 * 1024
"""The form of our unsubscribe page, or what a mail program sends there; both hold one field."""
SOCKET_MESSAGE_BYTES: Final = 256 * 1024
"""One WebSocket message; imports go over HTTP."""

QUERY_CHARS: Final = 32_000
TOKENS: Final = 2_000
COMMENTS: Final = 200
OPERATIONS: Final = 10
FRAGMENTS: Final = 50
NESTING: Final = 40
"""Selection sets inside each other, fragments counted; keeps the walk off the stack's end."""

DEPTH: Final = 16
"""The standard introspection query with nine ``ofType`` is 14 deep."""
ALIASES: Final = 50
FIELDS: Final = 1_000
REPEATS: Final = 20
"""One name in one selection; validation compares each with each."""
DIRECTIVES: Final = 20
COST: Final = 30_000
"""Values in one answer; a page of 100 tasks with 20 fields each and their follow-ups fits."""
INTROSPECTION_COST: Final = 60_000
"""The standard introspection query costs half of it."""
LIST_WEIGHT: Final = 10
"""What a plain list counts for: versions of a draft, follow-ups of a task, checks of a receipt."""
LONG_LISTS: Final = {"InsightDay": 366}
"""What lists of these types count for, as they are known to be longer."""

PAGE: Final = 25
PAGE_MAX: Final = 100
HOURS: Final = 24
HOURS_MAX: Final = 100
"""Hours that are told one by one; each counts like a row of a page."""
ERRORS: Final = 5
"""Errors told in one answer."""
ERROR_CHARS: Final = 500
EXPORT_BATCH: Final = 500
"""Rows of an export that are read at once, and held in memory; between two nothing is held."""

INIT_SECONDS: Final = 10.0
"""How long a socket may stay silent before ``connection_init``."""
SUBSCRIPTIONS_PER_SOCKET: Final = 50
RECHECK_SECONDS: Final = 15.0
"""How often an open socket's token is looked at again."""
