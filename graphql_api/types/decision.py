"""Decision: what a person should know before deciding on a draft."""

from graphql_api.scalars import Duration
from graphql_api.sdl import output
from graphql_api.types.enums import StaleCode


@output
class StaleReason:
    """One thing that happened since a pending draft was written, and that its writer did not know.

    SETTINGS_CHANGED goes with the present fingerprint; the others must be acknowledged.
    """

    code: StaleCode
    detail: str


@output
class DraftFollowUpSettings:
    """The follow-up settings that the approval of a first mail stands for.

    waits: one for each follow-up; null if an older release did not keep them.
    """

    version: int
    waits: list[Duration] | None
